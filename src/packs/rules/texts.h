#pragma once
// The functions that search in texts, and what they cost.

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace chancery::packs::rules {

/// Searching may look at every pair of 16 bytes of the one and the other.
std::uint64_t search_cost(std::string_view text, std::string_view wanted);

/// Compiling a pattern and running it, from their lengths and the pattern's repetitions: never from RE2's own
/// measures, which another version of RE2 could change on one of the nodes.
std::uint64_t match_cost(std::string_view text, std::string_view pattern);

/// Whether the pattern, in the syntax of RE2, matches a part of the text. Linear time. Fails with kInvalidValue for
/// what is no pattern.
Result<bool> matches(std::string_view text, std::string_view pattern);

}  // namespace chancery::packs::rules
