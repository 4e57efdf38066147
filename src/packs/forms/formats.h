#pragma once
// The formats that a schema may assert: those of JSON Schema Validation section 7.3 that we check, and four of our own.
// A format that is not in the table is an annotation and never fails (section 7.2.3).

#include <string_view>

namespace chancery::packs {

using FormatCheck = bool (*)(std::string_view text);

struct Format {
  std::string_view name;
  FormatCheck check;
  std::string_view text_zh;  ///< "日期（年-月-日）"
  std::string_view text_en;  ///< "a date (year-month-day)"
};

/// Null when the format is not asserted. Ours: cn-citizen-id (GB 11643), cn-uscc (GB 32100), cn-division (GB/T 2260,
/// six digits), gbt-36904 (certificate identifier).
const Format* find_format(std::string_view name);

/// RFC 3339 section 5.6 full-date, full-time, date-time. A leap second stands only at 23:59 UTC.
bool is_date(std::string_view text);
bool is_time(std::string_view text);
bool is_date_time(std::string_view text);
/// RFC 5321 section 4.1.2 Mailbox, ASCII.
bool is_email(std::string_view text);
/// RFC 1123 section 2.1; labels that begin with "xn--" are not decoded.
bool is_hostname(std::string_view text);
/// RFC 2673 section 3.2 dotted-quad.
bool is_ipv4(std::string_view text);
/// RFC 4291 section 2.2, without a zone.
bool is_ipv6(std::string_view text);
/// RFC 4122 section 3, either case.
bool is_uuid(std::string_view text);
/// RFC 6901 section 5.
bool is_json_pointer(std::string_view text);

}  // namespace chancery::packs
