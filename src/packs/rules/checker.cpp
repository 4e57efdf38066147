#include "packs/rules/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "packs/rules/functions.h"
#include "packs/rules/names.h"

namespace chancery::packs::rules {

namespace {

bool may_be(Kind kind, Kind wanted) {
  return kind == wanted || kind == Kind::kAny;
}

class Checker {
 public:
  Checker(std::string_view text, const DeclaredFacts& declared) : text_(text), declared_(declared) {}

  Result<Kind> kind_of(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kLiteral:
        return expr.literal.kind();
      case ExprKind::kName:
        return name(expr);
      case ExprKind::kSelect:
        return field(expr);
      case ExprKind::kHas:
        TRY(field(expr));
        return Kind::kBool;
      case ExprKind::kMacro:
        return macro(expr);
      case ExprKind::kCall:
        return call(expr);
      case ExprKind::kList:
        for (const Expr& part : expr.parts) TRY(kind_of(part));
        return Kind::kList;
      case ExprKind::kMap:
        return map(expr);
    }
    return Kind::kAny;
  }

  std::unexpected<Error> refuse(const Expr& expr, Reason reason, std::string_view en, std::string_view zh) const {
    return refuse_at(text_, expr.begin, reason, en, zh);
  }

  Status expect(const Expr& expr, Kind wanted, std::string_view sign) {
    ASSIGN_OR_RETURN(const Kind kind, kind_of(expr));
    if (may_be(kind, wanted)) return {};
    return refuse(expr, Reason::kUnsupported,
                  fmt::format("{} takes a {}, and this is a {}", sign, kind_name(wanted), kind_name(kind)),
                  fmt::format("{} 需要 {}，而这里是 {}", sign, kind_name(wanted), kind_name(kind)));
  }

 private:
  std::unexpected<Error> undeclared(const Expr& expr, std::string_view path) const {
    return refuse(expr, Reason::kNotFound, fmt::format("the fact {} is not declared", path),
                  fmt::format("事实 {} 没有声明", path));
  }

  Result<Kind> name(const Expr& expr) const {
    if (std::ranges::find(locals_, expr.name) != locals_.end()) return Kind::kAny;
    const auto found = declared_.find(expr.name);
    if (found == declared_.end()) return undeclared(expr, expr.name);
    return found->second;
  }

  bool any_below(const std::string& path) const {
    const auto next = declared_.lower_bound(path + ".");
    return next != declared_.end() && next->first.starts_with(path + ".");
  }

  /// The same order as the evaluator: a path that is a fact goes before a field of a map.
  Result<Kind> field(const Expr& expr) {
    const std::string path = path_of(expr);
    const bool local = !path.empty() && std::ranges::find(locals_, path.substr(0, path.find('.'))) != locals_.end();
    if (!path.empty() && !local) {
      if (const auto found = declared_.find(path); found != declared_.end()) return found->second;
      if (expr.kind == ExprKind::kHas && any_below(path)) return Kind::kBool;
      const std::string above = path_of(expr.parts[0]);
      if (!declared_.contains(above) && any_below(above)) return undeclared(expr, path);
    }
    TRY(expect(expr.parts[0], Kind::kMap, "."));
    return Kind::kAny;
  }

  Result<Kind> map(const Expr& expr) {
    for (std::size_t i = 0; i < expr.parts.size(); ++i) {
      ASSIGN_OR_RETURN(const Kind kind, kind_of(expr.parts[i]));
      const bool key = may_be(kind, Kind::kString) || kind == Kind::kInt || kind == Kind::kBool;
      if (i % 2 == 0 && !key) {
        return refuse(expr.parts[i], Reason::kUnsupported, fmt::format("a key cannot be a {}", kind_name(kind)),
                      fmt::format("键不能是 {}", kind_name(kind)));
      }
    }
    return Kind::kMap;
  }

  Result<Kind> macro(const Expr& expr) {
    ASSIGN_OR_RETURN(const Kind range, kind_of(expr.parts[0]));
    if (!may_be(range, Kind::kList) && range != Kind::kMap) {
      return refuse(expr.parts[0], Reason::kUnsupported,
                    fmt::format("{} runs over a list or a map, and this is a {}", expr.name, kind_name(range)),
                    fmt::format("{} 只能用于列表或映射，而这里是 {}", expr.name, kind_name(range)));
    }
    locals_.push_back(expr.variable);
    const auto body = macro_body(expr);
    locals_.pop_back();
    TRY(body);
    return expr.name == "filter" || expr.name == "map" ? Kind::kList : Kind::kBool;
  }

  Status macro_body(const Expr& expr) {
    if (expr.name != "map") return expect(expr.parts[1], Kind::kBool, expr.name);
    if (expr.parts.size() == 3) TRY(expect(expr.parts[1], Kind::kBool, expr.name));
    TRY(kind_of(expr.parts.back()));
    return {};
  }

