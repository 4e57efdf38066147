#pragma once
// The records and the tree over them, at every height that is still provable. Records live in the store as of the last
// durable block; blocks that are younger, and what the last seconds' blocks changed, are in memory.

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/executed_block.h"
#include "ledger/receipt.h"
#include "merkle/state_tree.h"
#include "storage/store.h"

namespace chancery::ledger {

struct StoredRecord {
  std::string raw_key;
  Bytes value;
};
Bytes encode_stored_record(std::string_view raw_key, BytesView value);
Result<StoredRecord> decode_stored_record(BytesView bytes);

class VersionedState {
 public:
  VersionedState(const storage::Store& store, crypto::HashAlgorithm hash, std::size_t cache_entries);

  /// Rebuilds the tree from all stored records, every hash recomputed from the bytes that were read. kCorrupt when a
  /// record lies under a key that is not its hash.
  Result<Digest> load(std::uint64_t height);

  // --- executing thread
  /// The newest record; null when absent. Holds until the next apply(). After a failed read: null, and error() says
  /// why.
  const Bytes* newest(std::string_view raw_key);
  const std::optional<Error>& error() const { return error_; }
  /// Takes the block's changes into the tree; fills by_hash; returns the state root.
  Digest apply(const std::shared_ptr<ExecutedBlock>& block);
  /// Drops versions below `height`, which must be durable.
  void forget_before(std::uint64_t height);

  // --- committing thread
  void append_records(const ExecutedBlock& block, storage::WriteBatch& batch) const;
  void made_durable(std::uint64_t height) { durable_height_ = height; }

  // --- any thread
  std::uint64_t oldest_height() const;
  std::uint64_t record_count() const { return tree_.size(); }
  /// kGone below oldest_height().
  Result<std::optional<StoredRecord>> at(std::uint64_t height, const Digest& key_hash) const;
  Result<std::optional<Bytes>> at(std::uint64_t height, std::string_view raw_key) const;
  /// kCorrupt when the stored bytes are not those that the tree was made of.
  Result<RecordProof> prove(std::uint64_t height, const RecordKey& key) const;
  Result<Digest> root_at(std::uint64_t height) const { return tree_.root_at(height); }
  /// Compares up to `budget` stored records from key hash `from` on with the tree; returns where to go on, empty at the
  /// end. kCorrupt names the record.
  Result<std::optional<Digest>> scrub(const Digest& from, std::uint64_t budget) const;

 private:
  Digest hash_of(std::string_view raw_key) const { return crypto::hash(hash_, as_bytes(raw_key)); }
  const Bytes* remember(std::string_view raw_key, Bytes value);

  const storage::Store& store_;
  const crypto::HashAlgorithm hash_;
  const std::size_t cache_entries_;
  merkle::StateTree tree_;
  std::atomic<std::uint64_t> durable_height_ = 0;

  mutable std::shared_mutex mutex_;  ///< recent_ and oldest_height_, between the executing thread and readers
  std::deque<std::shared_ptr<ExecutedBlock>> recent_;  ///< ascending heights, without gaps
  std::uint64_t oldest_height_ = 0;

  // Executing thread only.
  StringMap<Bytes> cache_;
  std::optional<Error> error_;
};

}  // namespace chancery::ledger
