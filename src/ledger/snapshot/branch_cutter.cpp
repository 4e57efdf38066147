#include "ledger/snapshot/branch_cutter.h"

#include <fmt/format.h>

#include "ledger/snapshot/manifest.h"
#include "merkle/state_branch.h"

namespace chancery::ledger {

Status BranchCutter::add(const Digest& key_hash, BytesView stored_record) {
  while (!pending_.empty() && !merkle::in_branch(pending_.back().depth, pending_.back().prefix, key_hash)) {
    TRY(close(held_.size()));
  }
  CHANCERY_CHECK(!pending_.empty());  // keys ascend
  append_item(plain_, stored_record);
  held_.push_back({key_hash, plain_.size()});
  while (plain_.size() > target_bytes_ && held_.size() > 1) TRY(halve());
  return {};
}

Status BranchCutter::halve() {
  const Place place = pending_.back();
  if (place.depth >= merkle::kMaxBranchDepth) {
    return fail(Reason::kTooLarge,
                fmt::format("{} records share {} bits of their keys' hashes", held_.size(), place.depth));
  }
  const Place left{place.depth + 1, place.prefix << 1};
  pending_.back() = {place.depth + 1, place.prefix << 1 | 1};
  pending_.push_back(left);
  if (merkle::in_branch(left.depth, left.prefix, held_.back().key_hash)) return {};
  std::size_t count = 0;
  while (merkle::in_branch(left.depth, left.prefix, held_[count].key_hash)) ++count;
  return close(count);
}

Status BranchCutter::close(std::size_t count) {
  const std::size_t bytes = count == 0 ? 0 : held_[count - 1].end;
  if (bytes > kChunkLimitBytes) {
    return fail(Reason::kTooLarge, fmt::format("a record does not fit a chunk of {} bytes", kChunkLimitBytes));
  }
  TRY(emit_(pending_.back().depth, pending_.back().prefix, BytesView(plain_).first(bytes), count));
  pending_.pop_back();
  plain_.erase(plain_.begin(), plain_.begin() + static_cast<std::ptrdiff_t>(bytes));
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count));
  for (Held& held : held_) held.end -= bytes;
  return {};
}

Status BranchCutter::finish() {
  while (!pending_.empty()) TRY(close(held_.size()));
  return {};
}

}  // namespace chancery::ledger
