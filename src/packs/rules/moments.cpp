#include "packs/rules/moments.h"

#include <fmt/format.h>

#include <chrono>

namespace chancery::packs::rules {

namespace {

constexpr std::int64_t kDay_seconds = 86400;
constexpr Timestamp kFirst{-62135596800}, kLast{253402300799};  // the years 1 to 9999
constexpr std::int64_t kMostMonths = 120'000;                   // 10,000 years
constexpr std::int64_t kMostDays = 3'700'000;                   // a little more than 10,000 years

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

/// The day `months` later, or the last day of that month.
std::chrono::year_month_day shifted(std::chrono::year_month_day date, std::int64_t months) {
  const auto moved = date + std::chrono::months(months);
  return moved.ok() ? moved : std::chrono::year_month_day(moved.year() / moved.month() / std::chrono::last);
}

}  // namespace

std::optional<Timestamp> within_calendar(std::int64_t seconds) {
  const Timestamp moment{seconds};
  return moment < kFirst || moment > kLast ? std::nullopt : std::optional(moment);
}

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
  return within_calendar(days * kDay_seconds + *hour * 3600 + *minute * 60 + *second - *offset);
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

std::optional<Timestamp> parse_date(std::string_view text) {
  return text.size() == 10 ? parse_timestamp(std::string(text) + "T00:00:00Z") : std::nullopt;
}

std::optional<Timestamp> plus_days(Timestamp moment, std::int64_t days) {
  if (days > kMostDays || days < -kMostDays) return std::nullopt;
  return within_calendar(moment.seconds + days * kDay_seconds);
}

std::optional<Timestamp> plus_months(Timestamp moment, std::int64_t months, std::int64_t offset_seconds) {
  if (months > kMostMonths || months < -kMostMonths) return std::nullopt;
  const std::int64_t local = moment.seconds + offset_seconds;
  const std::chrono::sys_days day = day_of(local);
  const std::chrono::sys_days moved(shifted(day, months));
  return within_calendar(moment.seconds + (moved - day).count() * kDay_seconds);
}

std::int64_t days_between(Timestamp from, Timestamp to, std::int64_t offset_seconds) {
  return (day_of(to.seconds + offset_seconds) - day_of(from.seconds + offset_seconds)).count();
}

std::int64_t years_between(Timestamp from, Timestamp to, std::int64_t offset_seconds) {
  if (to < from) return -years_between(to, from, offset_seconds);
  const std::chrono::year_month_day first(day_of(from.seconds + offset_seconds));
  const std::chrono::year_month_day last(day_of(to.seconds + offset_seconds));
  const std::int64_t years = static_cast<int>(last.year()) - static_cast<int>(first.year());
  return shifted(first, years * 12) > last ? years - 1 : years;
}

}  // namespace chancery::packs::rules
