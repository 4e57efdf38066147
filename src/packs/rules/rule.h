#pragma once
// A guard: read once, asked many times. Pure: no clock, no locale, no floats, so every replica answers alike.
//   ASSIGN_OR_RETURN(const Rule rule, Rule::read("applicant.age >= 18 && !register.frozen"));
//   ASSIGN_OR_RETURN(const Verdict verdict, rule.judge(facts));

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "packs/rules/parser.h"

namespace chancery::packs::rules {

/// What is known under a path such as "applicant.age", and who says so.
struct Fact {
  Value value;
  std::string source_zh, source_en;
};
using Facts = std::map<std::string, Fact, std::less<>>;

constexpr std::uint64_t kMaxCost =
    100'000;  ///< Steps; one for each node visited, item or 16 bytes produced or compared.

struct UsedFact {
  std::string path, value, source_zh, source_en;
};

/// Why a rule said no: the smallest part of it that decided, and the facts which that part looked at, by path.
struct Refusal {
  std::string expression;
  std::string place;  ///< "line 1, column 20"
  std::vector<UsedFact> facts;
  /// Holds the values of the facts: for the parties, not for logs.
  std::string text(Language language) const;
};

struct Verdict {
  bool allowed = false;
  std::optional<Refusal> refusal;  ///< Exactly when not allowed.
};

class Rule {
 public:
  static Result<Rule> read(std::string_view text);

  /// kNotFound: a fact that is not there; kOutOfBounds: overflow; kUnsupported: types that do not fit;
  /// kTooLarge: costs more than `max_cost`, which no && or || absorbs.
  Result<Value> evaluate(const Facts& facts, std::uint64_t max_cost = kMaxCost) const;
  /// As evaluate; a rule that gives no bool is refused with kUnsupported.
  Result<Verdict> judge(const Facts& facts, std::uint64_t max_cost = kMaxCost) const;

 private:
  Rule(std::string text, Expr expr) : text_(std::move(text)), expr_(std::move(expr)) {}

  std::string text_;
  Expr expr_;
};

}  // namespace chancery::packs::rules
