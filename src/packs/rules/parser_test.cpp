#include "packs/rules/parser.h"

#include <gtest/gtest.h>

#include "packs/rules/testing/answers.h"
#include "packs/rules/testing/printer.h"

namespace chancery::packs::rules {
namespace {

std::string understood(std::string_view text) {
  const auto expr = parse_rule(text);
  return expr ? testing::printed(*expr) : "refused: " + std::string(reason_text(expr.error().reason).wire_name);
}

std::string detail(std::string_view text, Language language = Language::kEn) {
  const auto expr = parse_rule(text);
  if (expr) return "read";
  return language == Language::kEn ? expr.error().detail : expr.error().detail_zh;
}

TEST(RuleParser, BindsOperatorsAsCelDoes) {
  EXPECT_EQ(understood("1 + 2 * 3 - 4 % 5"), "((1 + (2 * 3)) - (4 % 5))");
  EXPECT_EQ(understood("a || b && c == d"), "(a || (b && (c == d)))");
  EXPECT_EQ(understood("!a.b && -c[0] < 1"), "((!(a.b)) && ((-(c[0])) < 1))");
  EXPECT_EQ(understood("a ? b : c ? d : e"), "(a ? b : (c ? d : e))");
  EXPECT_EQ(understood("'x' in [a] == true"), "((\"x\" in [a]) == true)");
}

TEST(RuleParser, ReadsCallsMethodsMacrosAndMaps) {
  EXPECT_EQ(understood("size(a) + a.size()"), "(size(a) + a.size())");
  EXPECT_EQ(understood("a.b.all(x, x > 0)"), "a.b.all(x, (x > 0))");
  EXPECT_EQ(understood("has(a.b.c)"), "has(a.b.c)");
  EXPECT_EQ(understood("{'a': [1, 2,], 3: {}}"), "{\"a\": [1, 2], 3: {}}");
  EXPECT_EQ(understood("a // to the end\n + b"), "(a + b)");
}

TEST(RuleParser, ReadsStringsWithTheirEscapes) {
  EXPECT_EQ(testing::answer(R"('\x41\101\u674e\U0001F600\t' == "AA李😀	")"), "true");
  EXPECT_EQ(testing::answer(R"(r'\d' == "\\d")"), "true");
  EXPECT_EQ(testing::answer("'''a\n'b''' == \"a\\n'b\""), "true");
  EXPECT_EQ(understood("'a\nb'"), "refused: input.malformed");
  EXPECT_EQ(understood("'a\rb'"), "refused: input.malformed");
  EXPECT_EQ(understood(R"('\ud800')"), "refused: input.malformed");
  // Control characters that differ from digits in one bit only.
  EXPECT_EQ(understood("'\\x\x11\x12'"), "refused: input.malformed");
}

TEST(RuleParser, ReadsIntegersToTheLimitsOf64Bits) {
  EXPECT_EQ(understood("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(understood("0x7fffffffffffffff"), "9223372036854775807");
  EXPECT_EQ(understood("9223372036854775808"), "refused: input.malformed");
  EXPECT_EQ(understood("0x"), "refused: input.malformed");
  EXPECT_EQ(understood("12a"), "refused: input.malformed");
}

TEST(RuleParser, RefusesWhatTheSubsetLeavesOutByItsName) {
  EXPECT_EQ(detail("1.5"), "line 1, column 1: doubles are not part of the rule language");
  EXPECT_EQ(detail("1u"), "line 1, column 1: unsigned integers are not part of the rule language");
  EXPECT_EQ(detail("b'a'"), "line 1, column 1: bytes are not part of the rule language");
  EXPECT_EQ(detail("[1].all(i, v, true)"),
            "line 1, column 20: all with two variables is not part of the rule language");
  EXPECT_EQ(detail("a == for"), "line 1, column 6: for is a reserved word");
}

TEST(RuleParser, RefusesHalfRules) {
  for (const char* text : {"", "1 +", "(1", "[1,,2]", "f(1,)", "a.", "1 2", "{1}", "has(a)", "a.all(x)", "a ? b", "in",
                           "a.all(1, x)", "'", "@", "\xff"}) {
    EXPECT_EQ(understood(text), "refused: input.malformed") << text;
  }
}

TEST(RuleParser, NamesThePlaceInCodePointsAndInBothLanguages) {
  EXPECT_EQ(detail("1 +\n  )"), "line 2, column 3: expected a value");
  EXPECT_EQ(detail("'李四' == @"), "line 1, column 9: a character that no rule has outside strings");
  EXPECT_EQ(detail("1 +\n  )", Language::kZhCn), "第 2 行第 3 列：此处应为值");
}

TEST(RuleParser, BoundsLengthNestingAndHeight) {
  const auto repeated = [](std::string_view part, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += part;
    return out;
  };
  EXPECT_EQ(understood(repeated("(", 47) + "1" + repeated(")", 47)), "1");
  EXPECT_EQ(understood(repeated("(", 48) + "1" + repeated(")", 48)), "refused: input.too_large");
  EXPECT_EQ(understood(repeated("!", 49) + "a"), "refused: input.too_large");
  EXPECT_EQ(understood("a" + repeated(".a", 200)), "refused: input.too_large");
  EXPECT_EQ(understood("a" + repeated(" && a", 200)), "refused: input.too_large");
  EXPECT_EQ(understood(repeated(" ", kMaxRule_bytes) + "1"), "refused: input.too_large");
}

TEST(RuleParser, TellsOperatorsFromFunctionsOfTheirName) {
  EXPECT_EQ(testing::answer("neg()"), "error: node.unsupported");
  EXPECT_EQ(testing::answer("[1].in()"), "error: node.unsupported");
  EXPECT_EQ(testing::answer("1.in([1])"), "error: node.unsupported");
}

}  // namespace
}  // namespace chancery::packs::rules
