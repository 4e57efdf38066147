#pragma once
// When the volume of a node's directory will be full, told from the ledger's own history.
//
// The directory grows with blocks and with their entries: each counts one, and the directory's bytes are shared out
// evenly over them. How many came in the last 30 days, or since the genesis of a younger network, is read from the
// times in the block headers. An estimate: after the import of an archive it tells a growth that will not last, and it
// knows nothing of what other programs write to the same volume.

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "storage/store.h"

namespace chancery::node {

inline constexpr std::int64_t kForecastDay_ms = 86'400'000;
inline constexpr std::int64_t kForecastWindow_ms = 30 * kForecastDay_ms;
/// Less history says nothing of a day.
inline constexpr std::int64_t kForecastLeast_ms = kForecastDay_ms;

struct DiskHistory {
  std::int64_t window_ms = 0;   ///< from the first moment that counts until now
  std::uint64_t in_window = 0;  ///< blocks and entries of that time
  std::uint64_t in_all = 0;     ///< blocks and entries since the genesis
};
/// nullopt for a network younger than kForecastLeast_ms. Blocks that the store does not hold (it began with a snapshot)
/// count as older than the window.
Result<std::optional<DiskHistory>> disk_history(const storage::Store& store, std::int64_t created_ms,
                                                std::int64_t now_ms);

struct DiskUse {
  std::uint64_t used_bytes = 0;  ///< by the node's directory
  std::uint64_t free_bytes = 0;  ///< on its volume
  std::uint64_t reserve_bytes = 0;
};
struct DiskForecast {
  double growth_bytes_per_day = 0;
  double days_left = 0;  ///< until writing stops at the reserve; infinite without growth
};
DiskForecast forecast_disk(const DiskHistory& history, const DiskUse& use);

/// All files below `directory`, which may change meanwhile.
DiskUse disk_use(const std::string& directory, std::uint64_t reserve_bytes);

/// Of a stopped node, whose store it opens for reading. nullopt where there is too little history.
Result<std::optional<DiskForecast>> forecast_of_stopped_node(const std::string& directory, std::uint64_t reserve_bytes,
                                                             std::int64_t now_ms);

}  // namespace chancery::node
