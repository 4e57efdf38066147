#include "documents/cms/asn1_time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace chancery::documents {

namespace {

constexpr std::int64_t kDay_ms = 86'400'000;
constexpr std::int64_t kLatest_ms = 253'402'300'799'999;  // the last millisecond of 9999

std::unexpected<Error> malformed_time() {
  return fail(Reason::kMalformed, "a time that is not in the form of DER", "时间格式不符合 DER");
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

int number(std::string_view digits) {
  int out = 0;
  for (const char c : digits) out = out * 10 + (c - '0');
  return out;
}

/// ".5Z" gives 500; "Z" gives 0; -1 for anything else.
int fraction_ms(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() < 3 || text.size() > 8 || text.front() != '.' || text.back() != 'Z') return -1;
  std::string digits(text.substr(1, text.size() - 2));
  if (!all_digits(digits) || digits.back() == '0') return -1;
  digits.resize(3, '0');
  return number(digits);
}

/// "YYYYMMDDhhmmss" in UTC.
std::string digits_of(std::int64_t at_ms) {
  CHANCERY_CHECK(at_ms >= 0 && at_ms <= kLatest_ms);
  const std::chrono::sys_days day{std::chrono::days(at_ms / kDay_ms)};
  const std::chrono::year_month_day date(day);
  const auto second = static_cast<int>(at_ms % kDay_ms / 1000);
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%04d%02u%02u%02d%02d%02d", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   second / 3600, second / 60 % 60, second % 60);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

Result<std::int64_t> read_time(crypto::DerReader& reader) {
  ASSIGN_OR_RETURN(const crypto::DerReader::Element element, reader.next());
  const std::string_view text = as_text(element.content);
  const bool utc = element.tag == kUtcTimeTag;
  const std::size_t year_digits = utc ? 2 : 4;
  const std::size_t digits = year_digits + 10;
  if ((!utc && element.tag != kGeneralizedTimeTag) || text.size() <= digits || !all_digits(text.substr(0, digits))) {
    return malformed_time();
  }
  const int ms = fraction_ms(text.substr(digits));
  if (ms < 0 || (utc && text.size() != digits + 1)) return malformed_time();
  const auto two = [&](std::size_t place) { return number(text.substr(year_digits + 2 * place, 2)); };
  int year = number(text.substr(0, year_digits));
  if (utc) year += year < 50 ? 2000 : 1900;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(two(0))),
                                         std::chrono::day(static_cast<unsigned>(two(1)))};
  if (year < 1970 || !date.ok() || two(2) > 23 || two(3) > 59 || two(4) > 59) return malformed_time();
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * kDay_ms + (two(2) * 3600 + two(3) * 60 + two(4)) * std::int64_t{1000} + ms;
}

Bytes generalized_time(std::int64_t at_ms) {
  std::string text = digits_of(at_ms);
  if (const std::int64_t ms = at_ms % 1000; ms != 0) {
    std::string fraction = std::to_string(1000 + ms).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    text += "." + fraction;
  }
  return crypto::der::element(kGeneralizedTimeTag, as_bytes(text + "Z"));
}

Bytes signing_time(std::int64_t at_ms) {
  const std::string text = digits_of(at_ms) + "Z";
  if (text < "2050") return crypto::der::element(kUtcTimeTag, as_bytes(std::string_view(text).substr(2)));
  return crypto::der::element(kGeneralizedTimeTag, as_bytes(text));
}

}  // namespace chancery::documents
