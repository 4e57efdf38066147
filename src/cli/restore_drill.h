#pragma once
// A rehearsal of the day on which a node is lost: its newest backup is restored beside it, executed again, and asked
// for what receipts of before promise.
//   <node>/drill.json    the report of the last one, which `chancery doctor` reads

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace chancery::cli {

struct DrillPlan {
  std::string backups;                ///< a backup, or a directory of backups, of which the newest is taken
  std::string scratch;                ///< emptied before and after; as large as the backup twice
  Digest network_id{};                ///< that the backup must be of
  std::vector<std::string> receipts;  ///< files that the old node gave out
  bool fast = false;                  ///< neither every entry nor a second execution
};

struct DrillReport {
  std::int64_t time_ms = 0;  ///< when it began
  std::int64_t duration_ms = 0;
  std::string backup{};
  std::uint64_t height = 0;
  std::uint64_t transactions = 0;
  std::string state_root{};    ///< hex
  std::string history_root{};  ///< hex
  bool executed_again = false;
  std::uint64_t receipts = 0;  ///< that hold against what was restored
  bool passed = false;
  std::string failure_zh{}, failure_en{};  ///< empty when it passed

  nlohmann::json to_json() const;
  static Result<DrillReport> parse(std::string_view text);
};

/// The newest of the backups in `directory` by the time of writing, or the directory itself. kNotFound.
Result<std::string> newest_backup(const std::string& directory);

/// What goes wrong is in the report.
DrillReport rehearse_restore(const DrillPlan& plan, const Clock& clock,
                             const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

Status keep_drill_report(const std::string& node_directory, const DrillReport& report);
/// nullopt where there has been no drill.
Result<std::optional<DrillReport>> last_drill(const std::string& node_directory);

}  // namespace chancery::cli
