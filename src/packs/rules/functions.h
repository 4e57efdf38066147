#pragma once
// The functions and methods of rules: everything that is called by name and is not a macro.

#include <span>
#include <string_view>

#include "base/result.h"
#include "packs/rules/value.h"

namespace chancery::packs::rules {

/// Arithmetic fails with kOutOfBounds instead of wrapping around; division truncates towards zero as in CEL.
Result<std::int64_t> checked(std::string_view sign, std::int64_t a, std::int64_t b);

/// `arguments` begin with the target of a method. Fails with kUnsupported for an unknown name or types it does not
/// take, kInvalidValue for a value that it cannot convert.
Result<Value> call_function(std::string_view name, bool method, std::span<const Value> arguments);

}  // namespace chancery::packs::rules
