#include "packs/forms/exact_number.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace chancery::packs {

namespace {

// Holds every int64, uint64 and double exactly.
using Wide = long double;
static_assert(std::numeric_limits<Wide>::digits >= 64);
__extension__ using U128 = unsigned __int128;

Wide wide(const Json& number) {
  if (number.is_number_unsigned()) return static_cast<Wide>(number.get<std::uint64_t>());
  if (number.is_number_integer()) return static_cast<Wide>(number.get<std::int64_t>());
  return static_cast<Wide>(number.get<double>());
}

/// |number| = digits * 10^exponent
struct Decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

Decimal decimal(const Json& number) {
  if (number.is_number_unsigned()) return {number.get<std::uint64_t>(), 0};
  if (number.is_number_integer()) {
    const auto value = number.get<std::int64_t>();
    return {value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value), 0};
  }
  char buffer[32];
  char* const end =
      std::to_chars(buffer, buffer + sizeof(buffer), std::fabs(number.get<double>()), std::chars_format::scientific)
          .ptr;
  Decimal out;
  bool after_point = false;
  for (const char* c = buffer; c != end; ++c) {
    if (*c == '.') {
      after_point = true;
    } else if (*c == 'e') {
      int exponent = 0;
      std::from_chars(c[1] == '+' ? c + 2 : c + 1, end, exponent);
      out.exponent += exponent;
      break;
    } else {
      out.digits = out.digits * 10 + static_cast<std::uint64_t>(*c - '0');
      if (after_point) --out.exponent;
    }
  }
  return out;
}

}  // namespace

std::strong_ordering compare_numbers(const Json& a, const Json& b) {
  const Wide x = wide(a);
  const Wide y = wide(b);
  return x < y ? std::strong_ordering::less : x > y ? std::strong_ordering::greater : std::strong_ordering::equal;
}

bool is_multiple_of(const Json& value, const Json& divisor) {
  const Decimal a = decimal(value);
  const Decimal b = decimal(divisor);
  CHANCERY_CHECK(b.digits != 0);
  if (a.digits == 0) return true;
  // Divide the power of ten out of whichever side has it.
  std::uint64_t remaining = a.digits;
  for (int i = a.exponent; i < b.exponent; ++i) {
    if (remaining % 10 != 0) return false;
    remaining /= 10;
  }
  std::uint64_t remainder = remaining % b.digits;
  for (int i = b.exponent; i < a.exponent && remainder != 0; ++i) {
    remainder = static_cast<std::uint64_t>(U128{remainder} * 10 % b.digits);
  }
  return remainder == 0;
}

bool is_integer(const Json& number) {
  return number.is_number_integer() || (number.is_number_float() && std::floor(number.get<double>()) == number);
}

}  // namespace chancery::packs
