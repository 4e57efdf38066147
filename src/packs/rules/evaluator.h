#pragma once
// One evaluation of one rule: values, cost and the facts that were looked at.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "packs/rules/rule.h"

namespace chancery::packs::rules {

/// Errors that no && or || may hide: the evaluation itself was cut short.
inline bool is_final(const Error& error) {
  return error.reason == Reason::kTooLarge;
}

/// What && and || make of two answers, of which no one decided alone. An error of the left goes before the right's.
Result<Value> joined(std::string_view sign, Result<Value> left, Result<Value> right);

/// Borrows facts and the rule. Not thread-safe; one object an evaluation.
class Evaluator {
 public:
  Evaluator(const Facts& facts, std::uint64_t max_cost) : facts_(facts), left_(max_cost) {}

  Result<Value> evaluate(const Expr& expr);
  /// Until the matching unbind, `name` means `value`. `name` is borrowed from the rule.
  Status bind(std::string_view name, const Value& value);
  void unbind() { locals_.pop_back(); }
  Status pay(std::uint64_t cost);
  /// What a macro runs over, as a list: the keys of a map.
  Result<Value> range_of(const Expr& macro);

  /// The paths that were asked for since the last forget_used, also those without a value.
  const std::set<std::string>& used() const { return used_; }
  void forget_used() { used_.clear(); }

 private:
  Result<Value> answer_of(const Expr& expr);
  Result<Value> select(const Expr& expr, bool only_ask);
  Result<Value> call(const Expr& expr);
  Result<Value> logic(const Expr& expr);
  Result<Value> named_call(const Expr& expr, const std::vector<Value>& arguments);
  Result<Value> operation(std::string_view sign, const Value& left, const Value& right);
  Result<Value> sum(const Value& left, const Value& right);
  Result<Value> compare(std::string_view sign, const Value& left, const Value& right);
  Result<bool> equal(const Value& left, const Value& right);
  Result<const Value*> find(const Map& map, const Value& key);
  Result<Value> index(const Value& from, const Value& key);
  Result<Value> contained(const Value& item, const Value& range);
  Result<Value> map_literal(const Expr& expr);
  Result<Value> macro(const Expr& expr);
  Result<Value> quantifier(const Expr& expr, const List& range);
  Result<Value> rebuilt(const Expr& expr, const List& range);
  Result<Value> with(const Expr& macro, const Value& item, std::size_t part);
  Result<Value> fact(const std::string& path);
  bool is_local(std::string_view name) const;

  const Facts& facts_;
  std::uint64_t left_;
  std::vector<std::pair<std::string_view, Value>> locals_;
  std::set<std::string> used_;
};

}  // namespace chancery::packs::rules
