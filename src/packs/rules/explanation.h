#pragma once
// Judges a rule and remembers which part of it decided, in one evaluation.

#include <cstdint>
#include <string_view>

#include "packs/rules/rule.h"

namespace chancery::packs::rules {

/// `expr` is the tree of `text`. Costs what Evaluator::evaluate costs, and a step for each fact
/// that a part without the wanted answer looked at.
Verdict explained_verdict(std::string_view text, const Expr& expr, const Facts& facts, std::uint64_t max_cost);

}  // namespace chancery::packs::rules
