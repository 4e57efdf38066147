#pragma once
// JSON numbers compared and divided as the decimal numbers that their texts mean, without rounding.

#include <compare>

#include "base/json.h"

namespace chancery::packs {

/// Both must be numbers.
std::strong_ordering compare_numbers(const Json& a, const Json& b);

/// True when `value` is an integer times `divisor`; the divisor must be above zero. A double stands for the shortest
/// decimal that reads back as it, so that 0.3 is a multiple of 0.1.
bool is_multiple_of(const Json& value, const Json& divisor);

/// Also 1.0.
bool is_integer(const Json& number);

}  // namespace chancery::packs
