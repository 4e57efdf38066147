#include "node/services/access_log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/support/temporary_directory.h"

namespace chancery::node {
namespace {

class AccessLogTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    log_.reset();
    auto opened = AccessLog::open(directory_.path(), crypto::HashAlgorithm::kSm3, clock_);
    ASSERT_TRUE(opened) << opened.error().message();
    log_ = std::move(*opened);
  }
  std::string path() const { return directory_ / "access.jsonl"; }
  std::string text() const {
    std::ostringstream out;
    out << std::ifstream(path()).rdbuf();
    return out.str();
  }
  void overwrite(const std::string& text) { std::ofstream(path()) << text; }
  Status record(const std::string& subject, const std::string& purpose = "复核") {
    clock_.advance_ms(5);
    return log_->record({0, "wang", "read", subject, purpose, {"name"}});
  }

  test::TemporaryDirectory directory_;
  ManualClock clock_{1'790'000'000'000};
  std::unique_ptr<AccessLog> log_;
};

TEST_F(AccessLogTest, ListsNewestFirstAndBySubjectAlsoAfterReopening) {
  for (const char* id : {"credential/1", "credential/2", "credential/1"}) ASSERT_TRUE(record(id));
  open();
  ASSERT_TRUE(record("credential/3"));
  const auto all = log_->list("", 10);
  ASSERT_EQ(all->size(), 4U);
  EXPECT_EQ(all->front().subject, "credential/3");
  EXPECT_EQ(log_->list("credential/1", 10)->size(), 2U);
  EXPECT_EQ(log_->list("", 2)->size(), 2U);
  EXPECT_TRUE(log_->verify());
}

TEST_F(AccessLogTest, FindsAChangedLine) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(record("credential/1"));
  std::string changed = text();
  changed.replace(changed.find("wang"), 4, "chen");
  overwrite(changed);
  EXPECT_EQ(log_->verify().error().reason, Reason::kCorrupt);
  EXPECT_FALSE(AccessLog::open(directory_.path(), crypto::HashAlgorithm::kSm3, clock_));
}

TEST_F(AccessLogTest, FindsADroppedLineInTheMiddleAndAtTheEnd) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(record("credential/" + std::to_string(i)));
  const std::string good = text();
  const std::size_t first = good.find('\n') + 1;
  const std::size_t second = good.find('\n', first) + 1;
  overwrite(good.substr(0, first) + good.substr(second));
  EXPECT_EQ(log_->verify().error().reason, Reason::kCorrupt);
  overwrite(good.substr(0, second));
  EXPECT_EQ(log_->verify().error().reason, Reason::kCorrupt);
}

TEST_F(AccessLogTest, GoesOnAfterACrashCutTheLastLineOff) {
  ASSERT_TRUE(record("credential/1"));
  log_.reset();
  std::ofstream(path(), std::ios::app) << R"({"account":"wa)";
  open();
  ASSERT_TRUE(record("credential/2"));
  EXPECT_TRUE(log_->verify());
  EXPECT_EQ(log_->list("", 10)->size(), 2U);
}

TEST_F(AccessLogTest, MasksPersonalNumbersInThePurpose) {
  ASSERT_TRUE(record("credential/1", "电话 13800138000 来询"));
  EXPECT_EQ(text().find("13800138000"), std::string::npos);
}

TEST_F(AccessLogTest, RefusesAnEndlessPurpose) {
  EXPECT_EQ(record("credential/1", std::string(300, 'x')).error().reason, Reason::kInvalidValue);
}

}  // namespace
}  // namespace chancery::node
