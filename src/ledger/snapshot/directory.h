#pragma once
// A snapshot on disk: one directory with a file `manifest` and one file a chunk, `chunk-00000` and so on. It appears
// whole or not at all, under its final name.

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::ledger {

std::string manifest_path(const std::string& directory);
std::string chunk_path(const std::string& directory, std::size_t index);

/// kNotFound when there is none, kTooLarge above the limit. What it holds is not believed before it is verified.
Result<Bytes> read_snapshot_file(const std::string& path, std::size_t limit_bytes);
/// Not synced: a damaged file is noticed by its hash. kStorageFailed.
Status write_snapshot_file(const std::string& path, BytesView bytes);

/// Where a node keeps its snapshots: one directory a height, named by it in decimal.
std::string snapshot_directory(const std::string& parent, std::uint64_t height);
/// Heights of the snapshots below `parent`, ascending; empty when there is no such directory.
std::vector<std::uint64_t> snapshot_heights(const std::string& parent);
/// Removes all but the `keep` newest, and what an interrupted writing left.
void prune_snapshots(const std::string& parent, std::size_t keep);

}  // namespace chancery::ledger
