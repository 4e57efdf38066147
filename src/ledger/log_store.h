#pragma once
// The log as the store keeps it: entries, their places by transaction id, blocks, tiles of the history tree.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger.pb.h"
#include "ledger/executed_block.h"
#include "merkle/history_tree.h"
#include "storage/store.h"

namespace chancery::ledger {

class LogStore final : public merkle::TileSource {
 public:
  explicit LogStore(const storage::Store& store) : store_(store) {}

  Result<Bytes> full_tile(std::uint32_t level, std::uint64_t index) const override;

  /// kNotFound beyond the log.
  Result<Bytes> entry_bytes(std::uint64_t leaf_index) const;
  Result<wire::Entry> entry(std::uint64_t leaf_index) const;
  /// The raw entries [first, first + count); kNotFound when the log ends before.
  Result<std::vector<Bytes>> entries(std::uint64_t first, std::uint64_t count) const;
  /// Where the transaction is, if it is in the log. Compares the whole id with that of the entry.
  Result<std::optional<std::uint64_t>> find(const Digest& id, crypto::HashAlgorithm hash) const;
  /// kNotFound when there is no such block.
  Result<wire::StoredBlock> block(std::uint64_t height) const;
  /// The headers of all blocks whose transactions could be sent again at the time of `last`, which comes first, and of
  /// the one before them: what the replay window is made of.
  Result<std::vector<wire::BlockHeader>> window(const wire::BlockHeader& last, std::int64_t window_ms) const;
  /// Empty in a new store.
  Result<std::optional<wire::StoredBlock>> last_block() const;

  /// All that a block adds to the log.
  static void append(const ExecutedBlock& block, const std::string& checkpoint_note, storage::WriteBatch& batch);
  static void put_entry(std::uint64_t leaf_index, const Digest& transaction_id, BytesView entry,
                        storage::WriteBatch& batch);
  static void put_tile(const merkle::Tile& tile, storage::WriteBatch& batch);
  /// The same block with more signatures on its checkpoint.
  static void replace_block(const wire::StoredBlock& block, storage::WriteBatch& batch);

 private:
  const storage::Store& store_;
};

}  // namespace chancery::ledger
