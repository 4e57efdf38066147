#include "packs/forms/formats.h"

#include <algorithm>

#include "base/national_ids.h"
#include "packs/forms/ecma_regex.h"
#include "packs/forms/uri_reference.h"

namespace chancery::packs {

namespace {

bool is_citizen_number(std::string_view text) {
  return parse_citizen_number(text).has_value();
}
bool is_credit_code(std::string_view text) {
  return parse_unified_credit_code(text).has_value();
}
bool is_certificate_identifier(std::string_view text) {
  return parse_certificate_identifier(text).has_value();
}

bool is_division_code(std::string_view text) {
  if (text.size() != 6) return false;
  std::uint32_t code = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    code = code * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return find_division(code).has_value();
}

constexpr Format kFormats[] = {
    {"date", is_date, "日期（年-月-日）", "a date (year-month-day)"},
    {"time", is_time, "时间（RFC 3339）", "a time of RFC 3339"},
    {"date-time", is_date_time, "日期和时间（RFC 3339）", "a date and time of RFC 3339"},
    {"email", is_email, "电子邮箱地址", "an e-mail address"},
    {"hostname", is_hostname, "主机名", "a host name"},
    {"ipv4", is_ipv4, "IPv4 地址", "an IPv4 address"},
    {"ipv6", is_ipv6, "IPv6 地址", "an IPv6 address"},
    {"uri", is_uri, "网址（URI）", "a URI"},
    {"uri-reference", is_uri_reference, "网址引用（URI reference）", "a URI reference"},
    {"uuid", is_uuid, "UUID", "a UUID"},
    {"regex", is_ecma_pattern, "正则表达式（ECMA-262）", "a regular expression of ECMA-262"},
    {"json-pointer", is_json_pointer, "JSON Pointer", "a JSON Pointer"},
    {"cn-citizen-id", is_citizen_number, "公民身份号码", "a citizen number (GB 11643)"},
    {"cn-uscc", is_credit_code, "统一社会信用代码", "a unified social credit code (GB 32100)"},
    {"cn-division", is_division_code, "行政区划代码", "a division code (GB/T 2260)"},
    {"gbt-36904", is_certificate_identifier, "电子证照标识", "a certificate identifier (GB/T 36904)"},
};

}  // namespace

const Format* find_format(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &Format::name);
  return found == std::end(kFormats) ? nullptr : found;
}

}  // namespace chancery::packs
