// Writing: blocks are executed, hashed, signed, made durable.

#include "ledger/ledger.h"

#include <algorithm>

#include "base/failpoint.h"
#include "ledger/executor.h"
#include "ledger/ledger_state.h"
#include "merkle/inclusion.h"

namespace chancery::ledger {

namespace {

/// Over the id and the result of every entry, so that the block hash binds all transactions in the suite's own hash.
Digest hash_entries(crypto::HashAlgorithm hash, const ExecutedBlock& block) {
  Bytes list;
  for (const TransactionResult& result : block.results) {
    if (!result.recorded) continue;
    append(list, result.id);
    const std::string_view reason = result.error ? reason_text(result.error->reason).wire_name : std::string_view{};
    list.push_back(static_cast<std::uint8_t>(reason.size()));
    append(list, as_bytes(reason));
  }
  return crypto::domain_hash(hash, "chancery/entries/1", {list});
}

}  // namespace

std::uint64_t height_of(const ExecutedBlock& block) {
  return block.height;
}

Digest hash_header(crypto::HashAlgorithm hash, const wire::BlockHeader& header) {
  return crypto::domain_hash(hash, "chancery/block/1", {as_bytes(header.SerializeAsString())});
}

void Ledger::State::finish(const std::shared_ptr<ExecutedBlock>& block) {
  std::vector<BytesView> views(block->entries.begin(), block->entries.end());
  std::vector<Digest> leaves;
  leaves.reserve(views.size());
  for (const BytesView entry : views) leaves.push_back(merkle::leaf_hash(crypto::HashAlgorithm::kSha256, entry));

  wire::BlockHeader& header = block->header;
  header.set_protocol_version(kProtocolVersion);
  header.set_height(block->height);
  header.set_time_ms(block->time_ms);
  header.set_previous_block_hash(last_executed_hash.data(), last_executed_hash.size());
  header.set_first_leaf(history.size());
  header.set_count(static_cast<std::uint32_t>(block->entries.size()));
  const Digest entries_hash = hash_entries(genesis.suite->hash, *block);
  header.set_entries_hash(entries_hash.data(), entries_hash.size());
  const Digest state_root = records.apply(block);
  header.set_state_root(state_root.data(), state_root.size());
  block->tiles = history.append(leaves);
  const Digest history_root = history.root();
  header.set_history_root(history_root.data(), history_root.size());
  header.set_validators_hash(validators_hash.data(), validators_hash.size());
  block->block_hash = hash_header(genesis.suite->hash, header);

  block->checkpoint = {genesis.origin,      history.size(), history_root,      block->height,  block->time_ms,
                       genesis.suite->hash, state_root,     block->block_hash, validators_hash};
  replays.add_block(block->time_ms, block->ids);
  last_executed = header;
  last_executed_hash = block->block_hash;
  kept.push_back({block->height, block->time_ms});
}

const wire::BlockHeader& header_of(const ExecutedBlock& block) {
  return block.header;
}

void Ledger::State::set_head(const wire::BlockHeader& header, std::string checkpoint) {
  const std::lock_guard lock(head_mutex);
  if (header.height() < head.height) return;
  head = {header.height(),
          header.time_ms(),
          header.first_leaf() + header.count(),
          digest_of(header.state_root()),
          digest_of(header.history_root()),
          std::move(checkpoint)};
}

void Ledger::State::forget_old(std::int64_t now_ms) {
  std::uint64_t head_height = 0;
  {
    const std::lock_guard lock(head_mutex);
    head_height = head.height;
  }
  std::uint64_t keep = 0;
  while (kept.size() > 1 && kept.front().height < head_height && kept[1].time_ms + options.keep_versions_ms < now_ms) {
    kept.pop_front();
  }
  keep = kept.front().height;
  if (keep <= head_height) records.forget_before(keep);
}

const Genesis& Ledger::genesis() const {
  return state_->genesis;
}

std::int64_t Ledger::next_block_time_ms(std::int64_t now_ms) const {
  return std::max(now_ms, state_->last_executed.time_ms() + 1);
}

Result<std::shared_ptr<ExecutedBlock>> Ledger::execute(std::int64_t time_ms,
                                                       const std::vector<OrderedTransaction>& transactions) {
  State& state = *state_;
  if (time_ms <= state.last_executed.time_ms()) {
    return fail(Reason::kInvalidValue, "block time must ascend");
  }
  auto block = std::make_shared<ExecutedBlock>();
  block->height = state.last_executed.height() + 1;
  block->time_ms = time_ms;
  block->results.reserve(transactions.size());
  const Executor executor(state.genesis, state.contracts, state.accounts, state.replays);
  const TransactionRecords::Below below = [&state](std::string_view raw_key) { return state.records.newest(raw_key); };
  executor.run(*block, state.history.size(), transactions, below);
  if (state.records.error()) return std::unexpected(*state.records.error());
  if (failpoint::visit("ledger.after_execute")) return fail(Reason::kStorageFailed, "failpoint ledger.after_execute");
  state.finish(block);
  state.forget_old(time_ms);
  return block;
}

Status Ledger::State::write(ExecutedBlock& block) {
  if (corrupt) return fail(Reason::kCorrupt, "stored data did not match its hash: nothing is signed any more");
  ASSIGN_OR_RETURN(std::string note, signer.sign(block.checkpoint));
  storage::WriteBatch batch(store);
  records.append_records(block, batch);
  LogStore::append(block, note, batch);
  TRY(store.write(batch));
  signer.made_durable(block.checkpoint);
  records.made_durable(block.height);
  history.release_completed_tiles(block.header.first_leaf() + block.header.count());
  return publish(block.header, block.block_hash, note);
}

Result<BlockResult> Ledger::commit(const std::shared_ptr<ExecutedBlock>& block) {
  TRY(state_->write(*block));
  // What only the write needed; readers of older versions use `changed` alone.
  block->entries = {};
  block->ids = {};
  block->tiles = {};
  block->idempotency = {};
  return BlockResult{block->height, block->time_ms, std::move(block->results)};
}

}  // namespace chancery::ledger
