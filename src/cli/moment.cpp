#include "cli/moment.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

namespace chancery::cli {
namespace {

constexpr std::int64_t kMinute_ms = 60'000;
constexpr std::int64_t kHour_ms = 60 * kMinute_ms;
constexpr std::int64_t kDay_ms = 24 * kHour_ms;
constexpr std::int64_t kChina_ms = 8 * kHour_ms;

bool digits_at(std::string_view text, std::size_t from, std::size_t count) {
  return text.size() >= from + count &&
         std::ranges::all_of(text.substr(from, count), [](char c) { return c >= '0' && c <= '9'; });
}

int number_at(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(from, count)) value = value * 10 + (c - '0');
  return value;
}

std::optional<std::int64_t> day_ms(std::string_view text) {
  if (!digits_at(text, 0, 4) || !digits_at(text, 5, 2) || !digits_at(text, 8, 2) || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{number_at(text, 0, 4)},
                                         std::chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
                                         std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
  if (!date.ok()) return std::nullopt;
  return std::int64_t{std::chrono::sys_days{date}.time_since_epoch().count()} * kDay_ms;
}

/// "Z", "+08:00", "-03:30" in milliseconds east of UTC.
std::optional<std::int64_t> zone_ms(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || !digits_at(text, 1, 2) || text[3] != ':' ||
      !digits_at(text, 4, 2)) {
    return std::nullopt;
  }
  const std::int64_t east = number_at(text, 1, 2) * kHour_ms + number_at(text, 4, 2) * kMinute_ms;
  return text[0] == '+' ? east : -east;
}

}  // namespace

Result<Moment> parse_moment(std::string_view text) {
  constexpr std::size_t kMostHeightDigits = 18;
  if (!text.empty() && text.size() <= kMostHeightDigits && digits_at(text, 0, text.size())) {
    std::uint64_t height = 0;
    for (const char c : text) height = height * 10 + static_cast<std::uint64_t>(c - '0');
    return Moment{height, std::nullopt};
  }
  const auto day = day_ms(text);
  if (day && text.size() == 10) return Moment{std::nullopt, *day + kDay_ms - 1 - kChina_ms};
  const bool has_time = day && text.size() >= 20 && (text[10] == 'T' || text[10] == ' ') && digits_at(text, 11, 2) &&
                        text[13] == ':' && digits_at(text, 14, 2) && text[16] == ':' && digits_at(text, 17, 2);
  const auto zone = has_time ? zone_ms(text.substr(19)) : std::nullopt;
  if (!zone) {
    return fail(Reason::kUsage, "a moment is a height, 2026-09-23, or 2026-09-23T18:00:00+08:00",
                "时刻应为区块高度、2026-09-23 或 2026-09-23T18:00:00+08:00");
  }
  return Moment{std::nullopt, *day + number_at(text, 11, 2) * kHour_ms + number_at(text, 14, 2) * kMinute_ms +
                                  number_at(text, 17, 2) * 1000 - *zone};
}

std::string show_time(std::int64_t time_ms) {
  const std::int64_t local_ms = time_ms + kChina_ms;
  const std::int64_t days = local_ms >= 0 ? local_ms / kDay_ms : (local_ms - kDay_ms + 1) / kDay_ms;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  const std::int64_t in_day = local_ms - days * kDay_ms;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} +08:00", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), in_day / kHour_ms,
                     in_day / kMinute_ms % 60, in_day / 1000 % 60);
}

}  // namespace chancery::cli
