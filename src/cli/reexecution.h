#pragma once
// Re-executes a store's whole history from the genesis and compares what comes out with what is stored, block by block.

#include <cstdint>
#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::cli {

struct Reexecution {
  std::uint64_t height = 0;  ///< of the last block that was compared
  std::uint64_t transactions = 0;
  Digest state_root{};
};

/// `node_directory` may be a stopped node's or a backup's. All signatures are checked again; header and checkpoint (so
/// state root and history root too) are compared at every height. kCorrupt names the first height that differs.
/// `scratch_directory` is emptied before and after. `progress(done, total)` counts blocks.
Result<Reexecution> reexecute(const std::string& node_directory, const std::string& scratch_directory,
                              const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace chancery::cli
