#include <gtest/gtest.h>

#include "packs/rules/testing/answers.h"

namespace chancery::packs::rules {
namespace {

using testing::answer;

TEST(RuleCollections, AreIndexedSearchedAndCompared) {
  EXPECT_EQ(answer("{'a': 1}.a + {'a': 1}['a']"), "2");
  EXPECT_EQ(answer("'b' in {'a': 1} || 3 in [3]"), "true");
  EXPECT_EQ(answer("[1, [2]] + [null] == [1, [2], null]"), "true");
  EXPECT_EQ(answer("{1: 'a', 'b': [2]} == {'b': [2], 1: 'a'}"), "true");
  EXPECT_EQ(answer("[1][1]"), "error: state.not_found");
  EXPECT_EQ(answer("[1][-1]"), "error: state.not_found");
  EXPECT_EQ(answer("{'a': 1}.b"), "error: state.not_found");
  EXPECT_EQ(answer("{'a': 1, 'a': 2}"), "error: input.invalid_value");
  EXPECT_EQ(answer("{[1]: 1}"), "error: node.unsupported");
}

TEST(RuleMacros, HasAsksWithoutReading) {
  EXPECT_EQ(answer("has({'a': 1}.a) && !has({'a': 1}.b)"), "true");
  EXPECT_EQ(answer("has(applicant.age) && !has(applicant.nothing)"), "true");
  // Declared, but its source has not said anything.
  EXPECT_EQ(answer("has(applicant.address)"), "false");
  EXPECT_EQ(answer("has(applicant.address.city)"), "error: state.not_found");
}

TEST(RuleMacros, QuantifyAndRebuild) {
  EXPECT_EQ(answer("[1, 2, 3].filter(x, x > 1).map(x, x * 2)"), "[4, 6]");
  EXPECT_EQ(answer("[1, 2, 3].map(x, x > 1, x * 2)"), "[4, 6]");
  EXPECT_EQ(answer("[1, 2].all(x, x > 0) && [1, 2].exists_one(x, x == 2) && ![].exists(x, true)"), "true");
  EXPECT_EQ(answer("{'a': 1, 'b': 2}.filter(k, k > 'a')"), "[\"b\"]");
  EXPECT_EQ(answer("documents.exists(d, d.kind == 'deed' && !d.valid)"), "true");
}

TEST(RuleMacros, VariablesHideFactsAndEndWithTheirMacro) {
  EXPECT_EQ(answer("[{'frozen': true}].all(register, register.frozen) && !register.frozen"), "true");
  EXPECT_EQ(answer("[[1, 2], [3]].map(x, x.map(x, x + 1))"), "[[2, 3], [4]]");
  EXPECT_EQ(answer("[1].all(x, true) && x"), "error: state.not_found");
}

TEST(RuleMacros, AbsorbErrorsOnlyWhereAnotherItemDecides) {
  EXPECT_EQ(answer("[0, 1].exists(x, 1 / x == 1)"), "true");
  EXPECT_EQ(answer("[0, 1].all(x, 1 / x == 2)"), "false");
  EXPECT_EQ(answer("[0, 1].all(x, 1 / x == 1)"), "error: input.invalid_value");
  EXPECT_EQ(answer("[0, 1].exists_one(x, 1 / x == 1)"), "error: input.invalid_value");
  EXPECT_EQ(answer("[0, 1].filter(x, 1 / x == 1)"), "error: input.invalid_value");
  EXPECT_EQ(answer("[1].all(x, x)"), "error: node.unsupported");
  EXPECT_EQ(answer("1.all(x, true)"), "error: node.unsupported");
}

}  // namespace
}  // namespace chancery::packs::rules
