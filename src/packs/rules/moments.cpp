#include "packs/rules/moments.h"

#include <fmt/format.h>

#include <chrono>

namespace chancery::packs::rules {

namespace {

constexpr std::int64_t kDay_seconds = 86400;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::chrono::sys_days day_of(std::int64_t seconds) {
  return std::chrono::sys_days(std::chrono::floor<std::chrono::days>(std::chrono::seconds(seconds)));
}

}  // namespace

std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text == "UTC" || text == "Z") return 0;
  if (text.size() == 5) return parse_offset("+" + std::string(text));
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = digits(text, 1, 2);
  const auto minutes = digits(text, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = (*hours * 60 + *minutes) * std::int64_t{60};
  return text[0] == '-' ? -seconds : seconds;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  const std::string_view zone = text.substr(19);
  const auto offset = zone == "UTC" || zone.size() == 5 ? std::nullopt : parse_offset(zone);
  if (!year || !month || !day || !hour || !minute || !second || !offset) return std::nullopt;
  if (*year < 1 || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const Timestamp moment{days * kDay_seconds + *hour * 3600 + *minute * 60 + *second - *offset};
  constexpr Timestamp kFirst{-62135596800}, kLast{253402300799};
  if (moment < kFirst || moment > kLast) return std::nullopt;
  return moment;
}

std::string rfc3339(Timestamp moment) {
  const std::chrono::sys_days day = day_of(moment.seconds);
  const std::chrono::year_month_day date(day);
  const std::int64_t rest = moment.seconds - day.time_since_epoch().count() * kDay_seconds;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3600,
                     rest / 60 % 60, rest % 60);
}

std::optional<std::int64_t> calendar_part(std::string_view name, Timestamp moment, std::int64_t offset_seconds) {
  const std::int64_t local = moment.seconds + offset_seconds;
  const std::chrono::sys_days day = day_of(local);
  const std::chrono::year_month_day date(day);
  const std::int64_t rest = local - day.time_since_epoch().count() * kDay_seconds;
  if (name == "getFullYear") return static_cast<int>(date.year());
  if (name == "getMonth") return static_cast<unsigned>(date.month()) - std::int64_t{1};
  if (name == "getDate") return static_cast<unsigned>(date.day());
  if (name == "getDayOfMonth") return static_cast<unsigned>(date.day()) - std::int64_t{1};
  if (name == "getDayOfWeek") return std::chrono::weekday(day).c_encoding();
  if (name == "getDayOfYear") return (day - std::chrono::sys_days(date.year() / 1 / 1)).count();
  if (name == "getHours") return rest / 3600;
  if (name == "getMinutes") return rest / 60 % 60;
  if (name == "getSeconds") return rest % 60;
  return std::nullopt;
}

}  // namespace chancery::packs::rules
