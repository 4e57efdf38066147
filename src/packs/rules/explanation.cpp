#include "packs/rules/explanation.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "packs/rules/evaluator.h"

namespace chancery::packs::rules {

namespace {

/// Walks down where one part alone can decide (&&, ?:, !, all, and || and exists under a "!") and leaves everything
/// else to the evaluator.
class Judge {
 public:
  Judge(std::string_view text, const Facts& facts, std::uint64_t max_cost)
      : text_(text), facts_(facts), evaluator_(facts, max_cost) {}

  Verdict judge(const Expr& expr) {
    const auto answer = decide(expr, true);
    if (answer && answer->is(true)) return {true, std::nullopt};
    CHANCERY_CHECK(refusal_.has_value());
    return {false, std::move(refusal_)};
  }

 private:
  /// The value of `expr`; refusal_ is set exactly when it is not `wanted`.
  Result<Value> decide(const Expr& expr, bool wanted) {
    refusal_.reset();
    if (expr.kind == ExprKind::kMacro && expr.name == (wanted ? "all" : "exists")) return every_item(expr, wanted);
    if (expr.kind != ExprKind::kCall) return leaf(expr, wanted);
    if (expr.name == "!") return negation(expr, wanted);
    if (expr.name == (wanted ? "&&" : "||")) return both(expr, wanted);
    if (expr.name == "?:") return branch(expr, wanted);
    return leaf(expr, wanted);
  }

  Result<Value> leaf(const Expr& expr, bool wanted) {
    evaluator_.forget_used();
    auto answer = evaluator_.evaluate(expr);
    if (answer && answer->get<bool>() == nullptr) answer = not_a_bool(*answer);
    if (!answer || !answer->is(wanted)) refuse(expr, wanted, answer ? nullptr : &answer.error());
    return answer;
  }

  static std::unexpected<Error> not_a_bool(const Value& value) {
    const std::string_view kind = kind_name(value.kind());
    return fail(Reason::kUnsupported, fmt::format("the answer has to be true or false, not a {}", kind),
                fmt::format("结果应为真或假，而不是 {}", kind));
  }

  void refuse(const Expr& expr, bool wanted, const Error* error) {
    Refusal refusal;
    if (error != nullptr) {
      refusal.reason = error->reason;
      refusal.detail_en = error->detail;
      refusal.detail_zh = error->detail_zh;
    }
    refusal.expression = text_.substr(expr.begin, expr.end - expr.begin);
    refusal.must_hold = wanted;
    refusal.place = place_in(text_, expr.begin);
    for (const auto& [variable, value] : bindings_)
      refusal.bindings.push_back({std::string(variable), to_text(*value)});
    std::set<std::string> paths = evaluator_.used();
    paths.insert(conditions_.begin(), conditions_.end());
    for (const std::string& path : paths) refusal.facts.push_back(used_fact(path));
    refusal_ = std::move(refusal);
    // A refusal that turns out not to decide is written and thrown away: it has its price. Where the price cannot be
    // paid, the next step fails for it.
    static_cast<void>(evaluator_.pay(paths.size()));
  }

  /// A refusal of `expr` where the rule may not go on.
  Status afforded(Status paid, const Expr& expr, bool wanted) {
    if (!paid) refuse(expr, wanted, &paid.error());
    return paid;
  }

  UsedFact used_fact(const std::string& path) const {
    const auto found = facts_.find(path);
    if (found == facts_.end()) return {path, std::nullopt, "", ""};
    const Fact& fact = found->second;
    return {path, fact.value ? std::optional(to_text(*fact.value)) : std::nullopt, fact.source_zh, fact.source_en};
  }

  Result<Value> negation(const Expr& expr, bool wanted) {
    TRY(afforded(evaluator_.pay(1), expr, wanted));
    auto inner = decide(expr.parts[0], !wanted);
    if (!inner) return inner;
    return Value{inner->is(false)};
  }

  /// Both parts have to be `wanted`; one that is not decides, whatever error the other has.
  Result<Value> both(const Expr& expr, bool wanted) {
    TRY(afforded(evaluator_.pay(1), expr, wanted));
    auto left = decide(expr.parts[0], wanted);
    if (left ? left->is(!wanted) : is_final(left.error())) return left;
    auto of_left = std::move(refusal_);
    auto right = decide(expr.parts[1], wanted);
    if (right ? right->is(!wanted) : is_final(right.error())) return right;
    if (!left) refusal_ = std::move(of_left);
    return joined(expr.name, std::move(left), std::move(right));
  }

