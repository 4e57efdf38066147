#include "cli/restore_drill.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "cli/files.h"
#include "cli/health.h"
#include "node/backup.h"
#include "node/node_files.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

class RestoreDrill : public testing::TestWithParam<std::string> {
 protected:
  RestoreDrill() : network_(GetParam(), 5), signer_(network_.signer()) {
    fs::create_directories(node_);
    write(node::genesis_path(node_), network_.genesis().document.dump());
    store_ = *storage::Store::open({.path = node::store_path(node_)});
    ledger_ = *test::open_ledger(*store_, network_, *signer_);
  }

  static void write(const std::string& path, const std::string& content) { std::ofstream(path) << content; }

  void issue(const std::string& id) {
    const std::int64_t now_ms = ledger_->next_block_time_ms(test::kNetworkStart_ms + 1'000);
    ASSERT_TRUE(ledger_->commit(*ledger_->execute(now_ms, {network_.ordered(network_.issue(id, now_ms))})));
  }
  std::string receipt_file(std::uint64_t leaf) {
    const std::string path = directory_ / ("receipt-" + std::to_string(leaf) + ".json");
    write(path, ledger_->receipt(leaf)->to_json());
    return path;
  }
  std::string backup(const std::string& name) {
    const std::string path = backups_ + "/" + name;
    fs::create_directories(backups_);
    const Status written = node::write_backup(*store_, network_.genesis(), node_, path);
    EXPECT_TRUE(written) << written.error().message();
    return path;
  }
  DrillReport drill(const std::vector<std::string>& receipts, bool fast = false) {
    return drill(receipts, fast, network_.genesis().network_id);
  }
  DrillReport drill(const std::vector<std::string>& receipts, bool fast, const Digest& network) {
    return rehearse_restore({.backups = backups_,
                             .scratch = directory_ / "scratch",
                             .network_id = network,
                             .receipts = receipts,
                             .fast = fast},
                            clock_, [](std::uint64_t, std::uint64_t) {});
  }

  test::TemporaryDirectory directory_;
  const std::string node_ = directory_ / "node";
  const std::string backups_ = directory_ / "backups";
  SystemClock clock_;
  test::SmallNetwork network_;
  std::unique_ptr<test::MemorySigner> signer_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

TEST_P(RestoreDrill, RestoresExecutesAgainAndKeepsTheWordOfOldReceipts) {
  issue("c-1");
  issue("c-2");
  const std::vector<std::string> receipts = {receipt_file(0), receipt_file(1)};
  issue("c-3");
  const std::string path = backup("b-1");
  const DrillReport report = drill(receipts);
  EXPECT_TRUE(report.passed) << report.failure_en;
  EXPECT_EQ(report.backup, path);
  EXPECT_EQ(report.height, ledger_->head().height);
  EXPECT_EQ(report.transactions, 3U);
  EXPECT_EQ(report.state_root, to_hex(ledger_->head().state_root));
  EXPECT_EQ(report.history_root, to_hex(ledger_->head().history_root));
  EXPECT_TRUE(report.executed_again);
  EXPECT_EQ(report.receipts, 2U);
  EXPECT_FALSE(exists(directory_ / "scratch")) << "the scratch directory is removed";
}

TEST_P(RestoreDrill, FailsWhenAReceiptIsNewerThanTheBackup) {
  issue("c-1");
  const std::uint64_t height = ledger_->head().height;
  backup("b-1");
  issue("c-2");
  const DrillReport report = drill({receipt_file(1)}, true);
  EXPECT_FALSE(report.passed);
  EXPECT_FALSE(report.failure_zh.empty());
  EXPECT_EQ(report.height, height) << "what was restored is told all the same";
}

TEST_P(RestoreDrill, FailsWhenAReceiptIsOfAnotherNetwork) {
  issue("c-1");
  backup("b-1");
  test::SmallNetwork other(GetParam(), 6);
  const auto signer = other.signer();
  const auto store = *storage::Store::open({.path = directory_ / "other"});
  const auto ledger = *test::open_ledger(*store, other, *signer);
  const std::int64_t now_ms = test::kNetworkStart_ms + 1'000;
  ASSERT_TRUE(ledger->commit(*ledger->execute(now_ms, {other.ordered(other.issue("c-1", now_ms))})));
  write(directory_ / "foreign.json", ledger->receipt(0)->to_json());
  EXPECT_FALSE(drill({directory_ / "foreign.json"}, true).passed);
}

TEST_P(RestoreDrill, FailsOnABackupOfAnotherNetwork) {
  issue("c-1");
  backup("b-1");
  EXPECT_FALSE(drill({}, true, Digest{}).passed);
}

TEST_P(RestoreDrill, FailsOnADamagedBackup) {
  issue("c-1");
  const std::string path = backup("b-1");
  for (const auto& file : fs::directory_iterator(node::store_path(path))) {
    if (file.path().extension() == ".sst") fs::resize_file(file.path(), file.file_size() / 2);
  }
  const DrillReport report = drill({}, true);
  EXPECT_FALSE(report.passed);
  EXPECT_FALSE(exists(directory_ / "scratch"));
}

TEST_P(RestoreDrill, TakesTheNewestOfSeveralBackups) {
  issue("c-1");
  const std::string first = backup("z-older");
  fs::last_write_time(node::genesis_path(first), fs::file_time_type::clock::now() - std::chrono::hours(1));
  const std::string second = backup("a-newer");
  fs::create_directories(backups_ + "/no-backup");
  EXPECT_EQ(*newest_backup(backups_), second);
  EXPECT_EQ(*newest_backup(first), first);
  EXPECT_EQ(newest_backup(directory_ / "nowhere").error().reason, Reason::kNotFound);
}

TEST_P(RestoreDrill, KeepsItsReportForTheDoctor) {
  EXPECT_FALSE(*last_drill(node_));
  ASSERT_TRUE(keep_drill_report(node_, {.time_ms = 42, .passed = true}));
  const auto report = last_drill(node_);
  ASSERT_TRUE(report && *report);
  EXPECT_EQ((*report)->time_ms, 42);
  EXPECT_TRUE((*report)->passed);
  for (const char* text : {"", "[]", "{}", R"({"time_ms":"x","passed":true})", R"({"time_ms":1,"passed":1})"}) {
    EXPECT_FALSE(DrillReport::parse(text)) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(BothSuites, RestoreDrill, testing::Values("intl", "gm"),
                         [](const auto& suite) { return suite.param; });

constexpr std::int64_t kNow_ms = 1'790'000'000'000;

Finding of_age(double days, bool passed) {
  return drill_finding(DrillReport{.time_ms = kNow_ms - static_cast<std::int64_t>(days * 86'400'000), .passed = passed},
                       kNow_ms);
}

TEST(DrillFinding, TellsHowLongAgoItWasAndWarnsAfterAQuarter) {
  EXPECT_EQ(of_age(12.5, true).health, Health::kGood);
  EXPECT_NE(of_age(12.5, true).text_zh.find("12 天前"), std::string::npos);
  EXPECT_NE(of_age(12.5, true).text_en.find("12 days ago"), std::string::npos);
  EXPECT_EQ(of_age(91, true).health, Health::kWarning);
  EXPECT_EQ(of_age(1, false).health, Health::kWarning);
  EXPECT_FALSE(of_age(1, false).remedy_zh.empty());
}

TEST(DrillFinding, SaysThatThereHasBeenNone) {
  const Finding none = drill_finding(std::nullopt, kNow_ms);
  EXPECT_EQ(none.health, Health::kSkipped);
  EXPECT_NE(none.remedy_en.find("chancery drill"), std::string::npos);
}

}  // namespace
}  // namespace chancery::cli
