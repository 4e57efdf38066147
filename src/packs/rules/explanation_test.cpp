#include "packs/rules/explanation.h"

#include <gtest/gtest.h>

#include "packs/rules/testing/answers.h"

namespace chancery::packs::rules {
namespace {

Refusal refusal_of(std::string_view text) {
  const auto rule = Rule::read(text);
  Refusal none;
  none.expression = rule ? "allowed" : "unread";
  return rule ? rule->judge(testing::sample_facts()).refusal.value_or(none) : none;
}

std::string paths_of(const Refusal& refusal) {
  std::string out;
  for (const UsedFact& fact : refusal.facts) out.append(out.empty() ? "" : " ").append(fact.path);
  return out;
}

TEST(RuleExplanation, SaysWhichFactFromWhichSourceFailedWhichPart) {
  const Refusal refusal = refusal_of("!register.frozen && applicant.age >= 18");
  EXPECT_EQ(refusal.reason, Reason::kInvalidValue);
  EXPECT_EQ(refusal.expression, "applicant.age >= 18");
  EXPECT_EQ(refusal.place, (Place{1, 21}));
  EXPECT_EQ(refusal.text(Language::kEn),
            "A value is not acceptable: the rule \"applicant.age >= 18\" does not hold; applicant.age is 17 (source: "
            "population register).");
  EXPECT_EQ(refusal.text(Language::kZhCn),
            "内容不符合要求：规则“applicant.age >= 18”不成立；applicant.age 为 17（来源：人口库）。");
}

TEST(RuleExplanation, NamesAMissingFactAndItsSource) {
  const Refusal refusal = refusal_of("!register.frozen && applicant.address == '上海'");
  EXPECT_EQ(refusal.reason, Reason::kNotFound);
  EXPECT_EQ(refusal.text(Language::kEn),
            "Not found: the rule \"applicant.address == '上海'\" cannot be judged: there is no fact applicant.address "
            "(source: household register); applicant.address is missing (source: household register).");
  EXPECT_EQ(refusal.text(Language::kZhCn),
            "没有找到：规则“applicant.address == '上海'”无法判断：没有事实 applicant.address（来源：户籍库）；缺少 "
            "applicant.address（来源：户籍库）。");
}

TEST(RuleExplanation, AFactThatNobodyDeclaredHasNoSource) {
  const Refusal refusal = refusal_of("applicant.income < 1");
  EXPECT_EQ(refusal.reason, Reason::kNotFound);
  ASSERT_EQ(refusal.facts.size(), 1U);
  EXPECT_EQ(refusal.facts[0].path, "applicant.income");
  EXPECT_FALSE(refusal.facts[0].value.has_value());
  EXPECT_NE(refusal.text(Language::kZhCn).find("缺少 applicant.income（来源：未声明）"), std::string::npos);
}

TEST(RuleExplanation, AFalsePartGoesBeforeTheErrorOfAnother) {
  EXPECT_EQ(refusal_of("applicant.address == '' && register.frozen").expression, "register.frozen");
  EXPECT_EQ(refusal_of("register.frozen && applicant.address == ''").expression, "register.frozen");
  EXPECT_EQ(refusal_of("applicant.address == '' && applicant.age > 1").expression, "applicant.address == ''");
}

TEST(RuleExplanation, LooksUnderNegations) {
  const Refusal refusal = refusal_of("!(register.frozen || applicant.age < 18)");
  EXPECT_EQ(refusal.expression, "applicant.age < 18");
  EXPECT_FALSE(refusal.must_hold);
  EXPECT_NE(refusal.text(Language::kEn).find("holds and must not"), std::string::npos);
  EXPECT_NE(refusal.text(Language::kZhCn).find("成立，而它不应成立"), std::string::npos);
}

TEST(RuleExplanation, AlternativesFailTogether) {
  const Refusal refusal = refusal_of("register.frozen || applicant.age >= 18");
  EXPECT_EQ(refusal.expression, "register.frozen || applicant.age >= 18");
  EXPECT_EQ(paths_of(refusal), "applicant.age register.frozen");
}

TEST(RuleExplanation, ABranchNamesTheFactsThatChoseIt) {
  const Refusal refusal = refusal_of("applicant.age < 18 ? register.frozen : true");
  EXPECT_EQ(refusal.expression, "register.frozen");
  EXPECT_EQ(paths_of(refusal), "applicant.age register.frozen");
  EXPECT_EQ(refusal_of("applicant.address == '' ? true : true").expression, "applicant.address == ''");
}

TEST(RuleExplanation, NamesTheItemThatDecided) {
  const Refusal refusal = refusal_of("documents.all(d, d.kind != '' && d.valid)");
  EXPECT_EQ(refusal.expression, "d.valid");
  ASSERT_EQ(refusal.bindings.size(), 1U);
  EXPECT_EQ(refusal.bindings[0].variable, "d");
  EXPECT_EQ(refusal.bindings[0].value, "{\"kind\": \"deed\", \"valid\": false}");
  EXPECT_EQ(paths_of(refusal), "documents");
  EXPECT_EQ(refusal_of("!documents.exists(d, !d.valid)").bindings.size(), 1U);
  EXPECT_NE(refusal.text(Language::kZhCn).find("其中 d 为"), std::string::npos);
}

TEST(RuleExplanation, RulesWithoutAnAnswerRefuse) {
  EXPECT_EQ(refusal_of("9223372036854775807 + applicant.age > 0").reason, Reason::kOutOfBounds);
  EXPECT_EQ(refusal_of("applicant.age").reason, Reason::kUnsupported);
  EXPECT_EQ(refusal_of("applicant.age && true").reason, Reason::kUnsupported);
  EXPECT_EQ(refusal_of("applicant.age + 'a' == 'b'").reason, Reason::kUnsupported);
  EXPECT_EQ(refusal_of("applicant.age.all(x, true)").reason, Reason::kUnsupported);
  EXPECT_EQ(refusal_of("documents.all(d, d.missing)").reason, Reason::kNotFound);
}

TEST(RuleExplanation, AllowsWhatHolds) {
  for (const char* text :
       {"applicant.age == 17", "documents.all(d, has(d.kind))", "!register.frozen", "[].all(x, false)",
        "register.frozen ? false : true", "{'a': 1}.all(k, k == 'a')", "applicant.address == '' || true"}) {
    EXPECT_EQ(refusal_of(text).expression, "allowed") << text;
  }
}

TEST(RuleExplanation, CutsLongValuesBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "四";
  const std::string text = to_text(Value{name});
  EXPECT_EQ(text.size(), 198U + 3 + 2);
  EXPECT_TRUE(text.ends_with("四…\""));
}

}  // namespace
}  // namespace chancery::packs::rules
