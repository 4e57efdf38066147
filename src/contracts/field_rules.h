#pragma once
// What a field may hold before a contract stores it. Pure; no locale. Failures have kInvalidValue and name the field.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace chancery::contracts {

/// The last millisecond of the year 9999: no time that we store lies beyond.
inline constexpr std::int64_t kLatestTimeMs = 253'402'300'799'999;

/// 1 to 64 of [a-z0-9._-].
bool is_account_id(std::string_view text);
/// 2 to 32 of [a-z0-9-], not beginning with a hyphen.
bool is_organisation_id(std::string_view text);
/// 2 to 64 of [a-z0-9-], not beginning with a hyphen.
bool is_type_id(std::string_view text);
/// 2 to 32 of [a-z0-9_-], beginning with a letter.
bool is_role(std::string_view text);
/// "contract.method", each 1 to 64 of [a-z0-9_], beginning with a letter.
bool is_method(std::string_view text);

Status require_account_id(std::string_view field, std::string_view value);
Status require_organisation_id(std::string_view field, std::string_view value);

/// Valid UTF-8 of min to max code points, without control characters, line ends, bidirectional overrides, or white
/// space at its ends: it is shown to people as it stands.
Status require_text(std::string_view field, std::string_view value, std::size_t min_chars, std::size_t max_chars);

/// Printable ASCII without spaces, at most `max_bytes`.
Status require_token(std::string_view field, std::string_view value, std::size_t max_bytes);

/// 0 to kLatestTimeMs.
Status require_time(std::string_view field, std::int64_t value_ms);

std::unexpected<Error> invalid(std::string_view field, std::string_view sentence_en, std::string_view sentence_zh);
/// kTooLarge: `what` would have `has`, the limit is `limit`.
std::unexpected<Error> over_limit(std::string_view what, std::size_t has, std::size_t limit);

}  // namespace chancery::contracts
