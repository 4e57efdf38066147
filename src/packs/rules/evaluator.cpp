#include "packs/rules/evaluator.h"

#include <fmt/format.h>

#include <optional>
#include <span>

#include "packs/rules/functions.h"
#include "packs/rules/names.h"

namespace chancery::packs::rules {

namespace {

const Expr& root_of(const Expr& expr) {
  return expr.parts.empty() ? expr : root_of(expr.parts[0]);
}

/// Whether something is declared, or known, as `path`.something.
bool any_below(const Facts& facts, const std::string& path, bool known) {
  const std::string prefix = path + ".";
  for (auto next = facts.lower_bound(prefix); next != facts.end() && next->first.starts_with(prefix); ++next) {
    if (!known || next->second.value) return true;
  }
  return false;
}

std::unexpected<Error> no_overload(std::string_view what, const Value& value) {
  const std::string_view kind = kind_name(value.kind());
  return fail(Reason::kUnsupported, fmt::format("{} does not take a {}", what, kind),
              fmt::format("{} 不接受 {}", what, kind));
}

/// Steps of copying a value. Lists and maps are shared, not copied.
std::uint64_t copy_cost(const Value& value) {
  const auto* text = value.get<std::string>();
  return text == nullptr ? 0 : text->size() / 16;
}

}  // namespace

Result<Value> joined(std::string_view sign, Result<Value> left, Result<Value> right) {
  if (!left) return left;
  if (left->get<bool>() == nullptr) return no_overload(sign, *left);
  if (right && right->get<bool>() == nullptr) return no_overload(sign, *right);
  return right;
}

Status Evaluator::pay(std::uint64_t cost) {
  if (cost > left_) {
    left_ = 0;
    return fail(Reason::kTooLarge, "the rule costs more steps than are allowed", "规则的计算步数超过上限");
  }
  left_ -= cost;
  return {};
}

Status Evaluator::bind(std::string_view name, const Value& value) {
  TRY(pay(copy_cost(value)));
  locals_.emplace_back(name, value);
  return {};
}

bool Evaluator::is_local(std::string_view name) const {
  for (const auto& local : locals_) {
    if (local.first == name) return true;
  }
  return false;
}

Result<Value> Evaluator::fact(const std::string& path) {
  used_.insert(path);
  const auto found = facts_.find(path);
  if (found == facts_.end()) {
    return fail(Reason::kNotFound, fmt::format("there is no fact {}", path), fmt::format("没有事实 {}", path));
  }
  const Fact& fact = found->second;
  if (fact.value) return *fact.value;
  return fail(Reason::kNotFound, fmt::format("there is no fact {} (source: {})", path, fact.source_en),
              fmt::format("没有事实 {}（来源：{}）", path, fact.source_zh));
}

Result<Value> Evaluator::evaluate(const Expr& expr) {
  TRY(pay(1));
  auto answer = answer_of(expr);
  if (answer) TRY(pay(copy_cost(*answer)));
  return answer;
}

Result<Value> Evaluator::answer_of(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kLiteral:
      return expr.literal;
    case ExprKind::kName:
      for (std::size_t i = locals_.size(); i-- > 0;) {
        if (locals_[i].first == expr.name) return locals_[i].second;
      }
      return fact(expr.name);
    case ExprKind::kSelect:
      return select(expr, false);
    case ExprKind::kHas:
      return select(expr, true);
    case ExprKind::kCall:
      return call(expr);
    case ExprKind::kMap:
      return map_literal(expr);
    case ExprKind::kMacro:
      return macro(expr);
    case ExprKind::kList:
      break;
  }
  List items;
  for (const Expr& part : expr.parts) {
    ASSIGN_OR_RETURN(Value item, evaluate(part));
    items.push_back(std::move(item));
  }
  return make_list(std::move(items));
}

