// Reading: records, proofs, receipts, the log and its tiles, at the head or at a height that is still kept. What is
// served as proven is compared with the root that covers it.

#include <fmt/format.h>

#include <algorithm>

#include "ledger/ledger_state.h"
#include "merkle/inclusion.h"
#include "merkle/tiles.h"

namespace chancery::ledger {

namespace {

constexpr std::size_t kKeyCacheEntries = 100'000;

/// Reads of one record at one height; writes are dropped.
class ReadOnlyRecords final : public RecordAccess {
 public:
  ReadOnlyRecords(const VersionedState& state, std::uint64_t height) : state_(state), height_(height) {}

  const Bytes* get(std::string_view raw_key) override {
    auto value = state_.at(height_, raw_key);
    if (!value) {
      if (!error_) error_ = value.error();
      return nullptr;
    }
    if (!*value) return nullptr;
    return &values_.insert_or_assign(std::string(raw_key), std::move(**value)).first->second;
  }
  void put(std::string_view, Bytes) override {}
  void erase(std::string_view) override {}
  const std::optional<Error>& error() const { return error_; }

 private:
  const VersionedState& state_;
  std::uint64_t height_;
  StringMap<Bytes> values_;
  std::optional<Error> error_;
};

}  // namespace

Result<crypto::PublicKey> Ledger::account_key(std::string_view account, const crypto::KeyId& key_id) {
  State& state = *state_;
  std::string name(account);
  name.push_back('\0');
  name.append(as_text(key_id));
  {
    const std::lock_guard lock(state.keys_mutex);
    if (const auto found = state.keys.find(name); found != state.keys.end()) return found->second;
  }
  Result<crypto::PublicKey> key = fail(Reason::kUnknownAccount);
  TRY(with_context("identity", [&](Context& context) { key = state.accounts.known_key(context, account, key_id); }));
  if (key) {
    const std::lock_guard lock(state.keys_mutex);
    if (state.keys.size() >= kKeyCacheEntries) state.keys.clear();
    state.keys.emplace(std::move(name), *key);
  }
  return key;
}

Head Ledger::head() const {
  const std::lock_guard lock(state_->head_mutex);
  return state_->head;
}

const Horizon& Ledger::horizon() const {
  return state_->horizon;
}

Status Ledger::State::require_entry(std::uint64_t leaf_index) const {
  if (leaf_index >= horizon.first_entry) return {};
  return fail(
      Reason::kGone,
      fmt::format("this node joined at block {} and holds entries from {} on: ask one that has been there longer",
                  horizon.joined_height, horizon.first_entry),
      fmt::format("本节点自第 {} 区块加入，只保存第 {} 条起的交易；请向更早的节点查询", horizon.joined_height,
                  horizon.first_entry));
}

Status Ledger::State::require_block(std::uint64_t height) const {
  if (height >= horizon.first_block) return {};
  return fail(
      Reason::kGone,
      fmt::format("this node joined at block {} and holds blocks from {} on: ask one that has been there longer",
                  horizon.joined_height, horizon.first_block),
      fmt::format("本节点自第 {} 区块加入，只保存第 {} 区块起的内容；请向更早的节点查询", horizon.joined_height,
                  horizon.first_block));
}

Result<RecordAt> Ledger::record(std::string_view contract, std::string_view collection, BytesView key,
                                std::uint64_t height) const {
  const std::uint64_t head_height = head().height;
  if (height == 0) height = head_height;
  if (height > head_height) return fail(Reason::kNotFound, fmt::format("there is no block {} yet", height));
  RecordAt out;
  out.height = height;
  ASSIGN_OR_RETURN(out.value, state_->records.at(height, raw_record_key(contract, collection, key)));
  return out;
}

Status Ledger::with_context(std::string_view contract, const std::function<void(Context&)>& read) const {
  const Head now = head();
  TransactionFacts facts;
  facts.network_id = state_->genesis.network_id;
  facts.hash = state_->genesis.suite->hash;
  facts.height = now.height;
  facts.time_ms = now.time_ms;
  ReadOnlyRecords records(state_->records, now.height);
  std::vector<EmittedEvent> events;
  Context context(facts, records, events, 0, contract);
  read(context);
  if (records.error()) return std::unexpected(*records.error());
  return {};
}

Result<Receipt> Ledger::prove_record(std::string_view contract, std::string_view collection, BytesView key,
                                     std::uint64_t height) const {
  Receipt out;
  out.network_id = state_->genesis.network_id;
  const Head now = head();
  if (height == 0 || height == now.height) {
    height = now.height;
    out.checkpoint = now.checkpoint;
  } else {
    if (height < state_->records.oldest_height()) {
      return fail(Reason::kGone, fmt::format("height {} is no longer provable; the oldest is {}", height,
                                             state_->records.oldest_height()));
    }
    ASSIGN_OR_RETURN(const wire::StoredBlock stored, block(height));
    out.checkpoint = stored.checkpoint();
  }
  ASSIGN_OR_RETURN(RecordProof proof, state_->watched(state_->records.prove(
                                          height, {std::string(contract), std::string(collection), to_bytes(key)})));
  out.records.push_back(std::move(proof));
  return out;
}

Result<std::optional<TransactionLookup>> Ledger::find_transaction(const Digest& id) const {
  ASSIGN_OR_RETURN(const auto leaf_index, state_->log.find(id, state_->genesis.suite->hash));
  if (!leaf_index || *leaf_index >= head().tree_size) return std::nullopt;
  ASSIGN_OR_RETURN(wire::Entry found, state_->log.entry(*leaf_index));
  return TransactionLookup{*leaf_index, std::move(found)};
}

Result<wire::Entry> Ledger::entry(std::uint64_t leaf_index) const {
  if (leaf_index >= head().tree_size) return fail(Reason::kNotFound, fmt::format("no entry {}", leaf_index));
  TRY(state_->require_entry(leaf_index));
  return state_->log.entry(leaf_index);
}

Result<Receipt> Ledger::receipt(std::uint64_t leaf_index, std::span<const RecordKey> records) const {
  const Head now = head();
  if (leaf_index >= now.tree_size) return fail(Reason::kNotFound, fmt::format("no entry {}", leaf_index));
  TRY(state_->require_entry(leaf_index));
  Receipt out;
  out.network_id = state_->genesis.network_id;
  out.checkpoint = now.checkpoint;
  out.leaf_index = leaf_index;
  ASSIGN_OR_RETURN(out.entry, state_->log.entry_bytes(leaf_index));
  ASSIGN_OR_RETURN(out.inclusion_proof, state_->history.inclusion_proof(leaf_index, now.tree_size, state_->log));
  // What is served was read back from the disk: it must still be what the checkpoint covers.
  const Digest leaf = merkle::leaf_hash(crypto::HashAlgorithm::kSha256, out.entry);
  if (!merkle::verify_inclusion(crypto::HashAlgorithm::kSha256, leaf, leaf_index, now.tree_size, out.inclusion_proof,
                                now.history_root)) {
    state_->corrupt = true;
    return fail(Reason::kCorrupt, fmt::format("entry {} is not what the history root covers", leaf_index));
  }
  wire::Entry entry;
  wire::Transaction envelope;
  if (!entry.ParseFromArray(out.entry.data(), static_cast<int>(out.entry.size())) ||
      !envelope.ParseFromString(entry.transaction())) {
    return fail(Reason::kCorrupt, fmt::format("entry {} cannot be decoded", leaf_index));
  }
  for (const wire::Signature& signature : envelope.signatures()) {
    crypto::KeyId key_id{};
    std::copy_n(signature.key_id().begin(), std::min(signature.key_id().size(), key_id.size()), key_id.begin());
    Result<crypto::PublicKey> key = fail(Reason::kUnknownKey);
    TRY(with_context(
        "identity", [&](Context& context) { key = state_->accounts.known_key(context, signature.account(), key_id); }));
    if (!key) return std::unexpected(key.error());
    out.signer_keys.push_back(std::move(*key));
  }
  for (const RecordKey& key : records) {
    ASSIGN_OR_RETURN(RecordProof proof, state_->watched(state_->records.prove(now.height, key)));
    out.records.push_back(std::move(proof));
  }
  return out;
}

Result<wire::StoredBlock> Ledger::block(std::uint64_t height) const {
  if (height > head().height) return fail(Reason::kNotFound, fmt::format("there is no block {} yet", height));
  TRY(state_->require_block(height));
  return state_->log.block(height);
}

Result<std::optional<Bytes>> Ledger::idempotency_row(BytesView key) const {
  return state_->store.get(storage::Family::kIdempotency, key);
}

Result<std::uint64_t> Ledger::height_at(std::int64_t time_ms) const {
  if (time_ms < state_->genesis.created_ms) return fail(Reason::kNotFound, "the network did not exist then");
  std::uint64_t low = state_->horizon.first_block;
  std::uint64_t high = head().height;
  ASSIGN_OR_RETURN(const wire::StoredBlock oldest, state_->log.block(low));
  if (time_ms < oldest.header().time_ms()) return std::unexpected(state_->require_block(low - 1).error());
  while (low < high) {
    const std::uint64_t middle = low + (high - low + 1) / 2;
    ASSIGN_OR_RETURN(const wire::StoredBlock stored, state_->log.block(middle));
    if (stored.header().time_ms() <= time_ms) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

Result<Bytes> Ledger::tile(std::string_view path) const {
  const auto tile = merkle::parse_tile_path(path);
  if (!tile) return fail(Reason::kNotFound, "no such tile");
  const std::uint64_t size = head().tree_size;
  if (tile->level) {
    // Number of hashes at this level of tiles: size / 256^level.
    const std::uint64_t at_level = *tile->level < 8 ? size >> (8 * *tile->level) : 0;
    if (tile->index > at_level / merkle::kTileWidth || tile->index * merkle::kTileWidth + tile->width > at_level) {
      return fail(Reason::kNotFound, "the tree does not have this tile yet");
    }
    return state_->not_held_is_gone(state_->history.tile(*tile->level, tile->index, tile->width, state_->log));
  }
  if (tile->index > size / merkle::kTileWidth || tile->index * merkle::kTileWidth + tile->width > size) {
    return fail(Reason::kNotFound, "the tree does not have these entries yet");
  }
  TRY(state_->require_entry(tile->index * merkle::kTileWidth));
  ASSIGN_OR_RETURN(const auto entries, state_->log.entries(tile->index * merkle::kTileWidth, tile->width));
  return merkle::encode_entry_bundle(std::span<const Bytes>(entries));
}

Result<std::vector<Digest>> Ledger::consistency_proof(std::uint64_t old_size, std::uint64_t new_size) const {
  if (new_size > head().tree_size) return fail(Reason::kNotFound, "the log is not that long yet");
  return state_->not_held_is_gone(state_->history.consistency_proof(old_size, new_size, state_->log));
}

std::uint64_t Ledger::record_count() const {
  return state_->records.record_count();
}

}  // namespace chancery::ledger