  Result<Kind> call(const Expr& expr) {
    const std::string& sign = expr.name;
    if (sign == "?:") return conditional(expr);
    if (sign == "&&" || sign == "||" || sign == "!") return all_are(expr, Kind::kBool);
    if (sign == "-" && expr.parts.size() == 1) return all_are(expr, Kind::kInt);
    if (!is_binary(expr)) return named_call(expr);
    ASSIGN_OR_RETURN(const Kind left, kind_of(expr.parts[0]));
    ASSIGN_OR_RETURN(const Kind right, kind_of(expr.parts[1]));
    return operation(expr, left, right);
  }

  Result<Kind> all_are(const Expr& expr, Kind kind) {
    for (const Expr& part : expr.parts) TRY(expect(part, kind, expr.name));
    return kind;
  }

  Result<Kind> conditional(const Expr& expr) {
    TRY(expect(expr.parts[0], Kind::kBool, "?:"));
    ASSIGN_OR_RETURN(const Kind yes, kind_of(expr.parts[1]));
    ASSIGN_OR_RETURN(const Kind no, kind_of(expr.parts[2]));
    return yes == no ? yes : Kind::kAny;
  }

  Result<Kind> operation(const Expr& expr, Kind left, Kind right) const {
    const std::string& sign = expr.name;
    const bool known = left != Kind::kAny && right != Kind::kAny;
    const auto either = [&](Kind kind) { return may_be(left, kind) && may_be(right, kind); };
    if (sign == "==" || sign == "!=") {
      const bool meets = !known || left == right || left == Kind::kNull || right == Kind::kNull;
      return meets ? Result<Kind>(Kind::kBool) : never_fits(expr, left, right);
    }
    if (sign == "in")
      return may_be(right, Kind::kList) || right == Kind::kMap ? Result<Kind>(Kind::kBool)
                                                               : never_fits(expr, left, right);
    if (sign == "[]") {
      const bool fits = may_be(left, Kind::kMap) || (left == Kind::kList && may_be(right, Kind::kInt));
      return fits ? Result<Kind>(Kind::kAny) : never_fits(expr, left, right);
    }
    if (sign.front() == '<' || sign.front() == '>') {
      const bool fits = either(Kind::kInt) || either(Kind::kString) || either(Kind::kTimestamp) || either(Kind::kBool);
      return fits ? Result<Kind>(Kind::kBool) : never_fits(expr, left, right);
    }
    if (sign != "+") return either(Kind::kInt) ? Result<Kind>(Kind::kInt) : never_fits(expr, left, right);
    const bool fits = either(Kind::kInt) || either(Kind::kString) || either(Kind::kList);
    return fits ? Result<Kind>(left == Kind::kAny ? right : left) : never_fits(expr, left, right);
  }

  std::unexpected<Error> never_fits(const Expr& expr, Kind left, Kind right) const {
    return refuse(expr, Reason::kUnsupported,
                  fmt::format("{} never fits a {} and a {}", expr.name, kind_name(left), kind_name(right)),
                  fmt::format("{} 不能用于 {} 和 {}", expr.name, kind_name(left), kind_name(right)));
  }

  Result<Kind> named_call(const Expr& expr) {
    std::vector<Kind> kinds;
    for (const Expr& part : expr.parts) {
      ASSIGN_OR_RETURN(const Kind kind, kind_of(part));
      kinds.push_back(kind);
    }
    const Function* first = find_function(expr.name, expr.method, kinds);
    if (first == nullptr) {
      return refuse(expr, Reason::kUnsupported,
                    fmt::format("there is no function {} for ({})", expr.name, names_of(kinds)),
                    fmt::format("没有适用于（{}）的函数 {}", names_of(kinds), expr.name));
    }
    Kind gives = first->gives;
    for (const Function* next = first; next != nullptr;) {
      if (next->gives != gives) gives = Kind::kAny;
      next = find_function(expr.name, expr.method, kinds, next);
    }
    return gives;
  }

  std::string_view text_;
  const DeclaredFacts& declared_;
  std::vector<std::string> locals_;
};

}  // namespace

Status check_guard(std::string_view text, const Expr& expr, const DeclaredFacts& declared) {
  Checker checker(text, declared);
  ASSIGN_OR_RETURN(const Kind kind, checker.kind_of(expr));
  if (may_be(kind, Kind::kBool)) return {};
  return checker.refuse(expr, Reason::kUnsupported,
                        fmt::format("a guard has to be true or false, and this is a {}", kind_name(kind)),
                        fmt::format("条件的结果应为真或假，而这里是 {}", kind_name(kind)));
}

}  // namespace chancery::packs::rules
