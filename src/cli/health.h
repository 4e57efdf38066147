#pragma once
// What `chancery doctor` looks at: one finding each, in a sentence with its remedy.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/restore_drill.h"
#include "cli/terminal.h"
#include "node/disk_forecast.h"

namespace chancery::cli {

enum class Health { kGood, kWarning, kBad, kSkipped };

struct Finding {
  std::string name;  ///< "clock", stable for programs
  Health health = Health::kGood;
  std::string text_zh, text_en;
  std::string remedy_zh, remedy_en;  ///< empty where nothing has to be done
};

struct HealthQuestion {
  std::string directory;
  std::string server;  ///< of a running node, e.g. http://127.0.0.1:8700
  std::string address = "127.0.0.1";
  std::uint16_t port = 8700;
};

/// The machine: clock, free disk, fsync, open files, processor and crypto backend, versions.
std::vector<Finding> examine_machine(const HealthQuestion& question);
/// The node: directory, keys, store, checkpoint, port, the running node's own word.
std::vector<Finding> examine_node(const HealthQuestion& question);
/// A network of several: each certificate of the calendar, and, with CHANCERY_PASSPHRASE, a call to each peer. Empty
/// where there is no peers.json.
std::vector<Finding> examine_peers(const HealthQuestion& question);
/// How long the disk lasts; empty where there is no store.
std::vector<Finding> examine_growth(const HealthQuestion& question);

/// The last rehearsal of a restore; empty where there is no store.
std::vector<Finding> examine_drill(const HealthQuestion& question);
/// A warning where it failed or is older than 90 days. nullopt: there has been none.
Finding drill_finding(const std::optional<DrillReport>& last, std::int64_t now_ms);

/// What is said of a forecast: warnings at 90 and 30 days left, bad at 7. nullopt: too little history.
Finding growth_finding(const std::optional<node::DiskForecast>& forecast);
/// The value of an unlabelled metric in Prometheus' text; nullopt where there is none of that name.
std::optional<double> metric_value(std::string_view text, std::string_view name);

}  // namespace chancery::cli
