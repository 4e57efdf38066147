#include "contracts/field_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace chancery::contracts {

namespace {

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The code point at the front of valid UTF-8, which it removes.
char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t point = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) point = (point << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  text.remove_prefix(size);
  return point;
}

/// Controls, line and paragraph separators, and what reorders or hides text (Unicode bidi controls, zero-width, BOM).
constexpr bool is_deceptive(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0x00AD || (c >= 0xFFF0 && c <= 0xFFFF) || c >= 0xE0000;
}

constexpr bool is_space(char32_t c) {
  return c == ' ' || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A);
}

}  // namespace

bool is_account_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
  });
}

bool is_organisation_id(std::string_view text) {
  return is_type_id(text) && text.size() <= 32;
}

bool is_type_id(std::string_view text) {
  return text.size() >= 2 && text.size() <= 64 && text.front() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_role(std::string_view text) {
  return text.size() >= 2 && text.size() <= 32 && is_lower(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '-'; });
}

bool is_method(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  const auto is_name = [](std::string_view name) {
    return !name.empty() && name.size() <= 64 && is_lower(name.front()) &&
           std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
  };
  return is_name(text.substr(0, dot)) && is_name(text.substr(dot + 1));
}

Status require_account_id(std::string_view field, std::string_view value) {
  if (is_account_id(value)) return {};
  return invalid(field, "must be 1 to 64 of a-z 0-9 . _ -", "应为 1 至 64 个 a-z 0-9 . _ - 字符");
}

Status require_organisation_id(std::string_view field, std::string_view value) {
  if (is_organisation_id(value)) return {};
  return invalid(field, "must be 2 to 32 of a-z 0-9 -, not beginning with a hyphen",
                 "应为 2 至 32 个 a-z 0-9 - 字符，且不以连字符开头");
}

Status require_text(std::string_view field, std::string_view value, std::size_t min_chars, std::size_t max_chars) {
  if (!is_utf8(value)) return invalid(field, "is no valid UTF-8", "不是有效的 UTF-8 文本");
  const std::size_t chars = utf8_length(value);
  if (chars < min_chars || chars > max_chars) {
    return invalid(field, fmt::format("has {} characters, it must have {} to {}", chars, min_chars, max_chars),
                   fmt::format("为 {} 个字符，应为 {} 至 {} 个", chars, min_chars, max_chars));
  }
  char32_t last = 0;
  for (std::string_view rest = value; !rest.empty();) {
    const bool first = rest.size() == value.size();
    last = take_code_point(rest);
    if (is_deceptive(last)) return invalid(field, "has a control or invisible character", "含有控制字符或不可见字符");
    if (first && is_space(last)) return invalid(field, "begins with white space", "以空白开头");
  }
  if (is_space(last)) return invalid(field, "ends with white space", "以空白结尾");
  return {};
}

Status require_token(std::string_view field, std::string_view value, std::size_t max_bytes) {
  const bool printable = std::ranges::all_of(value, [](char c) { return c > ' ' && c < 0x7F; });
  if (printable && value.size() <= max_bytes) return {};
  return invalid(field, fmt::format("must be at most {} printable ASCII characters without spaces", max_bytes),
                 fmt::format("应为不超过 {} 个可打印 ASCII 字符，不含空格", max_bytes));
}

Status require_time(std::string_view field, std::int64_t value_ms) {
  if (value_ms >= 0 && value_ms <= kLatestTimeMs) return {};
  return invalid(field, "is no time between 1970 and 9999, in milliseconds", "不是 1970 至 9999 年之间的毫秒时间");
}

std::unexpected<Error> invalid(std::string_view field, std::string_view sentence_en, std::string_view sentence_zh) {
  return fail(Reason::kInvalidValue, fmt::format("{} {}", field, sentence_en),
              fmt::format("{} {}", field, sentence_zh));
}

std::unexpected<Error> over_limit(std::string_view what, std::size_t has, std::size_t limit) {
  return fail(Reason::kTooLarge, fmt::format("{} would be {}, the limit is {}", what, has, limit),
              fmt::format("{} 将达到 {}，上限为 {}", what, has, limit));
}

}  // namespace chancery::contracts
