#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "api/client.h"
#include "base/clock.h"
#include "cli/backup_request.h"
#include "cli/files.h"
#include "cli/health.h"
#include "node/node.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

constexpr double kPlan_days = 90;
constexpr double kOrder_days = 30;
constexpr double kUrgent_days = 7;
/// Beyond it a number of days says nothing.
constexpr double kFarAway_days = 3'650;

struct Advice {
  Health health;
  const char* zh;
  const char* en;
};

Advice advice_for(double days_left) {
  if (days_left <= kUrgent_days) {
    return {Health::kBad, "请立即扩容或移走其他文件；写满前节点会转为只读。",
            "Add space or move other files away today: the node turns read-only before the disk is full."};
  }
  if (days_left <= kOrder_days) {
    return {Health::kWarning, "请在本月内扩容，或把节点恢复到更大的磁盘（chancery backup restore）。",
            "Add space this month, or restore the node to a larger disk (chancery backup restore)."};
  }
  if (days_left <= kPlan_days) {
    return {Health::kWarning, "请安排扩容：不足一个季度即会写满。",
            "Plan for more space: it lasts less than a quarter."};
  }
  return {Health::kGood, "", ""};
}

/// The forecast that a running node shows in /metrics.
Result<std::optional<node::DiskForecast>> forecast_of_running_node(const std::string& server) {
  ASSIGN_OR_RETURN(auto client, api::Client::create(server));
  ASSIGN_OR_RETURN(const api::ClientResponse answer, client.get("/metrics"));
  const auto growth = metric_value(answer.body, "chancery_disk_growth_bytes_per_day");
  const auto days = metric_value(answer.body, "chancery_disk_days_left");
  if (!growth || !days) return std::optional<node::DiskForecast>{};
  return std::optional(node::DiskForecast{.growth_bytes_per_day = *growth, .days_left = *days});
}

}  // namespace

std::optional<double> metric_value(std::string_view text, std::string_view name) {
  const std::string start = fmt::format("\n{} ", name);
  const std::string lines = fmt::format("\n{}\n", text);
  const std::size_t at = lines.find(start);
  if (at == std::string::npos) return std::nullopt;
  const char* first = lines.data() + at + start.size();
  double value = 0;
  const auto [end, error] = std::from_chars(first, lines.data() + lines.size(), value);
  if (error != std::errc{} || *end != '\n') return std::nullopt;
  return value;
}

Finding growth_finding(const std::optional<node::DiskForecast>& forecast) {
  if (!forecast) {
    return {"disk_forecast",
            Health::kGood,
            "账本历史不足一天，尚不能预测磁盘用量。",
            "Less than a day of history: too little to foresee the disk's use.",
            "",
            ""};
  }
  const double growth_mib = forecast->growth_bytes_per_day / (1 << 20);
  if (forecast->days_left > kFarAway_days) {
    return {"disk_forecast",
            Health::kGood,
            fmt::format("每天增长 {:.1f} MiB，十年内不会写满。", growth_mib),
            fmt::format("Grows by {:.1f} MiB a day: enough for more than ten years.", growth_mib),
            "",
            ""};
  }
  const double days = std::floor(forecast->days_left);
  const Advice advice = advice_for(forecast->days_left);
  return {
      "disk_forecast",
      advice.health,
      fmt::format("按近 30 天的区块，每天增长 {:.1f} MiB，可用空间还够 {:.0f} 天。", growth_mib, days),
      fmt::format("Grows by {:.1f} MiB a day (blocks of 30 days); the free space lasts {:.0f} days.", growth_mib, days),
      advice.zh,
      advice.en};
}

std::vector<Finding> examine_growth(const HealthQuestion& question) {
  if (!exists(node::store_path(question.directory))) return {};
  const auto forecast = serving_process(question.directory)
                            ? forecast_of_running_node(question.server)
                            : node::forecast_of_stopped_node(question.directory, node::NodeOptions{}.reserve_bytes,
                                                             SystemClock().now_ms());
  if (forecast) return {growth_finding(*forecast)};
  return {{"disk_forecast", Health::kSkipped, "无法预测磁盘用量：" + forecast.error().message(),
           "The disk's use cannot be foreseen: " + forecast.error().message(), "请先处理上面的问题。",
           "See to what is wrong above."}};
}

}  // namespace chancery::cli
