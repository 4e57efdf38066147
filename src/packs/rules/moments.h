#pragma once
// Moments and their calendar parts, in UTC or at a fixed offset. No zone database: it changes, a rule must not.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "packs/rules/value.h"

namespace chancery::packs::rules {

/// nullopt outside the years 1 to 9999.
std::optional<Timestamp> within_calendar(std::int64_t seconds);

/// RFC 3339 without a fraction: "2026-11-23T09:44:11Z" or with an offset "+08:00". nullopt for anything else.
std::optional<Timestamp> parse_timestamp(std::string_view text);
std::string rfc3339(Timestamp moment);

/// "UTC", "Z", "+08:00", "-05:30" in seconds; nullopt for anything else.
std::optional<std::int64_t> parse_offset(std::string_view text);

/// What CEL's getFullYear, getMonth (from 0), getDate (from 1), getDayOfMonth (from 0), getDayOfWeek (Sunday is 0),
/// getDayOfYear (from 0), getHours, getMinutes and getSeconds mean; nullopt for other names.
std::optional<std::int64_t> calendar_part(std::string_view name, Timestamp moment, std::int64_t offset_seconds);

/// "2026-11-23", the day's first second in UTC; nullopt for anything else.
std::optional<Timestamp> parse_date(std::string_view text);

/// nullopt outside the years 1 to 9999.
std::optional<Timestamp> plus_days(Timestamp moment, std::int64_t days);
/// The same day and time of another month as the calendar at the offset shows it; the month's last day where there is
/// no such day (Civil Code of China, article 202). nullopt outside the years 1 to 9999.
std::optional<Timestamp> plus_months(Timestamp moment, std::int64_t months, std::int64_t offset_seconds);

/// Midnights that lie between the two on the calendar at the offset; negative when `to` is earlier.
std::int64_t days_between(Timestamp from, Timestamp to, std::int64_t offset_seconds);
/// Whole years between the two days, a year being complete when its anniversary begins: an age on a day.
std::int64_t years_between(Timestamp from, Timestamp to, std::int64_t offset_seconds);

}  // namespace chancery::packs::rules
