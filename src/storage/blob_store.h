#pragma once
// Documents and personal data, encrypted, in a directory; never on the chain. Each blob has a fresh data key, wrapped
// to each reader (crypto/envelope.h). Erasing a blob destroys its wrapped key: what backups still hold of the
// ciphertext can't be read again.
//
//   <directory>/<2 hex>/<64 hex of SHA-256 of the id>.blob     see blob_store.cpp for the bytes
//   ....erased                                                 a tombstone: the id, and when
//
// A blob is durable when put returns: written to a temporary name, synced, renamed, and the directory synced.
// Ids are stored in clear: never personal data. Thread-safe, also for the same id.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/key_agreement.h"
#include "crypto/suite.h"

namespace chancery::storage {

inline constexpr std::size_t kMaxBlobBytes = 64U << 20;
inline constexpr std::size_t kMaxBlobIdBytes = 400;
inline constexpr std::size_t kMaxBlobReaders = 64;

struct BlobInput {
  std::string id;
  Bytes plaintext;
};

struct BlobInfo {
  std::string id;
  std::int64_t created_ms = 0;
  std::uint64_t disk_bytes = 0;
};

class BlobStore {
 public:
  /// Creates the directory where there is none and drops temporary files that a crash left.
  static Result<std::unique_ptr<BlobStore>> open(const std::string& directory, const crypto::Suite& suite,
                                                 const Clock& clock, Random& random);
  ~BlobStore();

  /// `readers`: 1 to 64. kAlreadyExists when the id is taken, kGone when it was erased, kTooLarge
  /// and kInvalidValue beyond the limits, kStorageFailed.
  Status put(std::string_view id, BytesView plaintext, std::span<const crypto::ReaderPublicKey> readers);
  /// All durable together when it returns success, for two syncs instead of two a blob; after a failure some may exist.
  Status put_many(std::span<const BlobInput> blobs, std::span<const crypto::ReaderPublicKey> readers);
  /// kNotFound, kGone (erased), kCorrupt (checksum, tag or id), kForbidden (not a reader).
  Result<Bytes> get(std::string_view id, const crypto::ReaderPrivateKey& reader) const;
  bool contains(std::string_view id) const;
  /// Destroys the wrapped keys, then the file; leaves a tombstone so that the id is never taken again. Erasing twice is
  /// success; kNotFound for an id that never was.
  Status erase(std::string_view id);
  /// Removes a blob without tombstone: for data that nothing ever referred to.
  Status discard(std::string_view id);
  /// Visits all blobs that are not erased, in no order, until `visit` returns false. Damaged files are skipped.
  Status for_each(const std::function<bool(const BlobInfo&)>& visit) const;

 private:
  BlobStore();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::storage
