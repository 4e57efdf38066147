#pragma once
// The shapes of names in a pack.

#include <optional>
#include <string_view>

#include "packs/rules/value.h"

namespace chancery::packs {

/// Small letters, digits and hyphens, a letter first, at most 64.
bool is_identifier(std::string_view name);
/// "1.0.0": three numbers without leading zeros, each at most five digits.
bool is_version(std::string_view text);
/// Names of rules with dots between them, at most 128 bytes.
bool is_fact_path(std::string_view path);
/// A relative path that stays below its folder, in letters, digits, "-", "_", "." and "/".
bool is_path_within(std::string_view path);
/// "int" and so on; not "null" or "any", which no fact is.
std::optional<rules::Kind> kind_of_name(std::string_view name);

}  // namespace chancery::packs
