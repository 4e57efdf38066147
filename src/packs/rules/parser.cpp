#include "packs/rules/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.h"
#include "packs/rules/lexer.h"

namespace chancery::packs::rules {

namespace {

constexpr std::array<std::string_view, 5> kMacros = {"all", "exists", "exists_one", "filter", "map"};

/// Words that CEL keeps for later; fields may still have these names.
constexpr std::array<std::string_view, 17> kReserved = {"as",        "break",  "const",  "continue", "else", "for",
                                                        "function",  "if",     "import", "let",      "loop", "package",
                                                        "namespace", "return", "var",    "void",     "while"};

/// Binary operators from weak to strong.
int strength(std::string_view sign) {
  if (sign == "||") return 1;
  if (sign == "&&") return 2;
  if (sign == "==" || sign == "!=" || sign == "<" || sign == "<=" || sign == ">" || sign == ">=" || sign == "in") {
    return 3;
  }
  if (sign == "+" || sign == "-") return 4;
  if (sign == "*" || sign == "/" || sign == "%") return 5;
  return 0;
}

Expr operation(std::string_view name) {
  Expr out;
  out.kind = ExprKind::kCall;
  out.name = name;
  return out;
}

class Parser {
 public:
  Parser(std::string_view rule, std::vector<Token> tokens) : rule_(rule), tokens_(std::move(tokens)) {}

  Result<Expr> run() {
    ASSIGN_OR_RETURN(Expr whole, expression());
    if (now().kind != TokenKind::kEnd) return refuse("more text than one expression", "一个表达式之后还有内容");
    return whole;
  }

 private:
  const Token& now() const { return tokens_[at_]; }
  bool sees(std::string_view sign) const { return now().kind == TokenKind::kSign && now().text == sign; }
  bool takes(std::string_view sign) {
    if (!sees(sign)) return false;
    ++at_;
    return true;
  }
  std::unexpected<Error> refuse(std::string_view why_en, std::string_view why_zh,
                                Reason reason = Reason::kMalformed) const {
    return refuse_at(rule_, now().begin, reason, why_en, why_zh);
  }
  Status expect(std::string_view sign) {
    if (!takes(sign)) return refuse(fmt::format("expected {}", sign), fmt::format("此处应为 {}", sign));
    return {};
  }

  Result<Expr> finish(Expr expr, std::size_t begin) {
    expr.begin = begin;
    expr.end = at_ == 0 ? 0 : tokens_[at_ - 1].end;
    for (const Expr& part : expr.parts) expr.height = std::max(expr.height, part.height + 1);
    if (expr.height > kMaxTreeHeight) return refuse("the rule is nested too deeply", "规则嵌套过深", Reason::kTooLarge);
    return expr;
  }

  Result<Expr> expression() {
    if (depth_ >= kMaxNesting) return refuse("the rule is nested too deeply", "规则嵌套过深", Reason::kTooLarge);
    ++depth_;
    auto out = conditional();
    --depth_;
    return out;
  }

  Result<Expr> conditional() {
    const std::size_t begin = now().begin;
    ASSIGN_OR_RETURN(Expr condition, binary(1));
    if (!takes("?")) return condition;
    ASSIGN_OR_RETURN(Expr yes, binary(1));
    TRY(expect(":"));
    ASSIGN_OR_RETURN(Expr no, expression());
    Expr out = operation("?:");
    out.parts.push_back(std::move(condition));
    out.parts.push_back(std::move(yes));
    out.parts.push_back(std::move(no));
    return finish(std::move(out), begin);
  }

  Result<Expr> binary(int weakest) {
    const std::size_t begin = now().begin;
    ASSIGN_OR_RETURN(Expr left, unary());
    while (true) {
      const bool word = now().kind == TokenKind::kSign || (now().kind == TokenKind::kName && now().text == "in");
      const int found = word ? strength(now().text) : 0;
      if (found < weakest || found == 0) return left;
      Expr out = operation(now().text);
      ++at_;
      ASSIGN_OR_RETURN(Expr right, binary(found + 1));
      out.parts.push_back(std::move(left));
      out.parts.push_back(std::move(right));
      ASSIGN_OR_RETURN(left, finish(std::move(out), begin));
    }
  }

  Result<Expr> unary() {
    const std::size_t begin = now().begin;
    if (!sees("!") && !sees("-")) return postfix();
    const bool negative = sees("-");
    ++at_;
    if (negative && now().kind == TokenKind::kInteger) {
      negative_literal_ = true;
      return postfix();
    }
    if (depth_ >= kMaxNesting) return refuse("the rule is nested too deeply", "规则嵌套过深", Reason::kTooLarge);
    ++depth_;
    auto inner = unary();
    --depth_;
    TRY(inner);
    Expr out = operation(negative ? "-" : "!");
    out.parts.push_back(std::move(*inner));
    return finish(std::move(out), begin);
  }

