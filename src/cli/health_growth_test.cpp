#include <gtest/gtest.h>

#include <limits>

#include "cli/health.h"

namespace chancery::cli {
namespace {

Finding in_days(double days) {
  return growth_finding(node::DiskForecast{.growth_bytes_per_day = 3.5 * (1 << 20), .days_left = days});
}

TEST(DiskForecastFinding, WarnsAtNinetyThirtyAndSevenDaysWithARemedyOfItsOwn) {
  EXPECT_EQ(in_days(91).health, Health::kGood);
  EXPECT_TRUE(in_days(91).remedy_en.empty());
  EXPECT_EQ(in_days(90).health, Health::kWarning);
  EXPECT_EQ(in_days(30).health, Health::kWarning);
  EXPECT_EQ(in_days(7.5).health, Health::kWarning);
  EXPECT_EQ(in_days(7).health, Health::kBad);
  EXPECT_EQ(in_days(0).health, Health::kBad);
  EXPECT_NE(in_days(90).remedy_zh, in_days(30).remedy_zh);
  EXPECT_NE(in_days(30).remedy_zh, in_days(7).remedy_zh);
  for (const double days : {90., 30., 7.}) {
    EXPECT_FALSE(in_days(days).remedy_zh.empty());
    EXPECT_FALSE(in_days(days).remedy_en.empty());
  }
}

TEST(DiskForecastFinding, SaysGrowthAndDaysInBothLanguages) {
  EXPECT_NE(in_days(20.9).text_zh.find("每天增长 3.5 MiB，可用空间还够 20 天"), std::string::npos)
      << in_days(20.9).text_zh;
  EXPECT_NE(in_days(20.9).text_en.find("3.5 MiB a day"), std::string::npos);
  EXPECT_NE(in_days(20.9).text_en.find("20 days"), std::string::npos);
}

TEST(DiskForecastFinding, SpeaksOfTenYearsInsteadOfEndlessDays) {
  EXPECT_NE(in_days(std::numeric_limits<double>::infinity()).text_zh.find("十年"), std::string::npos);
  EXPECT_EQ(in_days(1e9).health, Health::kGood);
}

TEST(DiskForecastFinding, IsGoodWithoutHistory) {
  EXPECT_EQ(growth_finding(std::nullopt).health, Health::kGood);
}

TEST(MetricValue, FindsTheLineOfTheWholeName) {
  const std::string text = "# HELP a x\na_b 3\na 1.5\ninf_one inf\nbad 1x\n";
  EXPECT_EQ(metric_value(text, "a"), 1.5);
  EXPECT_EQ(metric_value(text, "a_b"), 3);
  EXPECT_EQ(metric_value(text, "inf_one"), std::numeric_limits<double>::infinity());
  EXPECT_FALSE(metric_value(text, "b"));
  EXPECT_FALSE(metric_value(text, "bad"));
}

}  // namespace
}  // namespace chancery::cli
