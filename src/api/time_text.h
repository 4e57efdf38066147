#pragma once
// Moments for programs (RFC 3339) and for people (with their time zone named).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace chancery::api {

/// "2026-11-23T09:44:11.123Z" of milliseconds since 1970.
std::string rfc3339(std::int64_t time_ms);

/// RFC 3339 date and time with any offset, or a bare date "2026-11-23", which means the end of that day in Beijing
/// (UTC+8): what held on that day. nullopt for anything else and for years outside 1970-9999.
std::optional<std::int64_t> parse_time(std::string_view text);

/// "2026年11月23日 17:44:11（北京时间）" or "23 November 2026, 17:44:11 (Beijing time, UTC+8)".
std::string time_for_people(std::int64_t time_ms, Language language);
/// The day alone.
std::string day_for_people(std::int64_t time_ms, Language language);

}  // namespace chancery::api
