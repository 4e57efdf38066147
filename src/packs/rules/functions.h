#pragma once
// The functions and methods of rules: everything that is called by name and is not a macro. One table serves the
// evaluator and the check of a pack.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packs/rules/value.h"

namespace chancery::packs::rules {

/// Arithmetic fails with kOutOfBounds instead of wrapping around; division truncates towards zero as in CEL.
Result<std::int64_t> checked(std::string_view sign, std::int64_t a, std::int64_t b);

enum class CallStyle : std::uint8_t { kFunction, kMethod, kBoth };

struct Function {
  std::string_view name;
  CallStyle style;
  Kind gives;
  std::size_t needed;  ///< Arguments that must be there, the target of a method among them.
  std::vector<Kind> takes;
  Result<Value> (*run)(std::span<const Value> arguments);
  /// Steps beyond reading the arguments; nullptr where there are none.
  std::uint64_t (*extra_cost)(std::span<const Value> arguments) = nullptr;
};

std::span<const Function> all_functions();

/// The first function that may take these arguments from `from` on; kAny fits everything. nullptr: there is none.
const Function* find_function(std::string_view name, bool method, std::span<const Kind> arguments,
                              const Function* after = nullptr);

}  // namespace chancery::packs::rules
