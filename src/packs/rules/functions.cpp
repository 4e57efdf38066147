#include "packs/rules/functions.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <optional>

#include "base/bytes.h"
#include "packs/rules/moments.h"
#include "packs/rules/texts.h"

namespace chancery::packs::rules {

namespace {

__extension__ using Wide = __int128;
using Arguments = std::span<const Value>;

// The table has matched the kinds before a function runs.
std::int64_t integer(Arguments in, std::size_t i) {
  return *in[i].get<std::int64_t>();
}
const std::string& text(Arguments in, std::size_t i) {
  return *in[i].get<std::string>();
}
Timestamp moment(Arguments in, std::size_t i) {
  return *in[i].get<Timestamp>();
}

std::optional<std::int64_t> integer_of(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// "18.69" -> 1869 fen. At most two decimals, no sign but a leading minus, no thousands separators.
std::optional<std::int64_t> fen_of(std::string_view amount) {
  const bool negative = amount.starts_with('-');
  if (negative) amount.remove_prefix(1);
  const std::size_t dot = amount.find('.');
  std::string digits(amount.substr(0, dot));
  std::string_view fraction = dot == std::string_view::npos ? "" : amount.substr(dot + 1);
  if (digits.empty() || fraction.size() > 2 || (dot != std::string_view::npos && fraction.empty())) return std::nullopt;
  digits.append(fraction).append(2 - fraction.size(), '0');
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return integer_of(negative ? "-" + digits : digits);
}

std::unexpected<Error> not_convertible(std::string_view name, Kind kind) {
  return fail(Reason::kInvalidValue, fmt::format("{} cannot convert this {}", name, kind_name(kind)),
              fmt::format("{} 无法转换这个 {}", name, kind_name(kind)));
}

template <class T>
Result<Value> converted(std::string_view name, Kind from, std::optional<T> value) {
  if (!value) return not_convertible(name, from);
  return Value{*std::move(value)};
}

Result<Value> same(Arguments in) {
  return in[0];
}

Result<Value> text_of(Arguments in) {
  return Value{to_text(in[0])};
}

Result<Value> int_of_text(Arguments in) {
  return converted("int", Kind::kString, integer_of(text(in, 0)));
}

Result<Value> int_of_moment(Arguments in) {
  return Value{moment(in, 0).seconds};
}

Result<Value> moment_of_text(Arguments in) {
  return converted("timestamp", Kind::kString, parse_timestamp(text(in, 0)));
}

Result<Value> moment_of_int(Arguments in) {
  return converted("timestamp", Kind::kInt, within_calendar(integer(in, 0)));
}

Result<Value> yuan(Arguments in) {
  return converted("yuan", Kind::kString, fen_of(text(in, 0)));
}

/// amount * numerator / denominator, halves away from zero; the product is exact.
Result<Value> share(Arguments in) {
  const Wide denominator = integer(in, 2);
  if (denominator <= 0) {
    return fail(Reason::kInvalidValue, "share needs a denominator above zero", "share 的分母必须大于零");
  }
  const Wide product = Wide{integer(in, 0)} * integer(in, 1);
  const Wide rest = product % denominator;
  const bool away = (rest < 0 ? -rest : rest) * 2 >= denominator;
  const Wide rounded = product / denominator + (!away ? 0 : rest < 0 ? -1 : 1);
  if (rounded > std::numeric_limits<std::int64_t>::max() || rounded < std::numeric_limits<std::int64_t>::min()) {
    return fail(Reason::kOutOfBounds, "the share does not fit 64 bits", "share 的结果超出 64 位");
  }
  return Value{static_cast<std::int64_t>(rounded)};
}

Result<Value> size_of_text(Arguments in) {
  return Value{static_cast<std::int64_t>(utf8_length(text(in, 0)))};
}
Result<Value> size_of_list(Arguments in) {
  return Value{static_cast<std::int64_t>(in[0].list()->size())};
}
Result<Value> size_of_map(Arguments in) {
  return Value{static_cast<std::int64_t>(in[0].map()->size())};
}

Result<Value> contains(Arguments in) {
  return Value{text(in, 0).find(text(in, 1)) != std::string::npos};
}
Result<Value> starts_with(Arguments in) {
  return Value{text(in, 0).starts_with(text(in, 1))};
}
Result<Value> ends_with(Arguments in) {
  return Value{text(in, 0).ends_with(text(in, 1))};
}
Result<Value> pattern_matches(Arguments in) {
  ASSIGN_OR_RETURN(const bool yes, matches(text(in, 0), text(in, 1)));
  return Value{yes};
}
std::uint64_t cost_of_search(Arguments in) {
  return search_cost(text(in, 0), text(in, 1));
}
std::uint64_t cost_of_match(Arguments in) {
  return match_cost(text(in, 0), text(in, 1));
}

/// The offset in argument `i`, or UTC without one.
Result<std::int64_t> offset(Arguments in, std::size_t i) {
  if (in.size() <= i) return 0;
  if (const auto seconds = parse_offset(text(in, i))) return *seconds;
  return fail(Reason::kUnsupported, "only UTC and fixed offsets such as +08:00 are time zones of a rule",
              "规则的时区只能是 UTC 或 +08:00 这样的固定偏移");
}

Result<Value> in_calendar(std::optional<Timestamp> moment) {
  if (moment) return Value{*moment};
  return fail(Reason::kOutOfBounds, "a moment outside the years 1 to 9999", "时刻超出公元 1 年至 9999 年");
}

Result<Value> date(Arguments in) {
  ASSIGN_OR_RETURN(const std::int64_t seconds, offset(in, 1));
  const auto midnight = parse_date(text(in, 0));
  if (!midnight) return not_convertible("date", Kind::kString);
  return in_calendar(within_calendar(midnight->seconds - seconds));
}

Result<Value> days_later(Arguments in) {
  return in_calendar(plus_days(moment(in, 0), integer(in, 1)));
}

Result<Value> months_later(Arguments in) {
  ASSIGN_OR_RETURN(const std::int64_t seconds, offset(in, 2));
  return in_calendar(plus_months(moment(in, 0), integer(in, 1), seconds));
}

Result<Value> days_apart(Arguments in) {
  ASSIGN_OR_RETURN(const std::int64_t seconds, offset(in, 2));
  return Value{days_between(moment(in, 0), moment(in, 1), seconds)};
}

Result<Value> years_apart(Arguments in) {
  ASSIGN_OR_RETURN(const std::int64_t seconds, offset(in, 2));
  return Value{years_between(moment(in, 0), moment(in, 1), seconds)};
}

template <const char* kName>
Result<Value> part_of_moment(Arguments in) {
  ASSIGN_OR_RETURN(const std::int64_t seconds, offset(in, 1));
  return Value{*calendar_part(kName, moment(in, 0), seconds)};
}

template <const char* kName>
Function moment_getter() {
  return {kName, CallStyle::kMethod, Kind::kInt, 1, {Kind::kTimestamp, Kind::kString}, part_of_moment<kName>};
}

constexpr char kYear[] = "getFullYear", kMonth[] = "getMonth", kDate[] = "getDate", kDayOfMonth[] = "getDayOfMonth",
               kDayOfWeek[] = "getDayOfWeek", kDayOfYear[] = "getDayOfYear", kHours[] = "getHours",
               kMinutes[] = "getMinutes", kSeconds[] = "getSeconds";

std::vector<Function> make_table() {
  using enum CallStyle;
  using enum Kind;
  return {
      {"size", kBoth, kInt, 1, {kString}, size_of_text},
      {"size", kBoth, kInt, 1, {kList}, size_of_list},
      {"size", kBoth, kInt, 1, {kMap}, size_of_map},
      {"contains", kMethod, kBool, 2, {kString, kString}, contains, cost_of_search},
      {"startsWith", kMethod, kBool, 2, {kString, kString}, starts_with},
      {"endsWith", kMethod, kBool, 2, {kString, kString}, ends_with},
      {"matches", kBoth, kBool, 2, {kString, kString}, pattern_matches, cost_of_match},
      {"int", kFunction, kInt, 1, {kInt}, same},
      {"int", kFunction, kInt, 1, {kString}, int_of_text},
      {"int", kFunction, kInt, 1, {kTimestamp}, int_of_moment},
      {"string", kFunction, kString, 1, {kString}, same},
      {"string", kFunction, kString, 1, {kInt}, text_of},
      {"string", kFunction, kString, 1, {kBool}, text_of},
      {"string", kFunction, kString, 1, {kTimestamp}, text_of},
      {"timestamp", kFunction, kTimestamp, 1, {kTimestamp}, same},
      {"timestamp", kFunction, kTimestamp, 1, {kString}, moment_of_text},
      {"timestamp", kFunction, kTimestamp, 1, {kInt}, moment_of_int},
      {"date", kFunction, kTimestamp, 1, {kString, kString}, date},
      {"plusDays", kMethod, kTimestamp, 2, {kTimestamp, kInt}, days_later},
      {"plusMonths", kMethod, kTimestamp, 2, {kTimestamp, kInt, kString}, months_later},
      {"daysBetween", kFunction, kInt, 2, {kTimestamp, kTimestamp, kString}, days_apart},
      {"yearsBetween", kFunction, kInt, 2, {kTimestamp, kTimestamp, kString}, years_apart},
      moment_getter<kYear>(),
      moment_getter<kMonth>(),
      moment_getter<kDate>(),
      moment_getter<kDayOfMonth>(),
      moment_getter<kDayOfWeek>(),
      moment_getter<kDayOfYear>(),
      moment_getter<kHours>(),
      moment_getter<kMinutes>(),
      moment_getter<kSeconds>(),
      {"yuan", kFunction, kInt, 1, {kString}, yuan},
      {"share", kFunction, kInt, 3, {kInt, kInt, kInt}, share},
  };
}

bool may_take(const Function& function, std::span<const Kind> arguments) {
  if (arguments.size() < function.needed || arguments.size() > function.takes.size()) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] != Kind::kAny && arguments[i] != function.takes[i]) return false;
  }
  return true;
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
    if (b == 0) return fail(Reason::kInvalidValue, "division by zero", "除数为零");
    overflow = a == kLeast && b == -1;
    if (!overflow) out = sign == "/" ? a / b : a % b;
  }
  if (overflow) {
    return fail(Reason::kOutOfBounds, fmt::format("{} overflows 64 bits", sign),
                fmt::format("{} 的结果超出 64 位", sign));
  }
  return out;
}

std::span<const Function> all_functions() {
  static const std::vector<Function> table = make_table();
  return table;
}

const Function* find_function(std::string_view name, bool method, std::span<const Kind> arguments,
                              const Function* after) {
  for (const Function& function : all_functions()) {
    if (after != nullptr && &function <= after) continue;
    const bool styled = function.style == CallStyle::kBoth || (function.style == CallStyle::kMethod) == method;
    if (styled && function.name == name && may_take(function, arguments)) return &function;
  }
  return nullptr;
}

}  // namespace chancery::packs::rules
