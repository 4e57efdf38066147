#include "packs/rules/rule.h"

#include <gtest/gtest.h>

namespace chancery::packs::rules {
namespace {

Facts sample() {
  Facts facts;
  facts["applicant.age"] = {Value{std::int64_t{17}}, "人口库", "population register"};
  facts["applicant.name"] = {Value{std::string("李四")}, "人口库", "population register"};
  facts["register.frozen"] = {Value{false}, "登记库", "land register"};
  return facts;
}

std::string answer(std::string_view text) {
  const auto rule = Rule::read(text);
  if (!rule) return "unread: " + std::string(reason_text(rule.error().reason).wire_name);
  const auto value = rule->evaluate(sample());
  return value ? to_text(*value) : "error: " + std::string(reason_text(value.error().reason).wire_name);
}

TEST(Rule, ComputesWithIntegersAndPrecedence) {
  EXPECT_EQ(answer("1 + 2 * 3 - 7 % 4"), "4");
  EXPECT_EQ(answer("-7 / 2"), "-3");
  EXPECT_EQ(answer("-9223372036854775808"), "-9223372036854775808");
}

TEST(Rule, RefusesOverflowAndDivisionByZero) {
  EXPECT_EQ(answer("9223372036854775807 + 1"), "error: input.out_of_bounds");
  EXPECT_EQ(answer("-9223372036854775808 / -1"), "error: input.out_of_bounds");
  EXPECT_EQ(answer("1 / 0"), "error: input.invalid_value");
}

TEST(Rule, AbsorbsErrorsOnlyWhereTheOtherSideDecides) {
  EXPECT_EQ(answer("1 / 0 == 1 || true"), "true");
  EXPECT_EQ(answer("1 / 0 == 1 && false"), "false");
  EXPECT_EQ(answer("1 / 0 == 1 && true"), "error: input.invalid_value");
}

TEST(Rule, KnowsListsMapsAndMacros) {
  EXPECT_EQ(answer("[1, 2, 3].filter(x, x > 1).map(x, x * 2)"), "[4, 6]");
  EXPECT_EQ(answer("[1, 2].all(x, x > 0) && [1, 2].exists_one(x, x == 2)"), "true");
  EXPECT_EQ(answer("{'a': 1}.a + {'a': 1}['a']"), "2");
  EXPECT_EQ(answer("'b' in {'a': 1} || 3 in [3]"), "true");
  EXPECT_EQ(answer("has({'a': 1}.a) && !has({'a': 1}.b)"), "true");
  EXPECT_EQ(answer("has(applicant.age) && !has(applicant.address)"), "true");
}

TEST(Rule, KnowsMomentsAtFixedOffsetsOnly) {
  EXPECT_EQ(answer("timestamp('2026-11-23T20:00:00Z').getDate('+08:00')"), "24");
  EXPECT_EQ(answer("timestamp('2026-11-23T20:00:00Z').getMonth()"), "10");
  EXPECT_EQ(answer("timestamp('2026-11-23T20:00:00Z').getDate('Asia/Shanghai')"), "error: node.unsupported");
}

TEST(Rule, KnowsAmountsInFen) {
  EXPECT_EQ(answer("yuan('18.69')"), "1869");
  EXPECT_EQ(answer("yuan('-0.5')"), "-50");
  EXPECT_EQ(answer("yuan('1.234')"), "error: input.invalid_value");
  EXPECT_EQ(answer("share(1001, 1, 2)"), "501");
  EXPECT_EQ(answer("share(-1001, 1, 2)"), "-501");
}

TEST(Rule, CountsCodePointsAndMatchesPatterns) {
  EXPECT_EQ(answer("size(applicant.name)"), "2");
  EXPECT_EQ(answer("'hubba'.matches('^h[ub]+a$')"), "true");
}

TEST(Rule, RefusesWhatTheSubsetLeavesOut) {
  EXPECT_EQ(answer("1.5"), "unread: node.unsupported");
  EXPECT_EQ(answer("1u"), "unread: node.unsupported");
  EXPECT_EQ(answer("1 +"), "unread: input.malformed");
  EXPECT_EQ(answer(std::string(100, '(') + "1"), "unread: input.too_large");
}

TEST(Rule, NamesLineAndColumnOfAMistake) {
  EXPECT_TRUE(Rule::read("1 +\n  )").error().detail.starts_with("line 2, column 3"));
}

TEST(Rule, StopsAtItsCostEvenInsideLogic) {
  const auto rule = Rule::read("[1,2,3,4].all(a, [1,2,3,4].all(b, a + b > 0)) || true");
  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(rule->evaluate({}, 20).error().reason, Reason::kTooLarge);
}

TEST(Rule, SaysWhichFactFromWhichSourceFailed) {
  const auto rule = Rule::read("!register.frozen && applicant.age >= 18");
  ASSERT_TRUE(rule.has_value());
  const auto verdict = rule->judge(sample());
  ASSERT_TRUE(verdict.has_value() && verdict->refusal.has_value());
  EXPECT_EQ(verdict->refusal->expression, "applicant.age >= 18");
  EXPECT_EQ(verdict->refusal->place, "line 1, column 21");
  EXPECT_EQ(verdict->refusal->text(Language::kEn),
            "A value is not acceptable: the rule \"applicant.age >= 18\" does not hold; applicant.age is 17 (source: "
            "population register).");
  EXPECT_EQ(verdict->refusal->text(Language::kZhCn),
            "内容不符合要求：规则“applicant.age >= 18”不成立；applicant.age 为 17（来源：人口库）。");
}

}  // namespace
}  // namespace chancery::packs::rules
