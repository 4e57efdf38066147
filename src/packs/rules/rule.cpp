#include "packs/rules/rule.h"

#include <fmt/format.h>

#include "packs/rules/evaluator.h"
#include "packs/rules/lexer.h"

namespace chancery::packs::rules {

namespace {

/// The smallest part whose answer made the whole false.
Result<const Expr*> deciding_part(Evaluator& evaluator, const Expr& expr) {
  if (expr.kind != ExprKind::kCall) return &expr;
  if (expr.name == "&&") {
    for (const Expr& part : expr.parts) {
      const auto answer = evaluator.evaluate(part);
      if (answer && answer->is(false)) return deciding_part(evaluator, part);
      if (!answer && answer.error().reason == Reason::kTooLarge) return std::unexpected(answer.error());
    }
  }
  if (expr.name == "?:") {
    ASSIGN_OR_RETURN(const Value condition, evaluator.evaluate(expr.parts[0]));
    return deciding_part(evaluator, expr.parts[condition.is(true) ? 1 : 2]);
  }
  return &expr;
}

}  // namespace

Result<Rule> Rule::read(std::string_view text) {
  ASSIGN_OR_RETURN(Expr expr, parse_rule(text));
  return Rule(std::string(text), std::move(expr));
}

Result<Value> Rule::evaluate(const Facts& facts, std::uint64_t max_cost) const {
  return Evaluator(facts, max_cost).evaluate(expr_);
}

Result<Verdict> Rule::judge(const Facts& facts, std::uint64_t max_cost) const {
  ASSIGN_OR_RETURN(const Value answer, evaluate(facts, max_cost));
  if (answer.get<bool>() == nullptr) return fail(Reason::kUnsupported, "a guard has to be true or false");
  if (answer.is(true)) return Verdict{true, std::nullopt};
  // Each level of the rule is evaluated again on the way down, so the search has its own, larger bound.
  Evaluator evaluator(facts, max_cost * kMaxTreeHeight);
  ASSIGN_OR_RETURN(const Expr* part, deciding_part(evaluator, expr_));
  evaluator.forget_used();
  TRY(evaluator.evaluate(*part));
  Refusal refusal{text_.substr(part->begin, part->end - part->begin), place_in(text_, part->begin), {}};
  for (const std::string& path : evaluator.used()) {
    const Fact& fact = facts.find(path)->second;
    refusal.facts.push_back({path, to_text(fact.value), fact.source_zh, fact.source_en});
  }
  return Verdict{false, std::move(refusal)};
}

std::string Refusal::text(Language language) const {
  const bool zh = language == Language::kZhCn;
  std::string out(reason_text(Reason::kInvalidValue).title(language));
  out += zh ? fmt::format("：规则“{}”不成立", expression) : fmt::format(": the rule \"{}\" does not hold", expression);
  for (const UsedFact& fact : facts) {
    out += zh ? fmt::format("；{} 为 {}（来源：{}）", fact.path, fact.value, fact.source_zh)
              : fmt::format("; {} is {} (source: {})", fact.path, fact.value, fact.source_en);
  }
  out += zh ? "。" : ".";
  return out;
}

}  // namespace chancery::packs::rules
