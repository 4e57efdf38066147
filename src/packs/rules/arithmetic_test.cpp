#include <gtest/gtest.h>

#include "packs/rules/functions.h"
#include "packs/rules/testing/answers.h"

namespace chancery::packs::rules {
namespace {

using testing::answer;

TEST(RuleArithmetic, TruncatesTowardsZero) {
  EXPECT_EQ(answer("1 + 2 * 3 - 7 % 4"), "4");
  EXPECT_EQ(answer("-7 / 2"), "-3");
  EXPECT_EQ(answer("-7 % 2"), "-1");
}

TEST(RuleArithmetic, RefusesEveryWayOutOf64Bits) {
  for (const char* text :
       {"9223372036854775807 + 1", "-9223372036854775808 - 1", "9223372036854775807 * 2", "-9223372036854775808 / -1",
        "-9223372036854775808 % -1", "-(-9223372036854775808)", "share(9223372036854775807, 2, 1)",
        "share(-9223372036854775808, -9223372036854775808, 1)"}) {
    EXPECT_EQ(answer(text), "error: input.out_of_bounds") << text;
  }
}

TEST(RuleArithmetic, RefusesDivisionByZero) {
  EXPECT_EQ(answer("1 / 0"), "error: input.invalid_value");
  EXPECT_EQ(answer("1 % 0"), "error: input.invalid_value");
}

TEST(RuleArithmetic, AbsorbsErrorsOnlyWhereTheOtherSideDecides) {
  EXPECT_EQ(answer("1 / 0 == 1 || true"), "true");
  EXPECT_EQ(answer("1 / 0 == 1 && false"), "false");
  EXPECT_EQ(answer("1 / 0 == 1 && true"), "error: input.invalid_value");
  EXPECT_EQ(answer("1 / 0 == 1 ? true : true"), "error: input.invalid_value");
}

TEST(RuleArithmetic, DoesNotMixKinds) {
  EXPECT_EQ(answer("1 + '1'"), "error: node.unsupported");
  EXPECT_EQ(answer("1 < '1'"), "error: node.unsupported");
  EXPECT_EQ(answer("1 == '1'"), "false");
  EXPECT_EQ(answer("!1"), "error: node.unsupported");
}

TEST(RuleAmounts, AreWholeFen) {
  EXPECT_EQ(answer("yuan('18.69')"), "1869");
  EXPECT_EQ(answer("yuan('-0.5')"), "-50");
  EXPECT_EQ(answer("yuan('92233720368547758.07')"), "9223372036854775807");
  for (const char* text : {"1.234", "", ".5", "1.", "1,000", "+1", "--1", "1e3", "92233720368547758.08", " 1"}) {
    EXPECT_EQ(answer("yuan('" + std::string(text) + "')"), "error: input.invalid_value") << text;
  }
}

TEST(RuleAmounts, ShareRoundsHalvesAwayFromZero) {
  EXPECT_EQ(answer("share(1001, 1, 2)"), "501");
  EXPECT_EQ(answer("share(-1001, 1, 2)"), "-501");
  EXPECT_EQ(answer("share(1000, 1, 3)"), "333");
  EXPECT_EQ(answer("share(2000, 1, 3)"), "667");
  EXPECT_EQ(answer("share(0, 5, 7)"), "0");
  EXPECT_EQ(answer("share(1, 1, 0)"), "error: input.invalid_value");
}

TEST(RuleAmounts, ShareIsExactBeyond64Bits) {
  EXPECT_EQ(answer("share(9223372036854775807, 9223372036854775807, 9223372036854775807)"), "9223372036854775807");
  EXPECT_EQ(answer("share(-9223372036854775808, 9223372036854775807, 9223372036854775807)"), "-9223372036854775808");
}

TEST(RuleConversions, ReadAndPrintIntegers) {
  EXPECT_EQ(answer("int('-42') + int(timestamp(42))"), "0");
  EXPECT_EQ(answer("int('4 2')"), "error: input.invalid_value");
  EXPECT_EQ(answer("string(-42) + string(true) + string('a')"), "\"-42truea\"");
  EXPECT_EQ(answer("string([1])"), "error: node.unsupported");
}

}  // namespace
}  // namespace chancery::packs::rules
