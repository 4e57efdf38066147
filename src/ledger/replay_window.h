#pragma once
// A transaction is accepted once in the life of its network. Its window is at most `window_ms` long and block time must
// lie in it, so only the ids of blocks of the last `window_ms` can come again: those are remembered, and nothing else.
// They are derived from the blocks, so they survive restart, restore and a new node.

#include <deque>
#include <vector>

#include "base/bytes.h"
#include "ledger/digest_set.h"

namespace chancery::ledger {

class ReplayWindow {
 public:
  explicit ReplayWindow(std::int64_t window_ms) : window_ms_(window_ms) {}

  bool contains(const Digest& id) const { return ids_.contains(id); }
  /// Block times ascend.
  void add_block(std::int64_t time_ms, std::vector<Digest> ids);
  /// Forgets what no transaction valid at `time_ms` or later can repeat.
  void forget_before(std::int64_t time_ms);
  std::size_t size() const { return ids_.size(); }

 private:
  struct Block {
    std::int64_t time_ms;
    std::vector<Digest> ids;
  };
  std::int64_t window_ms_;
  std::deque<Block> blocks_;
  DigestSet ids_;
};

}  // namespace chancery::ledger
