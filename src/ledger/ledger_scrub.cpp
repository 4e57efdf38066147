// The slow check in the background: everything in the store, a little at a time.

#include <fmt/format.h>

#include <algorithm>

#include "ledger/ledger_state.h"
#include "merkle/inclusion.h"

namespace chancery::ledger {

Result<bool> Ledger::State::scrub_entries(std::uint64_t budget) {
  std::uint64_t size = 0;
  {
    const std::lock_guard lock(head_mutex);
    size = head.tree_size;
  }
  const std::uint64_t tile_index = scrub_entry / merkle::kTileWidth;
  for (std::uint64_t i = tile_index; i * merkle::kTileWidth < size && budget > 0; ++i) {
    const std::uint64_t width = std::min(merkle::kTileWidth, size - i * merkle::kTileWidth);
    ASSIGN_OR_RETURN(const auto entries, log.entries(i * merkle::kTileWidth, width));
    ASSIGN_OR_RETURN(const Bytes hashes, history.tile(0, i, static_cast<std::uint32_t>(width), log));
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const Digest leaf = merkle::leaf_hash(crypto::HashAlgorithm::kSha256, entries[k]);
      if (to_digest(BytesView(hashes).subspan(32 * k, 32)) != leaf) {
        return fail(Reason::kCorrupt, fmt::format("entry {} is not what the log covers", i * merkle::kTileWidth + k));
      }
    }
    budget -= std::min<std::uint64_t>(budget, width);
    scrub_entry = (i + 1) * merkle::kTileWidth;
  }
  if (scrub_entry < size) return false;
  scrub_entry = horizon.first_entry;
  return true;
}

Result<bool> Ledger::scrub(std::uint64_t budget) {
  State& state = *state_;
  if (state.scrub_entry == state.horizon.first_entry) {
    ASSIGN_OR_RETURN(const auto next, state.watched(state.records.scrub(state.scrub_record, budget)));
    state.scrub_record = next.value_or(Digest{});
    if (next) return false;
  }
  return state.watched(state.scrub_entries(budget));
}

}  // namespace chancery::ledger
