#include "api/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace chancery::api {
namespace {

using namespace std::chrono;

constexpr std::int64_t kBeijingOffset_ms = 8LL * 3'600'000;
constexpr std::int64_t kDay_ms = 24LL * 3'600'000;
/// 10000-01-01T00:00:00Z: four digits for a year are enough.
constexpr std::int64_t kEndOfTime_ms = 253'402'300'800'000;

struct Calendar {
  int year;
  unsigned month;
  unsigned day;
  std::int64_t hour, minute, second, millisecond;
};

Calendar calendar_of(std::int64_t time_ms) {
  time_ms = std::clamp<std::int64_t>(time_ms, -kEndOfTime_ms, kEndOfTime_ms - 1);
  const sys_time<milliseconds> time{milliseconds{time_ms}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return {static_cast<int>(date.year()),     static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()), clock.hours().count(),
          clock.minutes().count(),           clock.seconds().count(),
          clock.subseconds().count()};
}

/// Exactly `count` digits at `at`.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::int64_t> midnight_ms(std::string_view text) {
  const auto y = digits(text, 0, 4);
  const auto m = digits(text, 5, 2);
  const auto d = digits(text, 8, 2);
  if (!y || !m || !d || text[4] != '-' || text[7] != '-' || *y < 1970) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return duration_cast<milliseconds>(sys_days{date}.time_since_epoch()).count();
}

constexpr std::array kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                "July",    "August",   "September", "October", "November", "December"};

}  // namespace

std::string rfc3339(std::int64_t time_ms) {
  const Calendar c = calendar_of(time_ms);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour, c.minute, c.second,
                     c.millisecond);
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  if (text.size() < 10) return std::nullopt;
  const auto midnight = midnight_ms(text);
  if (!midnight) return std::nullopt;
  if (text.size() == 10) return *midnight + kDay_ms - kBeijingOffset_ms - 1;
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  std::int64_t time_ms = *midnight + ((*hour * 60LL + *minute) * 60 + *second) * 1000;
  std::size_t at = 19;
  if (text[at] == '.') {
    int scale = 100;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      time_ms += (text[at] - '0') * scale;
    }
    if (at == first) return std::nullopt;
  }
  const std::string_view zone = text.substr(at);
  if (zone == "Z" || zone == "z") return time_ms;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const auto zone_hour = digits(zone, 1, 2);
  const auto zone_minute = digits(zone, 4, 2);
  if (!zone_hour || !zone_minute || *zone_hour > 23 || *zone_minute > 59) return std::nullopt;
  const std::int64_t offset_ms = (*zone_hour * 60LL + *zone_minute) * 60'000;
  return zone[0] == '+' ? time_ms - offset_ms : time_ms + offset_ms;
}

std::string day_for_people(std::int64_t time_ms, Language language) {
  const Calendar c = calendar_of(time_ms + kBeijingOffset_ms);
  if (language == Language::kZhCn) return fmt::format("{}年{}月{}日", c.year, c.month, c.day);
  return fmt::format("{} {} {}", c.day, kMonths.at(c.month - 1), c.year);
}

std::string time_for_people(std::int64_t time_ms, Language language) {
  const Calendar c = calendar_of(time_ms + kBeijingOffset_ms);
  const std::string day = day_for_people(time_ms, language);
  if (language == Language::kZhCn) {
    return fmt::format("{} {:02}:{:02}:{:02}（北京时间）", day, c.hour, c.minute, c.second);
  }
  return fmt::format("{}, {:02}:{:02}:{:02} (Beijing time, UTC+8)", day, c.hour, c.minute, c.second);
}

}  // namespace chancery::api
