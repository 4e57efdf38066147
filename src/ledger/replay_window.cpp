#include "ledger/replay_window.h"

#include "base/result.h"

namespace chancery::ledger {

void ReplayWindow::add_block(std::int64_t time_ms, std::vector<Digest> ids) {
  CHANCERY_CHECK(blocks_.empty() || blocks_.back().time_ms <= time_ms);
  for (const Digest& id : ids) ids_.insert(id);
  if (!ids.empty()) blocks_.push_back({time_ms, std::move(ids)});
  forget_before(time_ms);
}

void ReplayWindow::forget_before(std::int64_t time_ms) {
  // A transaction in a block at time t has not_after <= t + window; it cannot be valid later.
  while (!blocks_.empty() && blocks_.front().time_ms + window_ms_ < time_ms) {
    for (const Digest& id : blocks_.front().ids) ids_.erase(id);
    blocks_.pop_front();
  }
}

}  // namespace chancery::ledger