Result<Value> Evaluator::select(const Expr& expr, bool only_ask) {
  const std::string path = path_of(expr);
  if (!path.empty() && !is_local(root_of(expr).name)) {
    TRY(pay(1 + path.size() / 16));
    const auto found = facts_.find(path);
    if (found != facts_.end() && !only_ask) return fact(path);
    if (only_ask) used_.insert(path);
    if (found != facts_.end()) return Value{found->second.value || any_below(facts_, path, true)};
    const std::string above = path_of(expr.parts[0]);
    if (!facts_.contains(above) && any_below(facts_, above, false)) {
      return only_ask ? Result<Value>(Value{any_below(facts_, path, true)}) : fact(path);
    }
  }
  ASSIGN_OR_RETURN(const Value from, evaluate(expr.parts[0]));
  if (from.map() == nullptr) return no_overload("a field", from);
  ASSIGN_OR_RETURN(const Value* found, find(*from.map(), Value{expr.name}));
  if (only_ask) return Value{found != nullptr};
  if (found == nullptr) {
    return fail(Reason::kNotFound, fmt::format("there is no field {}", expr.name),
                fmt::format("没有字段 {}", expr.name));
  }
  return *found;
}

Result<Value> Evaluator::map_literal(const Expr& expr) {
  Map entries;
  for (std::size_t i = 0; i + 1 < expr.parts.size(); i += 2) {
    ASSIGN_OR_RETURN(Value key, evaluate(expr.parts[i]));
    ASSIGN_OR_RETURN(Value value, evaluate(expr.parts[i + 1]));
    const bool fits =
        key.get<bool>() != nullptr || key.get<std::int64_t>() != nullptr || key.get<std::string>() != nullptr;
    if (!fits) return no_overload("a key", key);
    ASSIGN_OR_RETURN(const Value* twice, find(entries, key));
    if (twice != nullptr) return fail(Reason::kInvalidValue, "a map with the same key twice", "映射中同一个键出现两次");
    entries.emplace_back(std::move(key), std::move(value));
  }
  return make_map(std::move(entries));
}

Result<const Value*> Evaluator::find(const Map& map, const Value& key) {
  for (const auto& [name, value] : map) {
    ASSIGN_OR_RETURN(const bool same, equal(name, key));
    if (same) return &value;
  }
  return nullptr;
}

Result<Value> Evaluator::call(const Expr& expr) {
  if (expr.name == "&&" || expr.name == "||") return logic(expr);
  if (expr.name == "?:") {
    ASSIGN_OR_RETURN(const Value condition, evaluate(expr.parts[0]));
    if (condition.get<bool>() == nullptr) return no_overload("?:", condition);
    return evaluate(expr.parts[condition.is(true) ? 1 : 2]);
  }
  std::vector<Value> values;
  for (const Expr& part : expr.parts) {
    ASSIGN_OR_RETURN(Value value, evaluate(part));
    values.push_back(std::move(value));
  }
  if (expr.name == "!") {
    if (values[0].get<bool>() == nullptr) return no_overload("!", values[0]);
    return Value{values[0].is(false)};
  }
  if (expr.name == "-" && values.size() == 1) {
    if (values[0].get<std::int64_t>() == nullptr) return no_overload("-", values[0]);
    ASSIGN_OR_RETURN(const std::int64_t negated, checked("-", 0, *values[0].get<std::int64_t>()));
    return Value{negated};
  }
  if (is_binary(expr)) return operation(expr.name, values[0], values[1]);
  return named_call(expr, values);
}

Result<Value> Evaluator::named_call(const Expr& expr, const std::vector<Value>& arguments) {
  std::vector<Kind> kinds;
  for (const Value& argument : arguments) kinds.push_back(argument.kind());
  const Function* function = find_function(expr.name, expr.method, kinds);
  if (function == nullptr) {
    return fail(Reason::kUnsupported, fmt::format("no function {} for ({})", expr.name, names_of(kinds)),
                fmt::format("没有适用于（{}）的函数 {}", names_of(kinds), expr.name));
  }
  if (function->extra_cost != nullptr) TRY(pay(function->extra_cost(arguments)));
  return function->run(arguments);
}

