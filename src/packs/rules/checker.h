#pragma once
// What can be said about a guard before any fact is known: which facts it uses, which functions, and which kinds of
// values meet. Looser than CEL's checker where a kind is unknown (items of lists and maps).

#include <string_view>

#include "packs/rules/rule.h"

namespace chancery::packs::rules {

/// As Rule::check; the first mistake in the order of the text.
Status check_guard(std::string_view text, const Expr& expr, const DeclaredFacts& declared);

}  // namespace chancery::packs::rules
