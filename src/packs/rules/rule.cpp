#include "packs/rules/rule.h"

#include "packs/rules/checker.h"
#include "packs/rules/evaluator.h"
#include "packs/rules/explanation.h"

namespace chancery::packs::rules {

Result<Rule> Rule::read(std::string_view text) {
  ASSIGN_OR_RETURN(Expr expr, parse_rule(text));
  return Rule(std::string(text), std::move(expr));
}

Status Rule::check(const DeclaredFacts& declared) const {
  return check_guard(text_, expr_, declared);
}

Result<Value> Rule::evaluate(const Facts& facts, std::uint64_t max_cost) const {
  return Evaluator(facts, max_cost).evaluate(expr_);
}

Verdict Rule::judge(const Facts& facts, std::uint64_t max_cost) const {
  return explained_verdict(text_, expr_, facts, max_cost);
}

}  // namespace chancery::packs::rules
