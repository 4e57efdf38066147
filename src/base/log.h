#pragma once
// Structured log: one JSON object a line.
//   {"time":"2026-05-01T08:00:00.123456Z","level":"info","event":"block.final","trace_id":"…","height":12}
//   log_info("block.final", {{"height", height}, {"transactions", count}});
// Event and field names are constants of the program, in snake_case. No personal data reaches the log: fields named
// like one (name, id_number, phone, address, … see log_redaction.cpp) are masked whole, and citizen numbers and mobile
// numbers inside any text are masked too. That is a net below, not a licence: log identifiers, not people. A network
// endpoint is logged as "endpoint", not "address".

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace chancery {

enum class LogLevel { kDebug, kInfo, kWarn, kError, kOff };

struct LogSettings {
  LogLevel level = LogLevel::kInfo;
  std::string path;                        ///< Empty: standard error.
  std::size_t max_file_bytes = 64U << 20;  ///< A file this large is rotated to path.1 and so on.
  std::size_t kept_files = 5;
};

/// Until it is called the log goes to standard error at level info. Not to be called while others log.
/// kStorageFailed when the file cannot be opened.
Status open_log(const LogSettings& settings);

using LogValue = std::variant<std::int64_t, std::uint64_t, double, bool, std::string_view>;

struct LogField {
  std::string_view name;
  LogValue value;

  LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
  LogField(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, const std::string& text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, bool flag) : name(field), value(flag) {}
  LogField(std::string_view field, std::signed_integral auto number) : name(field), value(std::int64_t{number}) {}
  LogField(std::string_view field, std::unsigned_integral auto number) : name(field), value(std::uint64_t{number}) {}
  LogField(std::string_view field, std::floating_point auto number) : name(field), value(double{number}) {}
};

using LogFields = std::initializer_list<LogField>;

/// Thread-safe. Texts longer than 4 KiB are cut.
void log(LogLevel level, std::string_view event, LogFields fields = {});
inline void log_debug(std::string_view event, LogFields fields = {}) {
  log(LogLevel::kDebug, event, fields);
}
inline void log_info(std::string_view event, LogFields fields = {}) {
  log(LogLevel::kInfo, event, fields);
}
inline void log_warn(std::string_view event, LogFields fields = {}) {
  log(LogLevel::kWarn, event, fields);
}
inline void log_error(std::string_view event, LogFields fields = {}) {
  log(LogLevel::kError, event, fields);
}
/// Adds `reason` (the wire name) and `detail`.
void log_error(std::string_view event, const Error& error);

/// While it lives, the lines of this thread carry the trace id (of an HTTP request, say). They nest.
class TraceScope {
 public:
  explicit TraceScope(std::string trace_id);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  std::string outer_;
};
const std::string& current_trace_id();

/// The line as it would be written, without the time; for tests and for those who write elsewhere.
std::string format_log_line(LogLevel level, std::string_view event, LogFields fields);

/// True for the names of fields whose value is masked whole.
bool is_personal_field(std::string_view name);
/// `text` with each 18-character citizen number (GB 11643) and 11-digit mobile number replaced by "***".
std::string redact_text(std::string_view text);

}  // namespace chancery
