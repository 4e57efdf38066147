#pragma once
// What the API counts, in the process's registry (base/metrics.h). Thread-safe.

#include <cstdint>
#include <string_view>

namespace chancery::api {

/// Facts that are read at the moment of asking.
struct NodeFigures {
  std::uint64_t height = 0;
  std::uint64_t tree_size = 0;
  std::uint64_t records = 0;
  std::uint64_t read_model_behind_entries = 0;
  std::uint64_t read_model_bytes = 0;
  std::uint64_t disk_free_bytes = 0;
  std::uint64_t event_streams = 0;
  bool ready = false;
  bool writable = false;
};

/// `route` is the pattern, never the path: a path may name people, and would make series without end.
void count_request(std::string_view method, std::string_view route, int status, std::int64_t duration_us);
/// Transactions that clients submitted here, by what became of them: "taken" or "refused".
void count_transactions(std::string_view outcome, std::uint64_t count);
void show_figures(const NodeFigures& figures);

}  // namespace chancery::api
