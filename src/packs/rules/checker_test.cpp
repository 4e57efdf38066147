#include "packs/rules/checker.h"

#include <gtest/gtest.h>

namespace chancery::packs::rules {
namespace {

Status checked_rule(std::string_view text) {
  const DeclaredFacts declared = {{"applicant.age", Kind::kInt},    {"applicant.name", Kind::kString},
                                  {"register.frozen", Kind::kBool}, {"filed", Kind::kTimestamp},
                                  {"documents", Kind::kList},       {"office", Kind::kMap},
                                  {"whatever", Kind::kAny}};
  const auto rule = Rule::read(text);
  return rule ? rule->check(declared) : std::unexpected(rule.error());
}

std::string mistake(std::string_view text) {
  const auto status = checked_rule(text);
  return status ? "" : status.error().detail;
}

TEST(RuleChecker, AcceptsWhatMayWork) {
  for (const char* text :
       {"applicant.age >= 18 && !register.frozen", "documents.all(d, d.kind == 'id' && d.pages > 0)",
        "office.code in ['31', '32'] || office['code'] == null", "whatever + 1 > 2 && whatever.startsWith('a')",
        "yearsBetween(filed, filed.plusMonths(3), '+08:00') == 0", "has(applicant.age) || has(office.code)",
        "size(whatever) == size(documents)", "(register.frozen ? 1 : 'a') == 1", "whatever", "int(whatever) > 0",
        "documents.map(d, d.pages > 1, d.pages * 2).exists(n, n == 4)", "{1: 'a', true: 2}[1] == 'a'"}) {
    EXPECT_EQ(mistake(text), "") << text;
  }
}

TEST(RuleChecker, RefusesFactsThatAreNotDeclared) {
  EXPECT_EQ(mistake("applicant.agee >= 18"), "line 1, column 1: the fact applicant.agee is not declared");
  EXPECT_EQ(mistake("true && appliant.age > 1"), "line 1, column 9: the fact appliant is not declared");
  EXPECT_EQ(mistake("has(applicant.address)"), "line 1, column 1: the fact applicant.address is not declared");
  EXPECT_EQ(mistake("documents.all(d, x)"), "line 1, column 18: the fact x is not declared");
  EXPECT_EQ(mistake("documents.all(d, true) && d"), "line 1, column 27: the fact d is not declared");
  EXPECT_EQ(checked_rule("x").error().reason, Reason::kNotFound);
  EXPECT_EQ(checked_rule("x").error().detail_zh, "第 1 行第 1 列：事实 x 没有声明");
}

TEST(RuleChecker, RefusesFunctionsThatDoNotExistOrNeverFit) {
  EXPECT_EQ(mistake("sise(documents) > 1"), "line 1, column 1: there is no function sise for (list)");
  EXPECT_EQ(mistake("applicant.age.startsWith('a')"),
            "line 1, column 1: there is no function startsWith for (int, string)");
  EXPECT_EQ(mistake("share(1, 2) > 0"), "line 1, column 1: there is no function share for (int, int)");
  EXPECT_EQ(mistake("contains('a', 'b')"), "line 1, column 1: there is no function contains for (string, string)");
}

TEST(RuleChecker, RefusesKindsThatNeverMeet) {
  EXPECT_EQ(mistake("applicant.age == '18'"), "line 1, column 1: == never fits a int and a string");
  EXPECT_EQ(mistake("applicant.name < 3"), "line 1, column 1: < never fits a string and a int");
  EXPECT_EQ(mistake("1 in 2"), "line 1, column 1: in never fits a int and a int");
  EXPECT_EQ(mistake("documents['a'] == 1"), "line 1, column 1: [] never fits a list and a string");
  EXPECT_EQ(mistake("register.frozen && applicant.age"), "line 1, column 20: && takes a bool, and this is a int");
  EXPECT_EQ(mistake("-applicant.name == 1"), "line 1, column 2: - takes a int, and this is a string");
  EXPECT_EQ(mistake("applicant.age.all(x, true)"),
            "line 1, column 1: all runs over a list or a map, and this is a int");
  EXPECT_EQ(mistake("documents.all(d, 1)"), "line 1, column 18: all takes a bool, and this is a int");
  EXPECT_EQ(mistake("{[1]: 2} == {}"), "line 1, column 2: a key cannot be a list");
  EXPECT_EQ(mistake("applicant.age.years == 1"), "line 1, column 1: . takes a map, and this is a int");
}

TEST(RuleChecker, AGuardIsTrueOrFalse) {
  EXPECT_EQ(mistake("applicant.age + 1"), "line 1, column 1: a guard has to be true or false, and this is a int");
}

}  // namespace
}  // namespace chancery::packs::rules
