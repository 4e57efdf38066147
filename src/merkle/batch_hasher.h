#pragma once
// Hashes tree nodes many at a time, so that SM3 fills its 16 lanes.

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "merkle/leaf_buckets.h"

namespace chancery::merkle {

/// Pre-images of 65 bytes (tag, two digests), queued and hashed in batches. Used by one thread.
class BatchHasher {
 public:
  explicit BatchHasher(crypto::HashAlgorithm algorithm);

  static constexpr std::uint8_t kLeafTag = 0, kInnerTag = 1;

  /// *out = H(tag | first | second), at the next flush() at the latest. `out` must stay in place until then.
  void add(std::uint8_t tag, const Digest& first, const Digest& second, Digest* out);
  void flush();

  crypto::HashAlgorithm algorithm() const { return algorithm_; }

 private:
  static constexpr std::size_t kBatch = 256;
  static constexpr std::size_t kPreimageBytes = 65;

  crypto::HashAlgorithm algorithm_;
  std::size_t queued_ = 0;
  std::vector<std::uint8_t> preimages_;
  std::vector<BytesView> views_;
  std::vector<Digest> digests_;
  std::vector<Digest*> outs_;
};

/// Computes the hashes of many compact subtrees from their sorted leaves, all of them side by side.
class SubtreeBatch {
 public:
  /// Names a node of the batch; 0 is the empty subtree.
  using Ref = std::uint32_t;

  explicit SubtreeBatch(BatchHasher& hasher);

  /// The subtree of these leaves, which share their first `depth` bits.
  Ref add(std::span<const LeafEntry> leaves, std::uint32_t depth);
  /// After this, digest() is right for every Ref.
  void run();
  const Digest& digest(Ref ref) const { return digests_[ref]; }
  void clear();

 private:
  struct Job {
    Ref left, right, out;
  };
  Ref add_leaf(const LeafEntry& leaf);
  Ref add_inner(Ref left, Ref right);

  BatchHasher& hasher_;
  std::vector<Digest> digests_;
  std::vector<std::uint16_t> ranks_;    ///< 0 for leaves, else 1 + the higher child's.
  std::vector<std::vector<Job>> jobs_;  ///< By rank - 1.
};

}  // namespace chancery::merkle