/// An operand that decides makes the other's error irrelevant, in either order.
Result<Value> Evaluator::logic(const Expr& expr) {
  const bool decisive = expr.name == "||";
  auto left = evaluate(expr.parts[0]);
  if (left && left->is(decisive)) return left;
  if (!left && is_final(left.error())) return left;
  auto right = evaluate(expr.parts[1]);
  if (right && right->is(decisive)) return right;
  if (!right && is_final(right.error())) return right;
  return joined(expr.name, std::move(left), std::move(right));
}

Result<Value> Evaluator::operation(std::string_view sign, const Value& left, const Value& right) {
  if (sign == "==" || sign == "!=") {
    ASSIGN_OR_RETURN(const bool same, equal(left, right));
    return Value{same == (sign == "==")};
  }
  if (sign == "in") return contained(left, right);
  if (sign == "[]") return index(left, right);
  if (sign.front() == '<' || sign.front() == '>') return compare(sign, left, right);
  const auto* a = left.get<std::int64_t>();
  const auto* b = right.get<std::int64_t>();
  if (a != nullptr && b != nullptr) {
    ASSIGN_OR_RETURN(const std::int64_t number, checked(sign, *a, *b));
    return Value{number};
  }
  if (sign == "+") return sum(left, right);
  return no_overload(sign, a == nullptr ? left : right);
}

Result<Value> Evaluator::sum(const Value& left, const Value& right) {
  const auto* text = left.get<std::string>();
  const auto* more = right.get<std::string>();
  if (text != nullptr && more != nullptr) {
    TRY(pay((text->size() + more->size()) / 16));
    return Value{*text + *more};
  }
  if (left.list() == nullptr || right.list() == nullptr) return no_overload("+", left);
  List items;
  for (const List* from : {left.list(), right.list()}) {
    for (const Value& item : *from) {
      TRY(pay(1 + copy_cost(item)));
      items.push_back(item);
    }
  }
  return make_list(std::move(items));
}

Result<Value> Evaluator::compare(std::string_view sign, const Value& left, const Value& right) {
  if (left.held.index() != right.held.index() || left.list() != nullptr || left.map() != nullptr ||
      left.get<std::monostate>() != nullptr) {
    return no_overload(sign, right);
  }
  const auto answer = [sign](const auto& a, const auto& b) {
    if (sign == "<") return a < b;
    if (sign == "<=") return a <= b;
    return sign == ">" ? a > b : a >= b;
  };
  if (const auto* number = left.get<std::int64_t>()) return Value{answer(*number, *right.get<std::int64_t>())};
  if (const auto* text = left.get<std::string>()) return Value{answer(*text, *right.get<std::string>())};
  if (const auto* truth = left.get<bool>()) return Value{answer(*truth, *right.get<bool>())};
  return Value{answer(*left.get<Timestamp>(), *right.get<Timestamp>())};
}

Result<bool> Evaluator::equal(const Value& left, const Value& right) {
  TRY(pay(1));
  if (left.held.index() != right.held.index()) return false;
  if (const auto* text = left.get<std::string>()) {
    TRY(pay(text->size() / 16));
    return *text == *right.get<std::string>();
  }
  if (const List* list = left.list()) {
    if (list->size() != right.list()->size()) return false;
    for (std::size_t i = 0; i < list->size(); ++i) {
      ASSIGN_OR_RETURN(const bool same, equal((*list)[i], (*right.list())[i]));
      if (!same) return false;
    }
    return true;
  }
  if (const Map* map = left.map()) {
    if (map->size() != right.map()->size()) return false;
    for (const auto& [key, value] : *map) {
      ASSIGN_OR_RETURN(const Value* other, find(*right.map(), key));
      if (other == nullptr) return false;
      ASSIGN_OR_RETURN(const bool same, equal(value, *other));
      if (!same) return false;
    }
    return true;
  }
  return left.held == right.held;
}

