#include "api/time_text.h"

#include <gtest/gtest.h>

namespace chancery::api {
namespace {

constexpr std::int64_t kMoment_ms = 1'795'427'051'123;  // 2026-11-23T09:44:11.123Z

TEST(TimeTextTest, WritesForPrograms) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(kMoment_ms), "2026-11-23T09:44:11.123Z");
}

TEST(TimeTextTest, WritesForPeopleInBeijingTime) {
  EXPECT_EQ(time_for_people(kMoment_ms, Language::kZhCn), "2026年11月23日 17:44:11（北京时间）");
  EXPECT_EQ(time_for_people(kMoment_ms, Language::kEn), "23 November 2026, 17:44:11 (Beijing time, UTC+8)");
}

TEST(TimeTextTest, ReadsWhatItWrites) {
  for (const std::int64_t time_ms : {std::int64_t{0}, kMoment_ms, std::int64_t{253'402'300'799'999}}) {
    EXPECT_EQ(parse_time(rfc3339(time_ms)), time_ms);
  }
}

TEST(TimeTextTest, ReadsOffsetsAndFractions) {
  EXPECT_EQ(parse_time("2026-11-23T17:44:11.123+08:00"), kMoment_ms);
  EXPECT_EQ(parse_time("2026-11-23T09:44:11.123999Z"), kMoment_ms);
  EXPECT_EQ(parse_time("2026-11-23T09:44:11Z"), kMoment_ms - 123);
}

TEST(TimeTextTest, TakesABareDateAsTheEndOfThatDayInBeijing) {
  EXPECT_EQ(rfc3339(*parse_time("2026-11-23")), "2026-11-23T15:59:59.999Z");
}

TEST(TimeTextTest, RefusesAnythingElse) {
  for (const auto* text : {"", "2026", "2026-13-01", "2026-02-30", "1969-12-31", "2026-11-23T", "2026-11-23T24:00:00Z",
                           "2026-11-23T09:44:11", "2026-11-23T09:44:11.Z", "2026-11-23T09:44:11+8",
                           "2026-11-23 09:44:11Z", "2026-11-23T09:44:60Z", "x026-11-23", "2026-11-23T09:44:11Zx"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(TimeTextTest, SurvivesAnyNumber) {
  EXPECT_FALSE(rfc3339(INT64_MAX).empty());
  EXPECT_FALSE(time_for_people(INT64_MIN + 8LL * 3'600'000, Language::kEn).empty());
}

}  // namespace
}  // namespace chancery::api
