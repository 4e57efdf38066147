#pragma once
// A moment that a user names: a height, or a date with or without a time.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace chancery::cli {

struct Moment {
  std::optional<std::uint64_t> height;
  std::optional<std::int64_t> time_ms;  ///< Milliseconds since 1970.

  bool is_given() const { return height.has_value() || time_ms.has_value(); }
};

/// "1234" is a height. "2026-09-23" is the end of that day in China (UTC+8);
/// "2026-09-23T10:00:00Z" and "2026-09-23T18:00:00+08:00" are instants. kUsage otherwise.
Result<Moment> parse_moment(std::string_view text);
/// "2026-09-23 18:00:00 +08:00"
std::string show_time(std::int64_t time_ms);

}  // namespace chancery::cli