Result<Value> Evaluator::contained(const Value& item, const Value& range) {
  if (range.map() != nullptr) {
    ASSIGN_OR_RETURN(const Value* found, find(*range.map(), item));
    return Value{found != nullptr};
  }
  if (range.list() == nullptr) return no_overload("in", range);
  for (const Value& candidate : *range.list()) {
    ASSIGN_OR_RETURN(const bool same, equal(candidate, item));
    if (same) return Value{true};
  }
  return Value{false};
}

Result<Value> Evaluator::index(const Value& from, const Value& key) {
  if (from.map() != nullptr) {
    ASSIGN_OR_RETURN(const Value* found, find(*from.map(), key));
    if (found == nullptr) return fail(Reason::kNotFound, "there is no such key", "没有这个键");
    return *found;
  }
  const auto* at = key.get<std::int64_t>();
  if (from.list() == nullptr || at == nullptr) return no_overload("[]", from.list() == nullptr ? from : key);
  if (*at < 0 || static_cast<std::uint64_t>(*at) >= from.list()->size()) {
    return fail(Reason::kNotFound, "an index outside the list", "下标超出列表");
  }
  return (*from.list())[static_cast<std::size_t>(*at)];
}

Result<Value> Evaluator::with(const Expr& macro, const Value& item, std::size_t part) {
  TRY(bind(macro.variable, item));
  auto out = evaluate(macro.parts[part]);
  unbind();
  return out;
}

Result<Value> Evaluator::range_of(const Expr& macro) {
  ASSIGN_OR_RETURN(Value range, evaluate(macro.parts[0]));
  if (range.list() != nullptr) return range;
  if (range.map() == nullptr) return no_overload(macro.name, range);
  List keys;
  for (const auto& entry : *range.map()) {
    TRY(pay(1 + copy_cost(entry.first)));
    keys.push_back(entry.first);
  }
  return make_list(std::move(keys));
}

Result<Value> Evaluator::macro(const Expr& expr) {
  ASSIGN_OR_RETURN(const Value range, range_of(expr));
  const bool quantifies = expr.name == "all" || expr.name == "exists" || expr.name == "exists_one";
  return quantifies ? quantifier(expr, *range.list()) : rebuilt(expr, *range.list());
}

Result<Value> Evaluator::quantifier(const Expr& expr, const List& range) {
  std::optional<Error> error;
  std::size_t count = 0;
  for (const Value& item : range) {
    auto answer = with(expr, item, 1);
    if (answer && answer->get<bool>() == nullptr) answer = no_overload(expr.name, *answer);
    if (!answer) {
      if (is_final(answer.error()) || expr.name == "exists_one") return answer;
      if (!error) error = std::move(answer).error();
      continue;
    }
    if (answer->is(true)) ++count;
    if (expr.name == "all" && answer->is(false)) return Value{false};
    if (expr.name == "exists" && answer->is(true)) return Value{true};
  }
  if (error) return std::unexpected(*std::move(error));
  if (expr.name == "exists_one") return Value{count == 1};
  return Value{expr.name == "all"};
}

Result<Value> Evaluator::rebuilt(const Expr& expr, const List& range) {
  const bool filters = expr.name == "filter" || expr.parts.size() == 3;
  List out;
  for (const Value& item : range) {
    if (filters) {
      ASSIGN_OR_RETURN(const Value keep, with(expr, item, 1));
      if (keep.get<bool>() == nullptr) return no_overload(expr.name, keep);
      if (keep.is(false)) continue;
    }
    if (expr.name == "filter") {
      TRY(pay(copy_cost(item)));
      out.push_back(item);
      continue;
    }
    ASSIGN_OR_RETURN(Value made, with(expr, item, expr.parts.size() - 1));
    out.push_back(std::move(made));
  }
  return make_list(std::move(out));
}

}  // namespace chancery::packs::rules
