#include "node/disk_forecast.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "ledger.pb.h"
#include "ledger/genesis.h"
#include "node/files.h"
#include "node/node_files.h"

namespace chancery::node {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kGenesisBytes = 16U << 20;

Result<wire::BlockHeader> header_of(BytesView value) {
  wire::StoredBlock block;
  if (!block.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return fail(Reason::kCorrupt, "a block can't be read");
  }
  return block.header();
}

Result<std::optional<wire::BlockHeader>> header_at(const storage::Store& store, std::uint64_t height) {
  ASSIGN_OR_RETURN(const auto bytes, store.get(storage::Family::kBlocks, u64_be(height)));
  if (!bytes) return std::optional<wire::BlockHeader>{};
  ASSIGN_OR_RETURN(auto header, header_of(*bytes));
  return std::optional(std::move(header));
}

Result<std::optional<wire::BlockHeader>> newest_header(const storage::Store& store) {
  std::optional<Result<wire::BlockHeader>> found;
  TRY(store.scan_back(storage::Family::kBlocks, [&](BytesView, BytesView value) {
    found = header_of(value);
    return false;
  }));
  if (!found) return std::optional<wire::BlockHeader>{};
  ASSIGN_OR_RETURN(auto header, std::move(*found));
  return std::optional(std::move(header));
}

/// The first block after `time_ms`, or nullopt when the newest is not after it.
Result<std::optional<wire::BlockHeader>> first_after(const storage::Store& store, const wire::BlockHeader& newest,
                                                     std::int64_t time_ms) {
  if (newest.time_ms() <= time_ms) return std::optional<wire::BlockHeader>{};
  wire::BlockHeader first = newest;
  std::uint64_t low = 1;
  while (low < first.height()) {
    const std::uint64_t middle = low + (first.height() - low) / 2;
    ASSIGN_OR_RETURN(const auto header, header_at(store, middle));
    if (header && header->time_ms() > time_ms) {
      first = *header;
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
  ASSIGN_OR_RETURN(const auto newest, newest_header(store));
  if (!newest) return std::optional<DiskHistory>{};
  const std::uint64_t entries = newest->first_leaf() + newest->count();
  DiskHistory out{.window_ms = now_ms - from_ms, .in_window = 0, .in_all = newest->height() + entries};
  ASSIGN_OR_RETURN(const auto first, first_after(store, *newest, from_ms));
  if (first) out.in_window = newest->height() - first->height() + 1 + entries - first->first_leaf();
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
  ASSIGN_OR_RETURN(const std::string document, read_file(genesis_path(directory), kGenesisBytes));
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, ledger::Genesis::parse(document));
  ASSIGN_OR_RETURN(const auto store, storage::Store::open({.path = store_path(directory), .read_only = true}));
  ASSIGN_OR_RETURN(const auto history, disk_history(*store, genesis.created_ms, now_ms));
  if (!history) return std::optional<DiskForecast>{};
  return std::optional(forecast_disk(*history, disk_use(directory, reserve_bytes)));
}

}  // namespace chancery::node
