#include "cli/terminal.h"

#include <gtest/gtest.h>

#include "cli/moment.h"

namespace chancery::cli {
namespace {

TEST(DisplayWidth, CountsChineseTwiceAndLatinOnce) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("居住证明"), 8U);
  EXPECT_EQ(display_width("é"), 1U);
  EXPECT_EQ(display_width("✓"), 1U);
  EXPECT_EQ(display_width("𠮷"), 2U);
}

TEST(Language, FollowsTheFlagAndIsChineseWhenNothingIsKnown) {
  EXPECT_EQ(language_from("en"), Language::kEn);
  EXPECT_EQ(language_from("zh"), Language::kZhCn);
  EXPECT_EQ(language_from("fr_FR.UTF-8"), Language::kZhCn);
}

TEST(Moment, ReadsHeights) {
  const auto moment = parse_moment("1234");
  ASSERT_TRUE(moment.has_value());
  EXPECT_EQ(moment->height, 1234U);
  EXPECT_FALSE(moment->time_ms.has_value());
}

TEST(Moment, ADateIsTheEndOfThatDayInChina) {
  const auto moment = parse_moment("1970-01-01");
  ASSERT_TRUE(moment.has_value());
  EXPECT_EQ(moment->time_ms, 16 * 3'600'000 - 1);
}

TEST(Moment, ReadsInstantsWithTheirZone) {
  EXPECT_EQ(parse_moment("1970-01-01T08:00:00+08:00")->time_ms, 0);
  EXPECT_EQ(parse_moment("1970-01-02T00:00:00Z")->time_ms, 86'400'000);
  EXPECT_EQ(show_time(0), "1970-01-01 08:00:00 +08:00");
  EXPECT_EQ(show_time(-1), "1970-01-01 07:59:59 +08:00");
}

TEST(Moment, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "2026-13-01", "2026-02-30", "26-01-01", "2026-01-01T00:00:00", "1e9", "-5", "99999999999999999999"}) {
    const auto moment = parse_moment(text);
    ASSERT_FALSE(moment.has_value()) << text;
    EXPECT_EQ(moment.error().reason, Reason::kUsage);
  }
}

}  // namespace
}  // namespace chancery::cli
