#pragma once
// Cuts an ascending stream of records into branches of the state tree, each small enough for one chunk. A branch that
// grows too large is halved; so an even tree gets even chunks, and a crowded corner of it deeper ones.

#include <cstdint>
#include <functional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::ledger {

class BranchCutter {
 public:
  /// A finished branch: the items of its chunk, one behind the other as append_item() writes them.
  using Emit = std::function<Status(std::uint32_t depth, std::uint64_t prefix, BytesView plain, std::size_t items)>;

  BranchCutter(std::size_t target_bytes, Emit emit) : target_bytes_(target_bytes), emit_(std::move(emit)) {}

  /// Key hashes ascend. kTooLarge when the records can't be cut into chunks within the limit; errors of `emit`.
  Status add(const Digest& key_hash, BytesView stored_record);
  /// Emits what is left, and the empty branches behind it: then all emitted branches cover every key once.
  Status finish();

 private:
  struct Place {
    std::uint32_t depth = 0;
    std::uint64_t prefix = 0;
  };
  struct Held {
    Digest key_hash;
    std::size_t end;  ///< of its item in plain_
  };
  /// Emits the current branch with the first `count` held records.
  Status close(std::size_t count);
  Status halve();

  const std::size_t target_bytes_;
  const Emit emit_;
  std::vector<Place> pending_{Place{}};  ///< the last one is being filled, those before it follow
  Bytes plain_;
  std::vector<Held> held_;
};

}  // namespace chancery::ledger
