#pragma once
// Writes a snapshot of a store as it is at one moment.

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "ledger/genesis.h"
#include "storage/store.h"

namespace chancery::ledger {

struct SnapshotFacts {
  std::uint64_t height = 0;
  std::uint64_t records = 0;
  std::uint64_t entries = 0;  ///< of the log that are carried
  std::uint64_t chunks = 0;
  std::uint64_t stored_bytes = 0;
  Digest state_root{};
  Digest manifest_id{};
};

/// Chunks close at about this size before compression: large enough to be few, small enough to ask for again.
inline constexpr std::size_t kChunkTargetBytes = 4U << 20;

/// The final checkpoint of a block. Asked once the chunks are written, so that its signatures have time to gather.
using FinalNoteOf = std::function<Result<std::string>(std::uint64_t height)>;

/// Below `parent`, in a directory of its own (directory.h). `frozen` does not change meanwhile: Store::frozen(), or the
/// store of a node that is stopped. Reads each record once and holds one chunk in memory. A snapshot of that height
/// that is there already is left alone. kCorrupt when the store is not what its last checkpoint covers; kTooLarge;
/// kStorageFailed; the errors of `note_of`.
Result<SnapshotFacts> write_snapshot(const storage::Store& frozen, const Genesis& genesis, const FinalNoteOf& note_of,
                                     const std::string& parent, std::size_t chunk_target_bytes = kChunkTargetBytes);

/// Of a snapshot on disk, its manifest checked under the genesis, its chunks not read.
Result<SnapshotFacts> read_snapshot_facts(const std::string& directory, const Genesis& genesis);

}  // namespace chancery::ledger
