#include "base/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery {

namespace {

constexpr std::size_t kMaxTextBytes = 4096;

thread_local std::string trace_id;

std::shared_ptr<spdlog::logger> make_logger(spdlog::sink_ptr sink) {
  auto logger = std::make_shared<spdlog::logger>("chancery", std::move(sink));
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);
  return logger;
}

std::atomic<LogLevel> threshold = LogLevel::kInfo;

std::shared_ptr<spdlog::logger>& logger() {
  static std::shared_ptr<spdlog::logger> instance = make_logger(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return instance;
}

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
    case LogLevel::kOff:
      break;
  }
  return "off";
}

void append_json_string(std::string& line, std::string_view text) {
  const auto replace = nlohmann::json::error_handler_t::replace;
  line.append(nlohmann::json(text).dump(-1, ' ', false, replace));
}

void append_value(std::string& line, const LogField& field) {
  if (is_personal_field(field.name)) {
    line.append("\"***\"");
    return;
  }
  std::visit(
      [&line](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string_view>) {
          append_json_string(line, redact_text(value.substr(0, kMaxTextBytes)));
        } else if constexpr (std::is_same_v<T, double>) {
          line.append(std::isfinite(value) ? fmt::format("{}", value) : "null");
        } else {
          line.append(fmt::format("{}", value));
        }
      },
      field.value);
}

std::string format_with_prefix(std::string line, LogLevel level, std::string_view event, LogFields fields) {
  line.append("\"level\":\"").append(level_name(level)).append("\",\"event\":");
  append_json_string(line, event);
  if (!trace_id.empty()) {
    line.append(",\"trace_id\":");
    append_json_string(line, trace_id);
  }
  for (const LogField& field : fields) {
    line.push_back(',');
    append_json_string(line, field.name);
    line.push_back(':');
    append_value(line, field);
  }
  line.push_back('}');
  return line;
}

std::string time_prefix() {
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("{{\"time\":\"{:%Y-%m-%dT%H:%M:%S}.{:06}Z\",",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(second)), (now - second).count());
}

}  // namespace

Status open_log(const LogSettings& settings) {
  threshold = settings.level;
  try {
    if (settings.path.empty()) {
      logger() = make_logger(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    } else {
      logger() = make_logger(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
          settings.path, settings.max_file_bytes, settings.kept_files));
    }
  } catch (const spdlog::spdlog_ex& error) {
    return fail(Reason::kStorageFailed,
                fmt::format("the log file {} cannot be opened: {}", settings.path, error.what()));
  }
  return {};
}

std::string format_log_line(LogLevel level, std::string_view event, LogFields fields) {
  return format_with_prefix("{", level, event, fields);
}

void log(LogLevel level, std::string_view event, LogFields fields) {
  if (level < threshold.load(std::memory_order_relaxed) || level == LogLevel::kOff) return;
  constexpr spdlog::level::level_enum kSpdlogLevels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                         spdlog::level::err};
  logger()->log(kSpdlogLevels[static_cast<std::size_t>(level)],
                spdlog::string_view_t(format_with_prefix(time_prefix(), level, event, fields)));
}

void log_error(std::string_view event, const Error& error) {
  log(LogLevel::kError, event, {{"reason", reason_text(error.reason).wire_name}, {"detail", error.detail}});
}

TraceScope::TraceScope(std::string id) : outer_(std::exchange(trace_id, std::move(id))) {}
TraceScope::~TraceScope() {
  trace_id = std::move(outer_);
}
const std::string& current_trace_id() {
  return trace_id;
}

}  // namespace chancery
