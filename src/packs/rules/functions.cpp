#include "packs/rules/functions.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <charconv>
#include <limits>
#include <optional>

#include "base/bytes.h"
#include "packs/rules/moments.h"

namespace chancery::packs::rules {

namespace {

__extension__ using Wide = __int128;

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "18.69" -> 1869 fen. At most two decimals, no sign but a leading minus, no thousands separators.
std::optional<std::int64_t> fen_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t dot = text.find('.');
  std::string digits(text.substr(0, dot));
  std::string_view fraction = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  if (digits.empty() || fraction.size() > 2 || (dot != std::string_view::npos && fraction.empty())) return std::nullopt;
  digits.append(fraction).append(2 - fraction.size(), '0');
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return integer_of(negative ? "-" + digits : digits);
}

/// amount * numerator / denominator, halves away from zero; the product is exact.
Result<Value> share(std::int64_t amount, std::int64_t numerator, std::int64_t denominator) {
  if (denominator <= 0) return fail(Reason::kInvalidValue, "share needs a denominator above zero");
  const Wide product = Wide{amount} * numerator;
  const Wide twice = product * 2 + (product < 0 ? -Wide{denominator} : Wide{denominator});
  const Wide rounded = twice / (Wide{denominator} * 2);
  if (rounded > std::numeric_limits<std::int64_t>::max() || rounded < std::numeric_limits<std::int64_t>::min()) {
    return fail(Reason::kOutOfBounds, "the share does not fit 64 bits");
  }
  return Value{static_cast<std::int64_t>(rounded)};
}

Result<Value> text_method(std::string_view name, const std::string& text, const std::string& other) {
  if (name == "contains") return Value{text.find(other) != std::string::npos};
  if (name == "startsWith") return Value{text.starts_with(other)};
  if (name == "endsWith") return Value{text.ends_with(other)};
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  const RE2 pattern(other, options);
  if (!pattern.ok()) return fail(Reason::kInvalidValue, "matches: not a pattern of RE2");
  return Value{RE2::PartialMatch(text, pattern)};
}

Result<Value> convert(std::string_view name, const Value& value) {
  const auto* text = value.get<std::string>();
  const auto* number = value.get<std::int64_t>();
  const auto* moment = value.get<Timestamp>();
  std::optional<Value> out;
  if (name == "int") {
    if (number != nullptr) out = value;
    if (moment != nullptr) out = Value{moment->seconds};
    if (const auto read = text == nullptr ? std::nullopt : integer_of(*text)) out = Value{*read};
  } else if (name == "string") {
    if (text != nullptr) out = value;
    if (number != nullptr || value.get<bool>() != nullptr || moment != nullptr) out = Value{to_text(value)};
  } else if (name == "timestamp") {
    constexpr std::int64_t kFirst = -62135596800, kLast = 253402300799;  // the years 1 to 9999
    if (moment != nullptr) out = value;
    if (number != nullptr && *number >= kFirst && *number <= kLast) out = Value{Timestamp{*number}};
    if (const auto read = text == nullptr ? std::nullopt : parse_timestamp(*text)) out = Value{*read};
  } else if (const auto fen = text == nullptr ? std::nullopt : fen_of(*text)) {
    out = Value{*fen};
  }
  if (!out) return fail(Reason::kInvalidValue, fmt::format("{} cannot convert this {}", name, value.type_name()));
  return *std::move(out);
}

std::optional<std::int64_t> size_of(const Value& value) {
  if (const auto* text = value.get<std::string>()) return static_cast<std::int64_t>(utf8_length(*text));
  if (const List* list = value.list()) return static_cast<std::int64_t>(list->size());
  if (const Map* map = value.map()) return static_cast<std::int64_t>(map->size());
  return std::nullopt;
}

Result<Value> moment_part(std::string_view name, Timestamp moment, std::span<const Value> rest) {
  std::optional<std::int64_t> offset = 0;
  if (!rest.empty()) {
    const auto* zone = rest[0].get<std::string>();
    offset = zone == nullptr ? std::nullopt : parse_offset(*zone);
  }
  if (!offset) return fail(Reason::kUnsupported, "only UTC and fixed offsets such as +08:00 are time zones of a rule");
  const auto part = calendar_part(name, moment, *offset);
  if (!part) return fail(Reason::kUnsupported, fmt::format("a timestamp has no {}", name));
  return Value{*part};
}

}  // namespace

Result<std::int64_t> checked(std::string_view sign, std::int64_t a, std::int64_t b) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  std::int64_t out = 0;
  bool overflow = false;
  if (sign == "+") {
    overflow = __builtin_add_overflow(a, b, &out);
  } else if (sign == "-") {
    overflow = __builtin_sub_overflow(a, b, &out);
  } else if (sign == "*") {
    overflow = __builtin_mul_overflow(a, b, &out);
  } else {
    if (b == 0) return fail(Reason::kInvalidValue, "division by zero");
    overflow = a == kLeast && b == -1;
    if (!overflow) out = sign == "/" ? a / b : a % b;
  }
  if (overflow) return fail(Reason::kOutOfBounds, fmt::format("{} overflows 64 bits", sign));
  return out;
}

Result<Value> call_function(std::string_view name, bool method, std::span<const Value> arguments) {
  const auto number = [&](std::size_t i) { return i < arguments.size() ? arguments[i].get<std::int64_t>() : nullptr; };
  if (name == "size" && arguments.size() == 1) {
    if (const auto size = size_of(arguments[0])) return Value{*size};
  }
  const bool conversion = name == "int" || name == "string" || name == "timestamp" || name == "yuan";
  if (!method && conversion && arguments.size() == 1) return convert(name, arguments[0]);
  if (!method && name == "share" && arguments.size() == 3 && number(0) && number(1) && number(2)) {
    return share(*number(0), *number(1), *number(2));
  }
  const auto* text = arguments.empty() ? nullptr : arguments[0].get<std::string>();
  if (text != nullptr && arguments.size() == 2 && arguments[1].get<std::string>() != nullptr) {
    const bool search = name == "contains" || name == "startsWith" || name == "endsWith";
    if ((method && search) || name == "matches") return text_method(name, *text, *arguments[1].get<std::string>());
  }
  const auto* moment = arguments.empty() ? nullptr : arguments[0].get<Timestamp>();
  if (method && moment != nullptr && arguments.size() <= 2) return moment_part(name, *moment, arguments.subspan(1));
  return fail(Reason::kUnsupported, fmt::format("no function {} for these types", name));
}

}  // namespace chancery::packs::rules
