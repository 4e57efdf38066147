// Opening: from the genesis, or from a store, every root recomputed from what is read back.

#include <fmt/format.h>

#include <algorithm>

#include "ledger/executor.h"
#include "ledger/ledger_state.h"
#include "ledger/store_format.h"
#include "merkle/inclusion.h"
#include "merkle/signed_note.h"

namespace chancery::ledger {

Ledger::Ledger() = default;
Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::open(storage::Store& store, const Genesis& genesis,
                                             std::vector<const Contract*> contracts, const AccountKeys& accounts,
                                             CheckpointSigner& signer, const LedgerOptions& options) {
  std::unique_ptr<Ledger> ledger(new Ledger());
  ledger->state_ = std::make_unique<State>(store, genesis, std::move(contracts), accounts, signer, options);
  State& state = *ledger->state_;
  state.validators_hash = genesis.validators_hash();
  ASSIGN_OR_RETURN(const auto network, store.get(storage::Family::kMeta, as_bytes(kNetworkKey)));
  if (network && to_digest(*network) != genesis.network_id) {
    return fail(Reason::kWrongNetwork, "the store belongs to network " + to_hex(*network));
  }
  ASSIGN_OR_RETURN(const auto last, state.log.last_block());
  if (last.has_value() != network.has_value()) return fail(Reason::kCorrupt, "the store has lost its blocks");
  if (last) {
    TRY(state.open_existing(*last));
  } else {
    TRY(state.create());
  }
  return ledger;
}

Status Ledger::State::create() {
  ASSIGN_OR_RETURN(const Digest empty, records.load(0));
  if (empty != Digest{}) return fail(Reason::kCorrupt, "the store has records but no block");
  auto block = std::make_shared<ExecutedBlock>();
  block->height = 1;
  block->time_ms = genesis.created_ms;
  const TransactionRecords::Below below = [](std::string_view) { return static_cast<const Bytes*>(nullptr); };
  TransactionRecords access(block->changed, below);
  TransactionFacts facts;
  facts.network_id = genesis.network_id;
  facts.hash = genesis.suite->hash;
  facts.height = block->height;
  facts.time_ms = block->time_ms;
  std::vector<EmittedEvent> events;
  for (const auto& item : genesis.contracts.items()) {
    if (find_contract(contracts, item.key()) != nullptr) continue;
    return fail(Reason::kUnknownContract, "the genesis configures contract " + item.key());
  }
  for (const Contract* contract : contracts) {  // in this order: later ones ask the records of earlier ones
    const auto section = genesis.contracts.find(contract->name());
    if (section == genesis.contracts.end()) continue;
    Context context(facts, access, events, 0, contract->name());
    TRY(contract->genesis(context, *section));
  }
  for (const Contract* contract : contracts) {
    if (!genesis.contracts.contains(contract->name())) continue;
    Context context(facts, access, events, 0, contract->name());
    TRY(contract->begin_network(context, genesis.document));
  }
  access.keep();
  finish(block);
  storage::WriteBatch meta(store);
  ASSIGN_OR_RETURN(const std::string note, signer.sign(block->checkpoint));
  meta.put(storage::Family::kMeta, as_bytes(kFormatKey), as_bytes(kFormat));
  meta.put(storage::Family::kMeta, as_bytes(kNetworkKey), genesis.network_id);
  records.append_records(*block, meta);
  LogStore::append(*block, note, meta);
  TRY(store.write(meta));
  signer.made_durable(block->checkpoint);
  records.made_durable(block->height);
  // Every node makes the first block from the genesis by itself, so it needs nobody's signature to be read.
  set_head(block->header, note);
  return publish(block->header, block->block_hash, note);
}

Status Ledger::State::open_existing(const wire::StoredBlock& last) {
  const wire::BlockHeader& header = last.header();
  ASSIGN_OR_RETURN(const auto past, store.get(storage::Family::kMeta, as_bytes(kHorizonKey)));
  if (past) {
    ASSIGN_OR_RETURN(horizon, decode_horizon(*past));
    scrub_entry = horizon.first_entry;
  }
  const auto note = merkle::parse_note(last.checkpoint());
  const auto checkpoint = note ? merkle::parse_checkpoint(note->text) : std::unexpected(note.error());
  last_executed = header;
  last_executed_hash = hash_header(genesis.suite->hash, header);
  if (last_executed_hash != digest_of(last.block_hash()) || !checkpoint ||
      checkpoint->block_hash != last_executed_hash || checkpoint->state_root != digest_of(header.state_root()) ||
      checkpoint->root != digest_of(header.history_root()) || checkpoint->height != header.height()) {
    return fail(Reason::kCorrupt, "the last block, its hash and its checkpoint don't agree");
  }
  TRY(signer.accept_stored(*checkpoint));
  ASSIGN_OR_RETURN(const Digest root, records.load(header.height()));
  if (root != checkpoint->state_root) {
    return fail(Reason::kCorrupt, fmt::format("the records give state root {}, the checkpoint of block {} says {}",
                                              to_hex(root), header.height(), to_hex(checkpoint->state_root)));
  }
  TRY(restore_history(header));
  TRY(restore_replays(last));
  kept.push_back({header.height(), header.time_ms()});
  // Readers need a head at once; until the missing signatures come its receipts carry those that there are.
  set_head(header, last.checkpoint());
  return publish(header, last_executed_hash, last.checkpoint());
}

Status Ledger::State::restore_history(const wire::BlockHeader& header) {
  const std::uint64_t size = header.first_leaf() + header.count();
  const std::uint64_t partial = size % merkle::kTileWidth;
  ASSIGN_OR_RETURN(const auto entries, log.entries(size - partial, partial));
  std::vector<Digest> leaves;
  for (const Bytes& entry : entries) leaves.push_back(merkle::leaf_hash(crypto::HashAlgorithm::kSha256, entry));
  ASSIGN_OR_RETURN(history, merkle::HistoryTree::restore(size, log, leaves));
  if (history.root() != digest_of(header.history_root())) {
    return fail(Reason::kCorrupt,
                fmt::format("the log's tiles don't give the history root of block {}", header.height()));
  }
  return {};
}

Status Ledger::State::restore_replays(const wire::StoredBlock& last) {
  ASSIGN_OR_RETURN(const auto window, log.window(last.header(), genesis.parameters.window_ms));
  constexpr std::uint64_t kChunk = 4'096;
  for (auto header = window.rbegin(); header != window.rend(); ++header) {
    std::vector<Digest> ids(header->count());
    for (std::uint64_t done = 0; done < header->count(); done += kChunk) {
      const std::uint64_t count = std::min<std::uint64_t>(kChunk, header->count() - done);
      ASSIGN_OR_RETURN(const auto entries, log.entries(header->first_leaf() + done, count));
      std::vector<wire::Transaction> envelopes(count);
      std::vector<BytesView> bodies;
      wire::Entry entry;
      for (std::uint64_t i = 0; i < count; ++i) {
        if (!entry.ParseFromArray(entries[i].data(), static_cast<int>(entries[i].size())) ||
            !envelopes[i].ParseFromString(entry.transaction())) {
          return fail(Reason::kCorrupt, fmt::format("entry {} cannot be decoded", header->first_leaf() + done + i));
        }
        bodies.push_back(as_bytes(envelopes[i].body()));
      }
      crypto::hash_batch(genesis.suite->hash, bodies, std::span(ids).subspan(done, count));
    }
    replays.add_block(header->time_ms(), std::move(ids));
  }
  return {};
}

std::function<Status(const storage::Store&)> holds_all_that_was_signed(CheckpointSigner& signer) {
  return [&signer](const storage::Store& store) -> Status {
    ASSIGN_OR_RETURN(const auto last, LogStore(store).last_block());
    if (!last) return signer.accept_stored({});
    const auto note = merkle::parse_note(last->checkpoint());
    const auto checkpoint = note ? merkle::parse_checkpoint(note->text) : std::unexpected(note.error());
    if (!checkpoint) return std::unexpected(checkpoint.error());
    return signer.accept_stored(*checkpoint);
  };
}

}  // namespace chancery::ledger
