#include "node/disk_forecast.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "ledger/log_store.h"
#include "node/genesis_file.h"
#include "node/node_files.h"

namespace chancery::node {

namespace {

namespace fs = std::filesystem;

/// The first block after `time_ms`, or nullopt when the newest is not after it.
Result<std::optional<wire::BlockHeader>> first_after(const ledger::LogStore& log, const wire::BlockHeader& newest,
                                                     std::int64_t time_ms) {
  if (newest.time_ms() <= time_ms) return std::optional<wire::BlockHeader>{};
  wire::BlockHeader first = newest;
  std::uint64_t low = 1;
  while (low < first.height()) {
    const std::uint64_t middle = low + (first.height() - low) / 2;
    const Result<wire::StoredBlock> block = log.block(middle);
    if (!block && block.error().reason != Reason::kNotFound) return std::unexpected(block.error());
    if (block && block->header().time_ms() > time_ms) {
      first = block->header();
    } else {
      low = middle + 1;
    }
  }
  return std::optional(std::move(first));
}

}  // namespace

Result<std::optional<DiskHistory>> disk_history(const storage::Store& store, std::int64_t created_ms,
                                                std::int64_t now_ms) {
  const std::int64_t from_ms = std::max(created_ms, now_ms - kForecastWindow_ms);
  if (now_ms - from_ms < kForecastLeast_ms) return std::optional<DiskHistory>{};
  const ledger::LogStore log(store);
  ASSIGN_OR_RETURN(const auto last, log.last_block());
  if (!last) return std::optional<DiskHistory>{};
  const wire::BlockHeader& newest = last->header();
  const std::uint64_t entries = newest.first_leaf() + newest.count();
  DiskHistory out{.window_ms = now_ms - from_ms, .in_window = 0, .in_all = newest.height() + entries};
  ASSIGN_OR_RETURN(const auto first, first_after(log, newest, from_ms));
  if (first) out.in_window = newest.height() - first->height() + 1 + entries - first->first_leaf();
  return std::optional(out);
}

DiskForecast forecast_disk(const DiskHistory& history, const DiskUse& use) {
  DiskForecast out;
  if (history.in_all > 0 && history.window_ms > 0) {
    const double share = static_cast<double>(history.in_window) / static_cast<double>(history.in_all);
    const double days = static_cast<double>(history.window_ms) / static_cast<double>(kForecastDay_ms);
    out.growth_bytes_per_day = static_cast<double>(use.used_bytes) * share / days;
  }
  const std::uint64_t room = use.free_bytes > use.reserve_bytes ? use.free_bytes - use.reserve_bytes : 0;
  out.days_left = out.growth_bytes_per_day > 0 ? static_cast<double>(room) / out.growth_bytes_per_day
                                               : std::numeric_limits<double>::infinity();
  return out;
}

DiskUse disk_use(const std::string& directory, std::uint64_t reserve_bytes) {
  DiskUse out{.reserve_bytes = reserve_bytes};
  std::error_code error;
  out.free_bytes = fs::space(directory, error).available;
  if (error) out.free_bytes = 0;
  // The store removes files while this walks; a walk that breaks off counts what it saw.
  fs::recursive_directory_iterator walk(directory, fs::directory_options::skip_permission_denied, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    std::error_code gone;
    if (!walk->is_regular_file(gone) || gone) continue;
    const std::uint64_t size = walk->file_size(gone);
    if (!gone) out.used_bytes += size;
  }
  return out;
}

Result<std::optional<DiskForecast>> forecast_of_stopped_node(const std::string& directory, std::uint64_t reserve_bytes,
                                                             std::int64_t now_ms) {
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, read_genesis(directory));
  ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = store_path(directory), .read_only = true}));
  ASSIGN_OR_RETURN(const auto history, disk_history(*store, genesis.created_ms, now_ms));
  if (!history) return std::optional<DiskForecast>{};
  return std::optional(forecast_disk(*history, disk_use(directory, reserve_bytes)));
}

}  // namespace chancery::node
