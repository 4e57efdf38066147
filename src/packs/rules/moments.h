#pragma once
// Moments and their calendar parts, in UTC or at a fixed offset. No zone database: it changes, a rule must not.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "packs/rules/value.h"

namespace chancery::packs::rules {

/// RFC 3339 without a fraction: "2026-11-23T09:44:11Z" or with an offset "+08:00". nullopt for anything else.
std::optional<Timestamp> parse_timestamp(std::string_view text);
std::string rfc3339(Timestamp moment);

/// "UTC", "Z", "+08:00", "-05:30" in seconds; nullopt for anything else.
std::optional<std::int64_t> parse_offset(std::string_view text);

/// What CEL's getFullYear, getMonth (from 0), getDate (from 1), getDayOfMonth (from 0), getDayOfWeek (Sunday is 0),
/// getDayOfYear (from 0), getHours, getMinutes and getSeconds mean; nullopt for other names.
std::optional<std::int64_t> calendar_part(std::string_view name, Timestamp moment, std::int64_t offset_seconds);

}  // namespace chancery::packs::rules
