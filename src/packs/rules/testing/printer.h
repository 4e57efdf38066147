#pragma once
// The text of a tree with every operator in brackets: what the parser understood, and a rule that reads as the same.

#include <string>
#include <string_view>

#include "packs/rules/names.h"
#include "packs/rules/parser.h"

namespace chancery::packs::rules::testing {

inline std::string quoted_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
  }
  return out + '"';
}

std::string printed(const Expr& expr);

inline std::string printed_list(const Expr& expr, std::size_t first) {
  std::string out;
  for (std::size_t i = first; i < expr.parts.size(); ++i) {
    const bool value_of_map = expr.kind == ExprKind::kMap && i % 2 == 1;
    out.append(i == first ? "" : value_of_map ? ": " : ", ").append(printed(expr.parts[i]));
  }
  return out;
}

inline std::string printed_call(const Expr& expr) {
  if (expr.name == "?:") {
    return "(" + printed(expr.parts[0]) + " ? " + printed(expr.parts[1]) + " : " + printed(expr.parts[2]) + ")";
  }
  if (expr.name == "[]") return printed(expr.parts[0]) + "[" + printed(expr.parts[1]) + "]";
  if (is_binary(expr)) return "(" + printed(expr.parts[0]) + " " + expr.name + " " + printed(expr.parts[1]) + ")";
  if (expr.name == "-" || expr.name == "!") return "(" + expr.name + "(" + printed(expr.parts[0]) + "))";
  if (expr.method) return printed(expr.parts[0]) + "." + expr.name + "(" + printed_list(expr, 1) + ")";
  return expr.name + "(" + printed_list(expr, 0) + ")";
}

inline std::string printed(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kLiteral:
      if (const auto* text = expr.literal.get<std::string>()) return quoted_text(*text);
      return to_text(expr.literal);
    case ExprKind::kName:
      return expr.name;
    case ExprKind::kSelect:
      return printed(expr.parts[0]) + "." + expr.name;
    case ExprKind::kHas:
      return "has(" + printed(expr.parts[0]) + "." + expr.name + ")";
    case ExprKind::kList:
      return "[" + printed_list(expr, 0) + "]";
    case ExprKind::kMap:
      return "{" + printed_list(expr, 0) + "}";
    case ExprKind::kMacro:
      return printed(expr.parts[0]) + "." + expr.name + "(" + expr.variable + ", " + printed_list(expr, 1) + ")";
    case ExprKind::kCall:
      break;
  }
  return printed_call(expr);
}

}  // namespace chancery::packs::rules::testing