  Result<Expr> postfix() {
    const std::size_t begin = now().begin;
    ASSIGN_OR_RETURN(Expr out, primary());
    while (sees(".") || sees("[")) {
      Expr outer;
      if (takes("[")) {
        ASSIGN_OR_RETURN(Expr index, expression());
        TRY(expect("]"));
        outer.kind = ExprKind::kCall;
        outer.name = "[]";
        outer.parts.push_back(std::move(out));
        outer.parts.push_back(std::move(index));
      } else {
        ++at_;
        if (now().kind != TokenKind::kName) return refuse("expected a name after the dot", "点号之后应为名称");
        outer.kind = ExprKind::kSelect;
        outer.name = now().text;
        ++at_;
        outer.parts.push_back(std::move(out));
        if (takes("(")) TRY(method_arguments(outer));
      }
      ASSIGN_OR_RETURN(out, finish(std::move(outer), begin));
    }
    return out;
  }

  Status method_arguments(Expr& call) {
    call.kind = ExprKind::kCall;
    call.method = true;
    TRY(items(call, ")"));
    if (std::ranges::find(kMacros, call.name) == kMacros.end()) return {};
    const std::size_t most = call.name == "map" ? 4 : 3;
    // [1].all(i, v, ...): two names before the expression.
    const bool two_variables = call.name != "map" && call.parts.size() == 4 && call.parts[2].kind == ExprKind::kName;
    if (two_variables) {
      return refuse(fmt::format("{} with two variables is not part of the rule language", call.name),
                    fmt::format("规则语言不含两个变量的 {}", call.name), Reason::kUnsupported);
    }
    if (call.parts.size() < 3 || call.parts.size() > most || call.parts[1].kind != ExprKind::kName) {
      return refuse(fmt::format("{} takes a variable and an expression", call.name),
                    fmt::format("{} 需要一个变量和一个表达式", call.name));
    }
    call.kind = ExprKind::kMacro;
    call.variable = call.parts[1].name;
    call.parts.erase(call.parts.begin() + 1);
    return {};
  }

  Status items(Expr& out, std::string_view end) {
    while (!takes(end)) {
      ASSIGN_OR_RETURN(Expr item, expression());
      out.parts.push_back(std::move(item));
      if (out.kind == ExprKind::kMap) {
        TRY(expect(":"));
        ASSIGN_OR_RETURN(Expr value, expression());
        out.parts.push_back(std::move(value));
      }
      if (!takes(",")) return expect(end);
      if (out.kind == ExprKind::kCall && sees(end)) return refuse("expected an argument", "此处应为参数");
    }
    return {};
  }

  Result<Expr> primary() {
    const Token token = now();
    if (token.kind == TokenKind::kEnd) return refuse("the rule ends too early", "规则没有写完");
    ++at_;
    Expr out;
    if (token.kind == TokenKind::kString) {
      out.literal.held = token.text;
    } else if (token.kind == TokenKind::kInteger) {
      TRY(integer(token, out));
    } else if (token.kind == TokenKind::kName) {
      TRY(name(token, out));
    } else if (token.text == "(") {
      ASSIGN_OR_RETURN(Expr inner, expression());
      TRY(expect(")"));
      return inner;
    } else if (token.text == "[" || token.text == "{") {
      out.kind = token.text == "[" ? ExprKind::kList : ExprKind::kMap;
      TRY(items(out, token.text == "[" ? "]" : "}"));
    } else {
      --at_;
      return refuse("expected a value", "此处应为值");
    }
    return finish(std::move(out), token.begin);
  }

  Status integer(const Token& token, Expr& out) {
    const bool hex = token.text.size() > 1 && (token.text[1] == 'x' || token.text[1] == 'X');
    const std::string digits = (negative_literal_ ? "-" : "") + (hex ? token.text.substr(2) : token.text);
    negative_literal_ = false;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, hex ? 16 : 10);
    if (error != std::errc() || end != digits.data() + digits.size())
      return refuse("an integer beyond 64 bits", "整数超出 64 位");
    out.literal.held = number;
    return {};
  }

  Status name(const Token& token, Expr& out) {
    if (token.text == "true" || token.text == "false") {
      out.literal.held = token.text == "true";
      return {};
    }
    if (token.text == "null") return {};
    if (token.text == "in") return refuse("in stands between two values", "in 应写在两个值之间");
    if (std::ranges::find(kReserved, token.text) != kReserved.end()) {
      --at_;
      return refuse(fmt::format("{} is a reserved word", token.text), fmt::format("{} 是保留字", token.text));
    }
    out.kind = ExprKind::kName;
    out.name = token.text;
    if (!takes("(")) return {};
    out.kind = ExprKind::kCall;
    TRY(items(out, ")"));
    if (out.name != "has") return {};
    if (out.parts.size() != 1 || out.parts[0].kind != ExprKind::kSelect)
      return refuse("has takes a field: has(a.b)", "has 的参数是字段，例如 has(a.b)");
    Expr field = std::move(out.parts[0]);
    out = std::move(field);
    out.kind = ExprKind::kHas;
    return {};
  }

  std::string_view rule_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool negative_literal_ = false;
};

}  // namespace

Result<Expr> parse_rule(std::string_view rule) {
  if (rule.size() > kMaxRule_bytes)
    return fail(Reason::kTooLarge, "the rule is longer than 8192 bytes", "规则超过 8192 字节");
  if (!is_utf8(rule)) return fail(Reason::kMalformed, "the rule is not UTF-8", "规则不是 UTF-8 文本");
  ASSIGN_OR_RETURN(std::vector<Token> tokens, read_tokens(rule));
  return Parser(rule, std::move(tokens)).run();
}

}  // namespace chancery::packs::rules
