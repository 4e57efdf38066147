#include "base/metrics.h"

#include <gtest/gtest.h>

#include <thread>

namespace chancery {
namespace {

TEST(Metrics, PrintsThePrometheusTextFormat) {
  MetricsRegistry registry;
  registry.counter("chancery_blocks_total", "Blocks made durable.").add(3);
  registry.counter("chancery_refused_total", "Refused.", {{"reason", "a\"b\\c\n"}}).add();
  registry.gauge("chancery_height", "Height.").set(12);
  Histogram& histogram = registry.histogram("chancery_commit_seconds", "Commit.", {{"stage", "write"}}, {0.1, 1});
  histogram.observe(0.1);
  histogram.observe(0.5);
  histogram.observe(7);
  EXPECT_EQ(registry.prometheus_text(),
            "# HELP chancery_blocks_total Blocks made durable.\n# TYPE chancery_blocks_total counter\n"
            "chancery_blocks_total 3\n"
            "# HELP chancery_refused_total Refused.\n# TYPE chancery_refused_total counter\n"
            "chancery_refused_total{reason=\"a\\\"b\\\\c\\n\"} 1\n"
            "# HELP chancery_height Height.\n# TYPE chancery_height gauge\nchancery_height 12\n"
            "# HELP chancery_commit_seconds Commit.\n# TYPE chancery_commit_seconds histogram\n"
            "chancery_commit_seconds_bucket{stage=\"write\",le=\"0.1\"} 1\n"
            "chancery_commit_seconds_bucket{stage=\"write\",le=\"1\"} 2\n"
            "chancery_commit_seconds_bucket{stage=\"write\",le=\"+Inf\"} 3\n"
            "chancery_commit_seconds_sum{stage=\"write\"} 7.6\n"
            "chancery_commit_seconds_count{stage=\"write\"} 3\n");
}

TEST(Metrics, GivesTheSameMetricForTheSameNameAndLabels) {
  MetricsRegistry registry;
  Counter& first = registry.counter("chancery_x_total", "X.", {{"a", "1"}});
  EXPECT_EQ(&first, &registry.counter("chancery_x_total", "X.", {{"a", "1"}}));
  EXPECT_NE(&first, &registry.counter("chancery_x_total", "X.", {{"a", "2"}}));
}

TEST(Metrics, CountsFromManyThreads) {
  MetricsRegistry registry;
  Counter& counter = registry.counter("chancery_x_total", "X.");
  Histogram& histogram = registry.histogram("chancery_x_seconds", "X.");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10000; ++i) {
          counter.add();
          histogram.observe(0.5);
        }
      });
    }
  }
  EXPECT_EQ(counter.value(), 40000U);
  EXPECT_EQ(histogram.count(), 40000U);
  EXPECT_DOUBLE_EQ(histogram.sum(), 20000.0);
}

TEST(Metrics, BoundsTheNumberOfLabelSets) {
  MetricsRegistry registry;
  for (int i = 0; i < 5000; ++i) registry.counter("chancery_x_total", "X.", {{"who", std::to_string(i)}}).add();
  EXPECT_EQ(registry.counter("chancery_x_total", "X.", {{"who", "other"}}).value(), 4000U);
}

}  // namespace
}  // namespace chancery
