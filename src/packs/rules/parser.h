#pragma once
// A rule as a tree, read by recursive descent. Grammar and precedence are CEL's.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packs/rules/place.h"
#include "packs/rules/value.h"

namespace chancery::packs::rules {

constexpr std::size_t kMaxRule_bytes = 8192;  ///< Longer rules are refused unread.
constexpr std::size_t kMaxNesting = 48;       ///< Brackets and prefixes within each other.
constexpr std::size_t kMaxTreeHeight = 200;   ///< Also bounds chains such as a && b && c.

enum class ExprKind {
  kLiteral,
  kName,    ///< `name`
  kSelect,  ///< parts[0].name
  kHas,     ///< has(parts[0].name)
  kCall,    ///< A function, a method (parts[0] is its target) or an operator such as "+", "?:", "[]"; "-" of one part
            ///< too.
  kList,
  kMap,    ///< key, value, key, value
  kMacro,  ///< parts[0].name(variable, parts[1..])
};

struct Expr {
  ExprKind kind = ExprKind::kLiteral;
  std::string name;
  std::string variable;
  bool method = false;
  Value literal;
  std::vector<Expr> parts;
  std::size_t begin = 0;  ///< Bytes of the rule.
  std::size_t end = 0;
  std::size_t height = 1;
};

/// Fails with kTooLarge, kMalformed or kUnsupported; the place in the detail, in both languages. Takes any bytes (fuzz
/// entry).
Result<Expr> parse_rule(std::string_view rule);

}  // namespace chancery::packs::rules
