#pragma once
// A guard: read once, asked many times. Pure: no clock, no locale, no floats, so every replica answers alike.
//   ASSIGN_OR_RETURN(const Rule rule, Rule::read("applicant.age >= 18 && !register.frozen"));
//   const Verdict verdict = rule.judge(facts);

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "packs/rules/parser.h"

namespace chancery::packs::rules {

/// What is known under a path such as "applicant.age", and who says so. No value: the source has not said.
struct Fact {
  std::optional<Value> value;
  std::string source_zh, source_en;
};
using Facts = std::map<std::string, Fact, std::less<>>;

/// The kinds of the facts that a rule may use, by path.
using DeclaredFacts = std::map<std::string, Kind, std::less<>>;

constexpr std::uint64_t kMaxCost =
    100'000;  ///< Steps; one for each node visited, item or 16 bytes produced or compared.

struct UsedFact {
  std::string path;
  std::optional<std::string> value;  ///< As to_text prints it; nullopt: there is none.
  std::string source_zh, source_en;  ///< Empty where nobody declared the fact.
};

/// What a variable of all() or exists() stood for when it decided.
struct Binding {
  std::string variable, value;
};

/// Why a rule said no: the smallest part of it that decided, and the facts which that part looked at, by path.
struct Refusal {
  /// kInvalidValue: the part has the wrong answer. Otherwise it has none: kNotFound for a fact or field that is not
  /// there, kOutOfBounds for overflow, kUnsupported for kinds that do not fit, kTooLarge for a rule that costs too
  /// much.
  Reason reason = Reason::kInvalidValue;
  std::string detail_en, detail_zh;  ///< Why there is no answer; empty for a wrong one.
  std::string expression;
  bool must_hold = true;  ///< false: the part holds, under a "!", and must not.
  Place place;
  std::vector<Binding> bindings;
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

  /// Before any fact is known: kNotFound for a fact that is not declared, kUnsupported for functions that do not exist
  /// and kinds that never fit, or a rule that is not true or false. The place is in the detail, in both languages.
  Status check(const DeclaredFacts& declared) const;

  /// kNotFound: a fact that is not there; kOutOfBounds: overflow; kInvalidValue: division by zero, a text that cannot
  /// be converted; kUnsupported: kinds that do not fit; kTooLarge: costs more than `max_cost`, which no && or ||
  /// absorbs.
  Result<Value> evaluate(const Facts& facts, std::uint64_t max_cost = kMaxCost) const;
  /// The same evaluation at about the same cost, explained. A rule without an answer refuses.
  Verdict judge(const Facts& facts, std::uint64_t max_cost = kMaxCost) const;

  const std::string& text() const { return text_; }
  const Expr& expr() const { return expr_; }

 private:
  Rule(std::string text, Expr expr) : text_(std::move(text)), expr_(std::move(expr)) {}

  std::string text_;
  Expr expr_;
};

}  // namespace chancery::packs::rules
