#include "packs/rules/moments.h"

#include <gtest/gtest.h>

#include "packs/rules/testing/answers.h"

namespace chancery::packs::rules {
namespace {

using testing::answer;

TEST(RuleMoments, ReadRfc3339WithoutFractions) {
  EXPECT_EQ(answer("timestamp('2026-11-23T20:00:00+08:00')"), "2026-11-23T12:00:00Z");
  EXPECT_EQ(answer("timestamp('2026-11-23T20:00:00Z') < timestamp('2026-11-23T20:00:01Z')"), "true");
  for (const char* text :
       {"2026-11-23", "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23 20:00:00Z", "0000-01-01T00:00:00Z",
        "2026-11-23T20:00:00", "2026-11-23T20:00:00.5Z", "9999-12-31T23:59:59-00:01", "2026-11-23T20:00:00UTC"}) {
    EXPECT_EQ(answer("timestamp('" + std::string(text) + "')"), "error: input.invalid_value") << text;
  }
}

TEST(RuleMoments, ShowTheCalendarAtFixedOffsetsOnly) {
  EXPECT_EQ(answer("timestamp('2026-11-23T20:00:00Z').getDate('+08:00')"), "24");
  EXPECT_EQ(answer("timestamp('2026-11-23T20:00:00Z').getMonth()"), "10");
  EXPECT_EQ(answer("timestamp('2024-12-31T20:00:00Z').getDayOfYear()"), "365");
  EXPECT_EQ(answer("timestamp('2026-11-22T20:00:00Z').getDayOfWeek()"), "0");
  EXPECT_EQ(answer("timestamp('2026-11-23T20:00:00Z').getDate('Asia/Shanghai')"), "error: node.unsupported");
  EXPECT_EQ(answer("timestamp('9999-12-31T23:59:59Z').getFullYear('+08:00')"), "10000");
}

TEST(RuleMoments, ADateIsItsFirstSecondAtTheOffset) {
  EXPECT_EQ(answer("date('2026-11-23')"), "2026-11-23T00:00:00Z");
  EXPECT_EQ(answer("date('2026-11-23', '+08:00')"), "2026-11-22T16:00:00Z");
  EXPECT_EQ(answer("date('2026-11-31')"), "error: input.invalid_value");
  EXPECT_EQ(answer("date('0001-01-01', '+08:00')"), "error: input.out_of_bounds");
}

TEST(RuleMoments, AMonthWithoutTheDayEndsWithItsLast) {
  EXPECT_EQ(answer("date('2026-01-31').plusMonths(1)"), "2026-02-28T00:00:00Z");
  EXPECT_EQ(answer("date('2024-02-29').plusMonths(12)"), "2025-02-28T00:00:00Z");
  EXPECT_EQ(answer("date('2026-03-31').plusMonths(-1)"), "2026-02-28T00:00:00Z");
  // In Shanghai it is the 31st already.
  EXPECT_EQ(answer("timestamp('2026-01-30T16:00:00Z').plusMonths(1, '+08:00')"), "2026-02-27T16:00:00Z");
  EXPECT_EQ(answer("date('2026-01-31').plusDays(30)"), "2026-03-02T00:00:00Z");
}

TEST(RuleMoments, NeverLeaveTheCalendar) {
  for (const char* text :
       {"date('9999-12-31').plusDays(1)", "date('0001-01-01').plusMonths(-1)",
        "date('2026-01-01').plusDays(9223372036854775807)", "date('2026-01-01').plusMonths(-9223372036854775808)"}) {
    EXPECT_EQ(answer(text), "error: input.out_of_bounds") << text;
  }
}

TEST(RuleMoments, DaysAreMidnightsBetween) {
  EXPECT_EQ(answer("daysBetween(timestamp('2026-11-23T23:59:59Z'), timestamp('2026-11-24T00:00:00Z'))"), "1");
  EXPECT_EQ(answer("daysBetween(timestamp('2026-11-23T23:59:59Z'), timestamp('2026-11-24T00:00:00Z'), '+08:00')"), "0");
  EXPECT_EQ(answer("daysBetween(date('2026-11-24'), date('2026-11-23'))"), "-1");
}

TEST(RuleMoments, AnAgeGrowsWithTheFirstSecondOfTheBirthday) {
  EXPECT_EQ(answer("yearsBetween(date('2008-11-24'), timestamp('2026-11-23T23:59:59Z'))"), "17");
  EXPECT_EQ(answer("yearsBetween(date('2008-11-24'), timestamp('2026-11-24T00:00:00Z'))"), "18");
  EXPECT_EQ(answer("yearsBetween(date('2008-02-29'), date('2026-02-28'))"), "18");
  EXPECT_EQ(answer("yearsBetween(date('2026-02-28'), date('2008-02-29'))"), "-18");
  EXPECT_EQ(answer("yearsBetween(date('2008-11-24', '+08:00'), timestamp('2026-11-23T16:00:00Z'), '+08:00')"), "18");
}

}  // namespace
}  // namespace chancery::packs::rules
