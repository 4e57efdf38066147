#include <gtest/gtest.h>

#include "packs/rules/testing/answers.h"

namespace chancery::packs::rules {
namespace {

/// The least cost with which the rule gives an answer or an error of its own.
std::uint64_t cost_of(std::string_view text, const Facts& facts) {
  const auto rule = Rule::read(text);
  if (!rule) return 0;
  std::uint64_t low = 0, high = 10'000'000;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    const auto answer = rule->evaluate(facts, middle);
    if (!answer && answer.error().reason == Reason::kTooLarge) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Facts long_text() {
  Facts facts;
  facts["text"] = {Value{std::string(16'000, 'a')}, "", ""};
  facts["needle"] = {Value{std::string(1'600, 'a')}, "", ""};
  facts["list"] = {make_list(List(100, Value{std::string(1'600, 'a')})), "", ""};
  return facts;
}

TEST(RuleCost, StopsEvenInsideLogic) {
  const auto rule = Rule::read("[1,2,3,4].all(a, [1,2,3,4].all(b, a + b > 0)) || true");
  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(rule->evaluate({}, 20).error().reason, Reason::kTooLarge);
  EXPECT_EQ(rule->judge({}, 20).refusal->reason, Reason::kTooLarge);
  EXPECT_TRUE(rule->judge({}, 200).allowed);
}

TEST(RuleCost, GrowsWithEveryStep) {
  EXPECT_EQ(cost_of("true", {}), 1U);
  EXPECT_EQ(cost_of("1 + 2 == 3", {}), 6U);  // five nodes and one comparison
}

TEST(RuleCost, CopiesOfLongTextsArePaid) {
  EXPECT_GE(cost_of("[text, text, text]", long_text()), 3'000U);
  EXPECT_GE(cost_of("list.map(x, 1)", long_text()), 10'000U);
  EXPECT_GE(cost_of("list.filter(x, true)", long_text()), 20'000U);
  EXPECT_GE(cost_of("list + list", long_text()), 20'000U);
  EXPECT_GE(cost_of("text + text", long_text()), 4'000U);
}

TEST(RuleCost, SearchesAndPatternsArePaidByLength) {
  EXPECT_GE(cost_of("text.contains(needle)", long_text()), 100'000U);
  EXPECT_GE(cost_of("text.matches('a{100}b')", long_text()), 100'000U);
  EXPECT_LT(cost_of("'110105194912310021'.matches('^[0-9]{17}[0-9X]$')", {}), 500U);
}

TEST(RuleCost, TextsThatDoubleEndAtTheBound) {
  std::string text = "['aaaaaaaaaaaaaaaa']";
  for (int i = 0; i < 60; ++i) text += ".map(x, x + x)";
  const auto rule = Rule::read(text);
  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(rule->evaluate({}).error().reason, Reason::kTooLarge);
}

TEST(RuleCost, ValuesThatShareTheirPartsAreComparedWithinTheBound) {
  std::string text = "[1]";
  for (int i = 0; i < 60; ++i) text += ".map(x, [x, x])";
  const auto rule = Rule::read(text + " == " + text);
  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(rule->evaluate({}).error().reason, Reason::kTooLarge);
}

TEST(RuleCost, JudgingCostsWhatEvaluatingCosts) {
  std::string text = "applicant.age < 18";
  for (int i = 0; i < 60; ++i) text += " && applicant.age < 18";
  const auto rule = Rule::read(text + " && applicant.age > 18");
  ASSERT_TRUE(rule.has_value());
  const std::uint64_t cost = cost_of(rule->text(), testing::sample_facts());
  EXPECT_EQ(rule->judge(testing::sample_facts(), cost).refusal->expression, "applicant.age > 18");
  EXPECT_EQ(rule->judge(testing::sample_facts(), cost / 2).refusal->reason, Reason::kTooLarge);
}

}  // namespace
}  // namespace chancery::packs::rules
