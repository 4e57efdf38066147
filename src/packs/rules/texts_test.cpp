#include "packs/rules/texts.h"

#include <gtest/gtest.h>

#include "packs/rules/testing/answers.h"

namespace chancery::packs::rules {
namespace {

using testing::answer;

TEST(RuleTexts, CountCodePoints) {
  EXPECT_EQ(answer("size(applicant.name)"), "2");
  EXPECT_EQ(answer("'😀a'.size()"), "2");
}

TEST(RuleTexts, SearchAndCompareBytes) {
  EXPECT_EQ(answer("applicant.name.startsWith('李') && applicant.name.endsWith('四') && 'abc'.contains('b')"), "true");
  EXPECT_EQ(answer("'a' < 'b' && 'a' < 'aa' && 'Z' < 'a'"), "true");
  EXPECT_EQ(answer("'李' + '四' == applicant.name"), "true");
  EXPECT_EQ(answer("''.contains('')"), "true");
}

TEST(RuleTexts, MatchPatternsOfRe2) {
  EXPECT_EQ(answer("'hubba'.matches('^h[ub]+a$')"), "true");
  EXPECT_EQ(answer("matches('11010519491231002X', '^[0-9]{17}[0-9X]$')"), "true");
  EXPECT_EQ(answer("'李四'.matches(r'^\\p{Han}{2}$')"), "true");
  EXPECT_EQ(answer("'李四'.matches(r'^\\p{Han}{2,40}(·\\p{Han}{2,40})?$')"), "true");
  EXPECT_EQ(answer("'a'.matches('(')"), "error: input.invalid_value");
  EXPECT_EQ(answer("'a'.matches('(a)\\\\1')"), "error: input.invalid_value");
}

TEST(RuleTexts, PatternsCostByTheirLengthTheirRepetitionsAndTheText) {
  const std::string longer(1600, 'a');
  EXPECT_LT(match_cost("a", "a"), 60U);
  EXPECT_GT(match_cost(longer, "a+"), match_cost("a", "a+") + 90);
  EXPECT_GT(match_cost("a", longer), match_cost("a", "a") + 90);
  EXPECT_EQ(match_cost("a", "a{1000}(((((aaaaa)))))"), match_cost("a", "((((a{10})a){10})){10}"));
  EXPECT_EQ(match_cost("a", "a{1,99999999}"), match_cost("a", "aaaaaa{1000,}"));
  // A citizen number may not be expensive.
  EXPECT_LT(match_cost("11010519491231002X", "^[1-9][0-9]{5}[0-9]{8}[0-9]{3}[0-9X]$"), 2000U);
}

TEST(RuleTexts, SearchesCostByBothLengths) {
  EXPECT_EQ(search_cost("short", "longer than it"), 1U);
  EXPECT_EQ(search_cost(std::string(1600, 'a'), std::string(160, 'a')), 101U * 11U);
}

}  // namespace
}  // namespace chancery::packs::rules
