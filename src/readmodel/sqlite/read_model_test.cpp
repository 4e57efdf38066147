#include "readmodel/read_model.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "base/random.h"
#include "readmodel/testing/fake_ledger.h"

namespace chancery::readmodel {
namespace {

using testing::FakeLedger;

/// A filter with one condition, or more.
template <class Filter, class... Rest>
Filter where(Filter filter, auto Filter::* member, auto value, Rest... rest) {
  filter.*member = value;
  if constexpr (sizeof...(rest) > 0) return where(filter, rest...);
  return filter;
}
class ReadModelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ =
        std::filesystem::temp_directory_path() / ("chancery-readmodel-" + std::to_string(::getpid()) + "-" +
                                                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(directory_);
    open();
  }
  void TearDown() override {
    model_.reset();
    std::filesystem::remove_all(directory_);
  }
  std::string path() const { return (directory_ / "m.sqlite").string(); }
  void open() {
    model_.reset();
    auto opened = ReadModel::open({path(), 32U << 20, {}}, clock_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    model_ = std::move(*opened);
  }
  void issue(const std::string& id, const std::string& memo = "") {
    wire::Issue args;
    args.set_id(id);
    args.set_type("residence");
    args.set_issuer("mawei");
    args.set_holder(std::string(32, 'h'));
    args.set_valid_until_ms(clock_.now_ms() + 1'000'000'000);
    ledger_.add("clerk", {{"credential", "issue", args.SerializeAsString(), {{"issued", id}}}}, memo);
  }
  void issue_blocks(int blocks, int per_block) {
    for (int b = 0; b < blocks; ++b) {
      ledger_.begin_block(clock_.now_ms() - 1'000'000 + static_cast<std::int64_t>(ledger_.height()) * 1'000);
      for (int i = 0; i < per_block; ++i) issue("c" + std::to_string(1'000'000'000 + next_++));
    }
  }
  Status catch_up() { return model_->catch_up(ledger_, 1'000'000); }

  std::filesystem::path directory_;
  ManualClock clock_{1'790'000'000'000};
  FakeLedger ledger_;
  std::unique_ptr<ReadModel> model_;
  int next_ = 0;
};

TEST_F(ReadModelTest, SaysHowFarBehindItIs) {
  issue_blocks(4, 5);
  ASSERT_TRUE(model_->catch_up(ledger_, 12).has_value());
  EXPECT_EQ(model_->position().entries, 12U);
  EXPECT_EQ(model_->position().behind_entries, 8U);
  EXPECT_EQ(model_->position().behind_blocks, 1U);
  ASSERT_TRUE(catch_up().has_value());
  EXPECT_EQ(model_->position().behind_entries, 0U);
  EXPECT_EQ(model_->position().height, 4U);
}

TEST_F(ReadModelTest, GoesOnWhereItWasAfterReopening) {
  issue_blocks(3, 5);
  ASSERT_TRUE(model_->catch_up(ledger_, 7).has_value());
  open();
  EXPECT_EQ(model_->position().entries, 7U);
  ASSERT_TRUE(catch_up().has_value());
  EXPECT_EQ(model_->credentials({}, {100, {}})->items.size(), 15U);
  EXPECT_EQ(model_->blocks({10, {}})->items[1].count, 5U);
}

TEST_F(ReadModelTest, RebuildGivesTheSameAnswersAndKeepsCursors) {
  issue_blocks(5, 10);
  ASSERT_TRUE(catch_up().has_value());
  const auto before = model_->credentials({}, {7, {}});
  ASSERT_TRUE(model_->rebuild().has_value());
  EXPECT_EQ(model_->position().entries, 0U);
  EXPECT_TRUE(model_->credentials({}, {7, {}})->items.empty());
  ASSERT_TRUE(catch_up().has_value());
  const auto after = model_->credentials({}, {7, before->next_cursor});
  ASSERT_TRUE(after.has_value()) << after.error().message();
  EXPECT_EQ(after->items.front().leaf_index, 42U);
}

TEST_F(ReadModelTest, LaterPagesShowTheHeightOfTheFirst) {
  issue_blocks(2, 10);
  ASSERT_TRUE(catch_up().has_value());
  const auto first = model_->credentials(where(CredentialFilter{}, &CredentialFilter::status, "valid"), {15, {}});
  ASSERT_TRUE(first->has_more);
  const std::string last_id = "c1000000000";
  ledger_.begin_block(clock_.now_ms());
  wire::ChangeStatus args;
  args.set_id(last_id);
  ledger_.add("clerk", {{"credential", "revoke", args.SerializeAsString(), {{"revoked", last_id}}}});
  issue("c2000000000");
  ASSERT_TRUE(catch_up().has_value());
  const auto second =
      model_->credentials(where(CredentialFilter{}, &CredentialFilter::status, "valid"), {15, first->next_cursor});
  ASSERT_EQ(second->items.size(), 5U);
  EXPECT_EQ(second->items.back().id, last_id);
  EXPECT_EQ(second->items.back().status, "valid");
  EXPECT_EQ(second->height, 2U);
  EXPECT_EQ(model_->credentials(where(CredentialFilter{}, &CredentialFilter::status, "revoked"), {})->items.size(), 1U);
}

TEST_F(ReadModelTest, RefusesCursorsThatAreChangedOrOfAnotherQuery) {
  issue_blocks(2, 10);
  ASSERT_TRUE(catch_up().has_value());
  const std::string good = model_->credentials({}, {5, {}})->next_cursor;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    if (bad == good) continue;
    const auto answer = model_->credentials({}, {5, bad});
    ASSERT_FALSE(answer.has_value()) << i;
    EXPECT_EQ(answer.error().reason, Reason::kBadCursor);
  }
  EXPECT_EQ(
      model_->credentials(where(CredentialFilter{}, &CredentialFilter::type, "residence"), {5, good}).error().reason,
      Reason::kBadCursor);
  EXPECT_EQ(model_->transactions({}, {5, good}).error().reason, Reason::kBadCursor);
  EXPECT_EQ(model_->credentials({}, {5, std::string(5'000, 'A')}).error().reason, Reason::kBadCursor);
}

TEST_F(ReadModelTest, RefusesLimitsOutsideOneToHundred) {
  EXPECT_EQ(model_->credentials({}, {0, {}}).error().reason, Reason::kInvalidValue);
  EXPECT_EQ(model_->credentials({}, {101, {}}).error().reason, Reason::kInvalidValue);
}

TEST_F(ReadModelTest, HostileTextFindsNothingAndBreaksNothing) {
  issue_blocks(1, 3);
  ASSERT_TRUE(catch_up().has_value());
  for (const std::string& hostile :
       {std::string("'; DROP TABLE credential; --"), std::string("\" OR 1=1"), std::string("a* NEAR b"),
        std::string("%_"), std::string("\0x", 2), std::string("\xff\xfe")}) {
    (void)model_->credentials(where(CredentialFilter{}, &CredentialFilter::text, hostile), {});
    (void)model_->credentials(where(CredentialFilter{}, &CredentialFilter::id_prefix, hostile), {});
    (void)model_->credentials(where(CredentialFilter{}, &CredentialFilter::type, hostile), {});
    (void)model_->evidence(
        where(EvidenceFilter{}, &EvidenceFilter::number_prefix, hostile, &EvidenceFilter::matter, hostile), {});
    (void)model_->organisations(hostile, {});
  }
  EXPECT_EQ(model_->credentials({}, {})->items.size(), 3U);
  EXPECT_EQ(model_->credentials(where(CredentialFilter{}, &CredentialFilter::text, std::string(1'000, 'x')), {})
                .error()
                .reason,
            Reason::kTooLarge);
}

TEST_F(ReadModelTest, ListsTransactionsByAccountCallHeightAndOutcome) {
  issue_blocks(3, 4);
  ledger_.add("other", {{"credential", "issue", "", {}}}, "", "permission.forbidden");
  ASSERT_TRUE(catch_up().has_value());
  EXPECT_EQ(
      model_->transactions(where(TransactionFilter{}, &TransactionFilter::account, "clerk"), {100, {}})->items.size(),
      12U);
  EXPECT_EQ(model_->transactions(where(TransactionFilter{}, &TransactionFilter::height, 2), {100, {}})->items.size(),
            4U);
  const auto refused = model_->transactions(where(TransactionFilter{}, &TransactionFilter::refused, true), {});
  ASSERT_EQ(refused->items.size(), 1U);
  EXPECT_EQ(refused->items[0].reason, "permission.forbidden");
  EXPECT_EQ(refused->items[0].call, "credential.issue");
  EXPECT_EQ(
      model_->transactions(where(TransactionFilter{}, &TransactionFilter::call, "credential.revoke"), {})->items.size(),
      0U);
}

TEST_F(ReadModelTest, KnowsTheNamesOfTheGenesisFile) {
  ASSERT_TRUE(
      model_
          ->load_genesis(R"({"identity":{"organisations":[{"id":"mawei","name_zh":"马尾区政务中心","name_en":"Mawei"}],
    "accounts":[{"id":"wang","kind":"member","organisation":"mawei"}]},
    "credential":{"types":[{"id":"residence","name_zh":"居住证明","name_en":"Residence"}]}})",
                         1)
          .has_value());
  issue_blocks(1, 3);
  ASSERT_TRUE(catch_up().has_value());
  EXPECT_EQ(model_->credentials(where(CredentialFilter{}, &CredentialFilter::text, "马尾 居住"), {})->items.size(), 3U);
  EXPECT_EQ(model_->credential_types("居住", {})->items.at(0).issued, 3U);
  EXPECT_EQ(model_->organisations("政务", {})->items.size(), 1U);
  EXPECT_EQ(model_->accounts("mawei", {})->items.at(0).kind, "member");
  EXPECT_TRUE(model_->accounts("xingang", {})->items.empty());
}

TEST_F(ReadModelTest, ANewNameIsFoundAndTheOldOneIsNot) {
  ledger_.begin_block(clock_.now_ms());
  for (const char* name : {"居住证明", "暂住登记"}) {
    wire::DefineType args;
    args.mutable_type()->set_id("residence");
    args.mutable_type()->set_name_zh(name);
    const bool first = std::string_view(name) == "居住证明";
    ledger_.add("root", {{"credential",
                          first ? "define_type" : "update_type",
                          args.SerializeAsString(),
                          {{first ? "type_defined" : "type_updated", "residence"}}}});
  }
  ASSERT_TRUE(catch_up().has_value());
  EXPECT_TRUE(model_->credential_types("居住", {})->items.empty());
  EXPECT_EQ(model_->credential_types("暂住", {})->items.size(), 1U);
}

TEST_F(ReadModelTest, ADamagedFileIsMadeAnew) {
  issue_blocks(1, 3);
  ASSERT_TRUE(catch_up().has_value());
  model_.reset();
  std::filesystem::remove(path() + "-wal");
  std::ofstream(path(), std::ios::binary) << std::string(10'000, 'x');
  open();
  EXPECT_EQ(model_->position().entries, 0U);
  ASSERT_TRUE(catch_up().has_value());
  EXPECT_EQ(model_->credentials({}, {})->items.size(), 3U);
}

TEST_F(ReadModelTest, OfALedgerThatJoinedLaterBeginsThereAndPassesOverChangesOfWhatCameBefore) {
  issue_blocks(1, 3);
  ledger_.forget_before(2);
  wire::ChangeStatus args;
  args.set_id("issued-before");
  ledger_.add("clerk", {{"credential", "revoke", args.SerializeAsString(), {{"revoked", "issued-before"}}}});
  ASSERT_TRUE(catch_up().has_value());
  EXPECT_EQ(model_->position().entries, 4U);
  EXPECT_EQ(model_->position().behind_entries, 0U);
  EXPECT_EQ(model_->credentials({}, {})->items.size(), 1U);
}

TEST_F(ReadModelTest, AFailedBatchLeavesNothingBehind) {
  issue_blocks(1, 3);
  wire::ChangeStatus args;
  args.set_id("never-issued");
  ledger_.add("clerk", {{"credential", "revoke", args.SerializeAsString(), {{"revoked", "never-issued"}}}});
  EXPECT_EQ(catch_up().error().reason, Reason::kCorrupt);
  EXPECT_EQ(model_->position().entries, 0U);
  EXPECT_TRUE(model_->credentials({}, {})->items.empty());
  ASSERT_TRUE(model_->catch_up(ledger_, 3).has_value());
  EXPECT_EQ(model_->credentials({}, {})->items.size(), 3U);
}

/// Not a benchmark: shows time and bytes a credential. Run with --gtest_also_run_disabled_tests.
TEST_F(ReadModelTest, DISABLED_CostOfACredential) {
  SeededRandom random(7);
  constexpr int kCredentials = 300'000;
  for (int i = 0; i < kCredentials; ++i) {
    if (i % 5'000 == 0) ledger_.begin_block(clock_.now_ms() + i);
    wire::Issue args;
    const std::string id =
        "1.2.156.3005.2.11100000000013338W001.11350105003620601D." + std::to_string(1'000'000 + i) + ".001.X";
    args.set_id(id);
    args.set_type("residence");
    args.set_issuer("mawei");
    args.set_holder(to_string(random.bytes(32)));
    args.set_fields_root(std::string(32, 'r'));
    args.set_valid_until_ms(clock_.now_ms() + 1'000'000'000);
    ledger_.add("clerk", {{"credential", "issue", args.SerializeAsString(), {{"issued", id}}}});
  }
  const std::clock_t start = std::clock();
  while (model_->position().entries < kCredentials) ASSERT_TRUE(model_->catch_up(ledger_, 20'000).has_value());
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%.2f us of CPU and %.0f bytes a credential\n", seconds * 1e6 / kCredentials,
              static_cast<double>(model_->disk_bytes()) / kCredentials);
  const auto query = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(
        model_->credentials(where(CredentialFilter{}, &CredentialFilter::type, "residence"), {20, {}}).has_value());
  std::printf("%.0f us a page of 20\n",
              std::chrono::duration<double>(std::chrono::steady_clock::now() - query).count() * 1e4);
}

}  // namespace
}  // namespace chancery::readmodel
