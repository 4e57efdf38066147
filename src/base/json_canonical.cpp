// RFC 8785, JSON Canonicalization Scheme.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/json.h"

namespace chancery {

namespace {

/// A byte of UTF-8 ranked so that comparing ranks orders like UTF-16: code points from U+10000 (lead bytes F0 to F4)
/// become surrogates there and stand before U+E000 to U+FFFF (lead bytes EE and EF).
int utf16_rank(char c) {
  const int byte = static_cast<unsigned char>(c);
  if (byte >= 0xF0) return byte - 2;
  if (byte >= 0xEE) return byte + 0x10;
  return byte;
}

bool before_in_utf16(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return utf16_rank(x) < utf16_rank(y); });
}

/// RFC 8785 section 3.2.2.2.
void write_string(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\b':
        out.append("\\b");
        break;
      case '\f':
        out.append("\\f");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out.append("\\u00");
          out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
          out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

/// ECMA-262 Number::toString, as RFC 8785 section 3.2.2.3 asks: the shortest digits that read back as the same double,
/// plain from 1e-6 up to below 1e21, else with an exponent.
void write_double(double value, std::string& out) {
  CHANCERY_CHECK(std::isfinite(value));
  if (value == 0) {
    out.push_back('0');
    return;
  }
  if (value < 0) out.push_back('-');
  char buffer[32];
  char* const end = std::to_chars(buffer, buffer + sizeof(buffer), std::fabs(value), std::chars_format::scientific).ptr;
  char* const exponent_mark = std::find(buffer, end, 'e');
  std::string digits(buffer, exponent_mark);
  std::erase(digits, '.');
  int exponent = 0;
  const char* exponent_text = exponent_mark + 1;
  if (*exponent_text == '+') ++exponent_text;
  std::from_chars(exponent_text, end, exponent);

  const int digit_count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the decimal point
  if (point > 0 && point <= 21) {
    if (digit_count <= point) {
      out.append(digits).append(static_cast<std::size_t>(point - digit_count), '0');
    } else {
      out.append(digits, 0, static_cast<std::size_t>(point)).push_back('.');
      out.append(digits, static_cast<std::size_t>(point));
    }
  } else if (point > -6 && point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else {
    out.push_back(digits[0]);
    if (digit_count > 1) out.append(".").append(digits, 1);
    out.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
  }
}

void write_value(const Json& value, std::string& out) {
  switch (value.type()) {
    case Json::value_t::null:
      out.append("null");
      break;
    case Json::value_t::boolean:
      out.append(value.get<bool>() ? "true" : "false");
      break;
    case Json::value_t::number_integer:
      out.append(std::to_string(value.get<std::int64_t>()));
      break;
    case Json::value_t::number_unsigned:
      out.append(std::to_string(value.get<std::uint64_t>()));
      break;
    case Json::value_t::number_float:
      write_double(value.get<double>(), out);
      break;
    case Json::value_t::string:
      write_string(value.get_ref<const std::string&>(), out);
      break;
    case Json::value_t::array: {
      out.push_back('[');
      bool first = true;
      for (const Json& item : value) {
        if (!first) out.push_back(',');
        first = false;
        write_value(item, out);
      }
      out.push_back(']');
      break;
    }
    case Json::value_t::object: {
      std::vector<const Json::object_t::value_type*> members;
      members.reserve(value.size());
      for (const auto& member : value.get_ref<const Json::object_t&>()) members.push_back(&member);
      std::ranges::sort(members, before_in_utf16, [](const auto* member) -> std::string_view { return member->first; });
      out.push_back('{');
      bool first = true;
      for (const auto* member : members) {
        if (!first) out.push_back(',');
        first = false;
        write_string(member->first, out);
        out.push_back(':');
        write_value(member->second, out);
      }
      out.push_back('}');
      break;
    }
    case Json::value_t::binary:
    case Json::value_t::discarded:
      CHANCERY_CHECK(false && "not a JSON value");
  }
}

}  // namespace

std::string canonical_json(const Json& value) {
  std::string out;
  write_value(value, out);
  return out;
}

}  // namespace chancery