  /// The facts of the condition belong to the reason: they chose the branch.
  Result<Value> branch(const Expr& expr, bool wanted) {
    TRY(afforded(evaluator_.pay(1), expr, wanted));
    evaluator_.forget_used();
    auto condition = evaluator_.evaluate(expr.parts[0]);
    if (condition && condition->get<bool>() == nullptr) condition = not_a_bool(*condition);
    if (!condition) {
      refuse(expr.parts[0], wanted, &condition.error());
      return condition;
    }
    const std::size_t known = conditions_.size();
    conditions_.insert(conditions_.end(), evaluator_.used().begin(), evaluator_.used().end());
    auto answer = decide(expr.parts[condition->is(true) ? 1 : 2], wanted);
    conditions_.resize(known);
    return answer;
  }

  /// all() that must hold, exists() that must not: the first item with the other answer decides.
  Result<Value> every_item(const Expr& expr, bool wanted) {
    TRY(afforded(evaluator_.pay(1), expr, wanted));
    evaluator_.forget_used();
    const auto range = evaluator_.range_of(expr);
    if (!range) {
      refuse(expr, wanted, &range.error());
      return range;
    }
    const std::size_t known = conditions_.size();
    conditions_.insert(conditions_.end(), evaluator_.used().begin(), evaluator_.used().end());
    auto answer = items(expr, *range->list(), wanted);
    conditions_.resize(known);
    return answer;
  }

  Result<Value> items(const Expr& expr, const List& range, bool wanted) {
    std::optional<Error> error;
    std::optional<Refusal> of_error;
    for (const Value& item : range) {
      TRY(afforded(evaluator_.bind(expr.variable, item), expr, wanted));
      bindings_.emplace_back(expr.variable, &item);
      auto answer = decide(expr.parts[1], wanted);
      bindings_.pop_back();
      evaluator_.unbind();
      if (answer ? answer->is(!wanted) : is_final(answer.error())) return answer;
      if (answer || error) continue;
      error = std::move(answer).error();
      of_error = std::move(refusal_);
    }
    refusal_ = std::move(of_error);
    if (error) return std::unexpected(*std::move(error));
    return Value{wanted};
  }

  std::string_view text_;
  const Facts& facts_;
  Evaluator evaluator_;
  std::vector<std::pair<std::string_view, const Value*>> bindings_;
  std::vector<std::string> conditions_;  ///< Paths that led to the part that is being judged.
  std::optional<Refusal> refusal_;
};

std::string fact_text(const UsedFact& fact, bool zh) {
  const std::string source = zh ? (fact.source_zh.empty() ? "未声明" : fact.source_zh)
                                : (fact.source_en.empty() ? "not declared" : fact.source_en);
  if (fact.value) {
    return zh ? fmt::format("；{} 为 {}（来源：{}）", fact.path, *fact.value, source)
              : fmt::format("; {} is {} (source: {})", fact.path, *fact.value, source);
  }
  return zh ? fmt::format("；缺少 {}（来源：{}）", fact.path, source)
            : fmt::format("; {} is missing (source: {})", fact.path, source);
}

}  // namespace

Verdict explained_verdict(std::string_view text, const Expr& expr, const Facts& facts, std::uint64_t max_cost) {
  return Judge(text, facts, max_cost).judge(expr);
}

std::string Refusal::text(Language language) const {
  const bool zh = language == Language::kZhCn;
  std::string out(reason_text(reason).title(language));
  const bool answered = detail_en.empty();
  std::string_view failed = zh ? "不成立" : "does not hold";
  if (!must_hold) failed = zh ? "成立，而它不应成立" : "holds and must not";
  if (!answered) failed = zh ? "无法判断" : "cannot be judged";
  out += zh ? fmt::format("：规则“{}”{}", expression, failed) : fmt::format(": the rule \"{}\" {}", expression, failed);
  if (!answered) out += zh ? fmt::format("：{}", detail_zh) : fmt::format(": {}", detail_en);
  for (const Binding& binding : bindings) {
    out += zh ? fmt::format("；其中 {} 为 {}", binding.variable, binding.value)
              : fmt::format("; where {} is {}", binding.variable, binding.value);
  }
  for (const UsedFact& fact : facts) out += fact_text(fact, zh);
  out += zh ? "。" : ".";
  return out;
}

}  // namespace chancery::packs::rules
