// The grammars behind the formats of JSON Schema.

#include <algorithm>
#include <chrono>
#include <optional>

#include "packs/forms/formats.h"

namespace chancery::packs {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
bool is_letter_or_digit(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/// The number of `count` digits at `at`, or nullopt.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// "hh:mm" within a day, in minutes.
std::optional<int> minutes_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const std::optional<int> hour = digits(text, 0, 2);
  const std::optional<int> minute = digits(text, 3, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

/// The offset behind a time in minutes east of UTC: "Z" or "+hh:mm".
std::optional<int> offset_minutes(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::optional<int> minutes = minutes_of_day(text.substr(1));
  if (!minutes) return std::nullopt;
  return text[0] == '+' ? *minutes : -*minutes;
}

bool is_mailbox_text(char c) {
  return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_string(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return c == '.' || is_mailbox_text(c); });
}

bool is_quoted_string(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < 32 || text[i] > 126 || text[i] == '"') return false;
    if (text[i] != '\\') continue;
    ++i;
    if (i == text.size() || text[i] < 32 || text[i] > 126) return false;
  }
  return true;
}

bool is_address_literal(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return false;
  text = text.substr(1, text.size() - 2);
  return text.starts_with("IPv6:") ? is_ipv6(text.substr(5)) : is_ipv4(text);
}

}  // namespace

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const std::optional<int> year = digits(text, 0, 4);
  const std::optional<int> month = digits(text, 5, 2);
  const std::optional<int> day = digits(text, 8, 2);
  if (!year || !month || !day) return false;
  return std::chrono::year_month_day(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                     std::chrono::day(static_cast<unsigned>(*day)))
      .ok();
}

bool is_time(std::string_view text) {
  if (text.size() < 9 || text[5] != ':') return false;
  const std::optional<int> minutes = minutes_of_day(text.substr(0, 5));
  const std::optional<int> second = digits(text, 6, 2);
  if (!minutes || !second || *second > 60) return false;
  std::string_view rest = text.substr(8);
  if (rest[0] == '.') {
    const auto end = std::find_if_not(rest.begin() + 1, rest.end(), is_digit);
    if (end == rest.begin() + 1) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.begin()));
  }
  const std::optional<int> offset = offset_minutes(rest);
  if (!offset) return false;
  constexpr int kDay = 24 * 60;
  return *second < 60 || (*minutes - *offset + kDay) % kDay == kDay - 1;
}

bool is_date_time(std::string_view text) {
  return text.size() > 11 && (text[10] == 'T' || text[10] == 't') && is_date(text.substr(0, 10)) &&
         is_time(text.substr(11));
}

bool is_email(std::string_view text) {
  // RFC 5321 section 4.5.3.1: 64 octets before the sign, 254 in all. No sign at all is npos, beyond both.
  const std::size_t at = text.rfind('@');
  if (at > 64 || text.size() > 254) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  return (is_dot_string(local) || is_quoted_string(local)) && (is_hostname(domain) || is_address_literal(domain));
}

bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t dot = std::min(text.find('.', start), text.size());
    const std::string_view label = text.substr(start, dot - start);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::ranges::all_of(label, [](char c) { return c == '-' || is_letter_or_digit(c); })) return false;
    // RFC 5891 section 4.2.3.1 keeps "--" in the third and fourth place for A-labels.
    if (label.size() > 3 && label.substr(2, 2) == "--" && label.substr(0, 2) != "xn") return false;
    start = dot + 1;
  }
  return true;
}

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const std::size_t end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos || end == 0 || end > 3) return false;
    const std::optional<int> value = digits(text, 0, end);
    if (!value || *value > 255 || (end > 1 && text[0] == '0')) return false;
    text.remove_prefix(part < 3 ? end + 1 : end);
  }
  return text.empty();
}

bool is_ipv6(std::string_view text) {
  int groups = 0;
  bool compressed = false;
  if (text.starts_with("::")) {
    compressed = true;
    text.remove_prefix(2);
    if (text.empty()) return true;
  }
  while (true) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
      if (!is_ipv4(group)) return false;
      groups += 2;
      break;
    }
    if (group.empty() || group.size() > 4 || !std::ranges::all_of(group, is_hex)) return false;
    ++groups;
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
    if (text.starts_with(':')) {
      if (compressed) return false;
      compressed = true;
      text.remove_prefix(1);
      if (text.empty()) break;
    }
  }
  return compressed ? groups <= 7 : groups == 8;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen_here = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen_here ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
  }
  return true;
}

}  // namespace chancery::packs
