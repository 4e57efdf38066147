#include "ledger/log_store.h"

#include <fmt/format.h>

#include "ledger/transaction.h"

namespace chancery::ledger {

using storage::Family;

namespace {

/// Half of the id finds the entry; the entry then shows whether it is the whole id.
constexpr std::size_t kIndexKeyBytes = 16;

Bytes tile_key(std::uint32_t level, std::uint64_t index) {
  Bytes key{static_cast<std::uint8_t>(level)};
  append_u64_be(key, index);
  return key;
}

template <class Message>
Result<Message> decode(BytesView bytes, std::string_view what) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(Reason::kCorrupt, fmt::format("{} in the store cannot be decoded", what));
  }
  return message;
}

}  // namespace

Result<Bytes> LogStore::full_tile(std::uint32_t level, std::uint64_t index) const {
  ASSIGN_OR_RETURN(auto tile, store_.get(Family::kTiles, tile_key(level, index)));
  if (!tile) return fail(Reason::kNotFound, fmt::format("no full tile {} at level {}", index, level));
  return std::move(*tile);
}

Result<Bytes> LogStore::entry_bytes(std::uint64_t leaf_index) const {
  ASSIGN_OR_RETURN(auto bytes, store_.get(Family::kEntries, u64_be(leaf_index)));
  if (!bytes) return fail(Reason::kNotFound, fmt::format("no entry {}", leaf_index));
  return std::move(*bytes);
}

Result<wire::Entry> LogStore::entry(std::uint64_t leaf_index) const {
  ASSIGN_OR_RETURN(const Bytes bytes, entry_bytes(leaf_index));
  return decode<wire::Entry>(bytes, "an entry");
}

Result<std::vector<Bytes>> LogStore::entries(std::uint64_t first, std::uint64_t count) const {
  std::vector<Bytes> out;
  if (count == 0) return out;
  TRY(store_.scan(Family::kEntries, u64_be(first), [&](BytesView key, BytesView value) {
    if (read_u64_be(key) != first + out.size()) return false;
    out.push_back(to_bytes(value));
    return out.size() < count;
  }));
  if (out.size() != count) return fail(Reason::kNotFound, fmt::format("no entry {}", first + out.size()));
  return out;
}

Result<std::optional<std::uint64_t>> LogStore::find(const Digest& id, crypto::HashAlgorithm hash) const {
  ASSIGN_OR_RETURN(const auto place, store_.get(Family::kTransactionIndex, BytesView(id).first(kIndexKeyBytes)));
  if (!place) return std::nullopt;
  if (place->size() != 8) return fail(Reason::kCorrupt, "the transaction index holds a malformed place");
  const std::uint64_t leaf_index = read_u64_be(*place);
  ASSIGN_OR_RETURN(const wire::Entry found, entry(leaf_index));
  ASSIGN_OR_RETURN(const auto envelope, decode<wire::Transaction>(as_bytes(found.transaction()), "a transaction"));
  if (transaction_id(hash, as_bytes(envelope.body())) != id) return std::nullopt;
  return leaf_index;
}

Result<wire::StoredBlock> LogStore::block(std::uint64_t height) const {
  ASSIGN_OR_RETURN(const auto bytes, store_.get(Family::kBlocks, u64_be(height)));
  if (!bytes) return fail(Reason::kNotFound, fmt::format("no block {}", height));
  return decode<wire::StoredBlock>(*bytes, "a block");
}

Result<std::vector<wire::BlockHeader>> LogStore::window(const wire::BlockHeader& last, std::int64_t window_ms) const {
  std::vector<wire::BlockHeader> out{last};
  while (out.back().height() > 1 && out.back().time_ms() + window_ms >= last.time_ms()) {
    ASSIGN_OR_RETURN(const auto earlier, block(out.back().height() - 1));
    out.push_back(earlier.header());
  }
  return out;
}

Result<std::optional<wire::StoredBlock>> LogStore::last_block() const {
  std::optional<Result<wire::StoredBlock>> found;
  TRY(store_.scan_back(Family::kBlocks, [&](BytesView, BytesView value) {
    found = decode<wire::StoredBlock>(value, "a block");
    return false;
  }));
  if (!found) return std::nullopt;
  if (!*found) return std::unexpected(found->error());
  return std::move(**found);
}

void LogStore::append(const ExecutedBlock& block, const std::string& checkpoint_note, storage::WriteBatch& batch) {
  std::uint64_t leaf_index = block.header.first_leaf();
  for (std::size_t i = 0; i < block.entries.size(); ++i, ++leaf_index) {
    put_entry(leaf_index, block.ids[i], block.entries[i], batch);
  }
  for (const merkle::Tile& tile : block.tiles) put_tile(tile, batch);
  for (const IdempotencyRow& row : block.idempotency) batch.put(Family::kIdempotency, row.key, row.value);
  wire::StoredBlock stored;
  *stored.mutable_header() = block.header;
  stored.set_block_hash(block.block_hash.data(), block.block_hash.size());
  stored.set_checkpoint(checkpoint_note);
  replace_block(stored, batch);
}

void LogStore::put_entry(std::uint64_t leaf_index, const Digest& transaction_id, BytesView entry,
                         storage::WriteBatch& batch) {
  const auto place = u64_be(leaf_index);
  batch.put(Family::kEntries, place, entry);
  batch.put(Family::kTransactionIndex, BytesView(transaction_id).first(kIndexKeyBytes), place);
}

void LogStore::put_tile(const merkle::Tile& tile, storage::WriteBatch& batch) {
  batch.put(Family::kTiles, tile_key(tile.level, tile.index), tile.hashes);
}

void LogStore::replace_block(const wire::StoredBlock& block, storage::WriteBatch& batch) {
  batch.put(Family::kBlocks, u64_be(block.header().height()), as_bytes(block.SerializeAsString()));
}

}  // namespace chancery::ledger
