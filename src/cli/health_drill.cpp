#include <fmt/core.h>

#include "base/clock.h"
#include "cli/files.h"
#include "cli/health.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

constexpr std::int64_t kDay_ms = 86'400'000;
constexpr std::int64_t kOldDrill_days = 90;
constexpr const char* kRemedy_zh = "请用 chancery drill 演练一次恢复：从未恢复过的备份不能算备份。";
constexpr const char* kRemedy_en = "Rehearse with chancery drill: a backup that was never restored is none yet.";

}  // namespace

Finding drill_finding(const std::optional<DrillReport>& last, std::int64_t now_ms) {
  if (!last) {
    return {"drill",    Health::kSkipped, "尚未做过恢复演练。", "There has been no restore drill.",
            kRemedy_zh, kRemedy_en};
  }
  const std::int64_t days = (now_ms - last->time_ms) / kDay_ms;
  if (!last->passed) {
    return {"drill",
            Health::kWarning,
            fmt::format("上次恢复演练在 {} 天前，未通过。", days),
            fmt::format("The last restore drill, {} days ago, failed.", days),
            "请查看节点目录中的 drill.json，重新备份后再演练。",
            "See drill.json in the node's directory; make a new backup and rehearse again."};
  }
  const bool old = days > kOldDrill_days;
  return {"drill",
          old ? Health::kWarning : Health::kGood,
          fmt::format("上次恢复演练在 {} 天前，已通过。", days),
          fmt::format("The last restore drill, {} days ago, passed.", days),
          old ? kRemedy_zh : "",
          old ? kRemedy_en : ""};
}

std::vector<Finding> examine_drill(const HealthQuestion& question) {
  if (!exists(node::store_path(question.directory))) return {};
  const auto last = last_drill(question.directory);
  if (last) return {drill_finding(*last, SystemClock().now_ms())};
  return {{"drill", Health::kWarning, "恢复演练报告无法读取：" + last.error().message(),
           "The report of the last restore drill cannot be read: " + last.error().message(), kRemedy_zh, kRemedy_en}};
}

}  // namespace chancery::cli
