// Gathering the validators' signatures of a checkpoint: when a durable block becomes the head.

#include <fmt/format.h>

#include "ledger/ledger.h"
#include "ledger/ledger_state.h"

namespace chancery::ledger {

namespace {
/// Blocks below the head that still take late signatures, so that older versions stay provable.
constexpr std::size_t kLateBlocks = 256;
}  // namespace

Status Ledger::State::publish(const wire::BlockHeader& header, const Digest& block_hash, const std::string& note) {
  ASSIGN_OR_RETURN(Cosigning cosigning, Cosigning::of_own(note, genesis.validators));
  const bool is_final = cosigning.is_final();
  {
    const std::lock_guard lock(head_mutex);
    durable = header;
    if (genesis.validators.size() > 1) {
      gathering.insert_or_assign(header.height(), Gathering{header, block_hash, std::move(cosigning)});
    }
  }
  if (is_final) set_head(header, note);
  return {};
}

Result<bool> Ledger::State::cosign(std::uint64_t height, const std::vector<merkle::NoteSignature>& lines) {
  std::unique_lock lock(head_mutex);
  const auto found = gathering.find(height);
  if (found == gathering.end()) {
    if (height > durable.height()) return fail(Reason::kNotFound, fmt::format("block {} is not here yet", height));
    return false;
  }
  Gathering& block = found->second;
  bool changed = false;
  for (const merkle::NoteSignature& line : lines) {
    ASSIGN_OR_RETURN(const bool is_new, block.cosigning.add(line));
    changed = changed || is_new;
  }
  if (!changed || !block.cosigning.is_final()) return false;
  const wire::BlockHeader header = block.header;
  const std::string note = block.cosigning.note();
  wire::StoredBlock stored;
  *stored.mutable_header() = header;
  stored.set_block_hash(block.block_hash.data(), block.block_hash.size());
  stored.set_checkpoint(note);
  const bool moves = header.height() >= head.height;
  while (gathering.size() > kLateBlocks && gathering.begin()->first < head.height) gathering.erase(gathering.begin());
  lock.unlock();

  storage::WriteBatch batch(store);
  LogStore::replace_block(stored, batch);
  TRY(store.write(batch));
  if (!moves) return false;
  set_head(header, note);
  return true;
}

wire::BlockHeader Ledger::durable_header() const {
  const std::lock_guard lock(state_->head_mutex);
  return state_->durable;
}

Result<std::string> Ledger::durable_note(std::uint64_t height) const {
  ASSIGN_OR_RETURN(const wire::StoredBlock block, state_->log.block(height));
  return block.checkpoint();
}

std::vector<std::uint64_t> Ledger::awaiting_cosignatures() const {
  const std::lock_guard lock(state_->head_mutex);
  std::vector<std::uint64_t> out;
  for (const auto& [height, block] : state_->gathering) {
    if (height >= state_->head.height && !block.cosigning.is_final()) out.push_back(height);
  }
  return out;
}

Result<bool> Ledger::cosign(std::uint64_t height, const std::vector<merkle::NoteSignature>& lines) {
  return state_->cosign(height, lines);
}

}  // namespace chancery::ledger
