#include "node/disk_forecast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "ledger.pb.h"
#include "tests/support/temporary_directory.h"

namespace chancery::node {
namespace {

constexpr std::int64_t kBorn_ms = 1'790'000'000'000;

class DiskForecastTest : public testing::Test {
 protected:
  DiskForecastTest() : store_(*storage::Store::open({.path = directory_ / "store"})) {}

  /// One block of `count` entries, `day` days after the network's beginning.
  void block(std::uint64_t height, double day, std::uint32_t count) {
    wire::StoredBlock stored;
    stored.mutable_header()->set_height(height);
    stored.mutable_header()->set_time_ms(kBorn_ms +
                                         static_cast<std::int64_t>(day * static_cast<double>(kForecastDay_ms)));
    stored.mutable_header()->set_first_leaf(entries_);
    stored.mutable_header()->set_count(count);
    entries_ += count;
    storage::WriteBatch batch(*store_);
    batch.put(storage::Family::kBlocks, u64_be(height), as_bytes(stored.SerializeAsString()));
    ASSERT_TRUE(store_->write(batch));
  }
  Result<std::optional<DiskHistory>> on_day(double day) const {
    return disk_history(*store_, kBorn_ms,
                        kBorn_ms + static_cast<std::int64_t>(day * static_cast<double>(kForecastDay_ms)));
  }

  test::TemporaryDirectory directory_;
  std::unique_ptr<storage::Store> store_;
  std::uint64_t entries_ = 0;
};

TEST_F(DiskForecastTest, SaysNothingOfAYoungOrEmptyNetwork) {
  EXPECT_FALSE(on_day(5)->has_value());
  block(1, 0.1, 10);
  EXPECT_FALSE(on_day(0.9)->has_value());
  EXPECT_TRUE(on_day(1)->has_value());
}

TEST_F(DiskForecastTest, CountsBlocksAndEntriesSinceTheGenesisOfAYoungNetwork) {
  block(1, 0.5, 9);
  block(2, 3, 4);
  const auto history = *on_day(10);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->window_ms, 10 * kForecastDay_ms);
  EXPECT_EQ(history->in_window, 15U);
  EXPECT_EQ(history->in_all, 15U);
}

TEST_F(DiskForecastTest, CountsOfAnOldNetworkThirtyDaysAlone) {
  for (std::uint64_t day = 1; day <= 100; ++day) block(day, static_cast<double>(day), 4);
  const auto history = *on_day(100.5);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->window_ms, kForecastWindow_ms);
  EXPECT_EQ(history->in_window, 30U * 5);
  EXPECT_EQ(history->in_all, 100U * 5);
}

TEST_F(DiskForecastTest, SeesThatAQuietNetworkDoesNotGrow) {
  block(1, 1, 1'000);
  const auto history = *on_day(60);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->in_window, 0U);
  const DiskForecast forecast = forecast_disk(*history, {.used_bytes = 1'000'000, .free_bytes = 1, .reserve_bytes = 0});
  EXPECT_EQ(forecast.growth_bytes_per_day, 0);
  EXPECT_TRUE(std::isinf(forecast.days_left));
}

TEST_F(DiskForecastTest, TakesBlocksBeforeASnapshotForOlderOnes) {
  entries_ = 500;
  for (std::uint64_t height = 90; height <= 100; ++height) block(height, static_cast<double>(height), 1);
  const auto history = *on_day(100);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->in_window, 11U * 2);
  EXPECT_EQ(history->in_all, 100U + 511);
}

TEST(DiskForecast, SharesOutTheBytesAndStopsAtTheReserve) {
  const DiskHistory history{.window_ms = 10 * kForecastDay_ms, .in_window = 50, .in_all = 200};
  const DiskForecast forecast =
      forecast_disk(history, {.used_bytes = 4'000, .free_bytes = 1'200, .reserve_bytes = 200});
  EXPECT_DOUBLE_EQ(forecast.growth_bytes_per_day, 100);
  EXPECT_DOUBLE_EQ(forecast.days_left, 10);
  EXPECT_EQ(forecast_disk(history, {.used_bytes = 4'000, .free_bytes = 100, .reserve_bytes = 200}).days_left, 0);
  EXPECT_TRUE(std::isinf(forecast_disk({}, {.used_bytes = 1, .free_bytes = 1, .reserve_bytes = 0}).days_left));
}

TEST(DiskUse, CountsEveryFileBelowTheDirectory) {
  const test::TemporaryDirectory directory;
  std::filesystem::create_directories(directory / "a/b");
  std::ofstream(directory / "one") << std::string(1'000, 'x');
  std::ofstream(directory / "a/b/two") << std::string(234, 'x');
  const DiskUse use = disk_use(directory.path(), 7);
  EXPECT_EQ(use.used_bytes, 1'234U);
  EXPECT_GT(use.free_bytes, 0U);
  EXPECT_EQ(use.reserve_bytes, 7U);
}

}  // namespace
}  // namespace chancery::node
