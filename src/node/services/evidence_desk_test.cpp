#include "base/json.h"
#include "contracts/evidence/batch_item.h"
#include "merkle/merkle_batch.h"
#include "node/services/batch_files.h"
#include "node/services/testing/desk_fixture.h"

namespace chancery::node {
namespace {

using testing::DeskTest;

class EvidenceDeskTest : public DeskTest {
 protected:
  Digest digest(std::uint64_t n) const {
    return crypto::hash(network_->genesis().suite->hash, as_bytes("item " + std::to_string(n)));
  }
  Bytes digests(std::uint64_t count) const {
    Bytes out;
    for (std::uint64_t i = 0; i < count; ++i) append(out, digest(i));
    return out;
  }
  DepositRequest request(std::uint64_t n) {
    DepositRequest out;
    out.sm3 = digest(n);
    out.phase = "collected";
    out.matter = "CASE-2026-1";
    return out;
  }
  BatchRequest batch() {
    BatchRequest out;
    out.hash = crypto::to_string(network_->genesis().suite->hash);
    out.phase = "collected";
    return out;
  }
  /// Both steps of an offline verification.
  void expect_verifies(const std::string& receipt_json, const Digest& expected) {
    const auto receipt = contracts::evidence::parse_batch_receipt(receipt_json);
    ASSERT_TRUE(receipt) << receipt.error().message();
    EXPECT_EQ(receipt->item.digest, expected);
    const auto parsed = ledger::Receipt::parse_json(receipt->receipt_json);
    ASSERT_TRUE(parsed) << parsed.error().message();
    EXPECT_TRUE(ledger::verify_receipt(*parsed, network_->trust()).passed);
    ASSERT_EQ(parsed->records.size(), 1U);
    wire::Evidence record;
    ASSERT_TRUE(
        record.ParseFromArray(parsed->records[0].value->data(), static_cast<int>(parsed->records[0].value->size())));
    const auto verified = contracts::evidence::verify_item(receipt->item, record);
    EXPECT_TRUE(verified) << verified.error().message();
  }
};

TEST_P(EvidenceDeskTest, DepositsPhasesOfAMatter) {
  auto& desk = services_->evidence();
  const auto first = desk.deposit(*wang_, request(1), "e1");
  ASSERT_TRUE(first) << first.error().message();
  const auto second = desk.deposit(*wang_, request(2), "e2");
  EXPECT_EQ(second->view.previous, first->number);
  EXPECT_EQ(second->view.matter_index, 2U);
  EXPECT_EQ(second->view.owner_name_zh, "马尾区政务服务中心");
  EXPECT_EQ(desk.deposit(*wang_, request(1), "e1")->number, first->number);
  const auto receipt = desk.receipt(first->number);
  ASSERT_TRUE(receipt) << receipt.error().message();
  EXPECT_TRUE(ledger::verify_receipt(*receipt, network_->trust()).passed);
  EXPECT_EQ(desk.verdict(first->number)->word_zh, "已存证");
  EXPECT_EQ(desk.verdict("CE0")->kind, VerdictKind::kUnknown);
  ASSERT_TRUE(services_->follow_to_head());
  readmodel::EvidenceFilter filter;
  filter.matter = "CASE-2026-1";
  EXPECT_EQ(services_->read_model().evidence(filter, {})->items.size(), 2U);
}

TEST_P(EvidenceDeskTest, HandsCustodyOn) {
  auto& desk = services_->evidence();
  const auto deposited = desk.deposit(*wang_, request(1), "");
  const auto handed = desk.transfer_custody(*wang_, deposited->number, "gulou", {}, deposited->view.etag, "h1");
  ASSERT_TRUE(handed) << handed.error().message();
  EXPECT_EQ(handed->view.custody.at(0).to, "gulou");
  EXPECT_TRUE(
      desk.transfer_custody(*wang_, deposited->number, "gulou", {}, deposited->view.etag, "h1")->submitted.repeated);
  EXPECT_EQ(desk.transfer_custody(*wang_, deposited->number, "gulou", {}, deposited->view.etag, "h2").error().reason,
            Reason::kPreconditionFailed);
}

TEST_P(EvidenceDeskTest, GivesEveryItemOfABatchItsOwnReceiptAlsoLater) {
  for (const std::uint64_t count : {1U, 2U, 5U, 64U, 1'000U}) {
    const auto written = services_->evidence().deposit_batch(*wang_, batch(), digests(count), "");
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ(written->view.count, count);
    restart();
    for (const std::uint64_t index : {std::uint64_t{0}, count / 2, count - 1}) {
      const auto by_index = services_->evidence().batch_item_receipt(written->number, index);
      ASSERT_TRUE(by_index) << by_index.error().message();
      expect_verifies(*by_index, digest(index));
      const auto by_digest = services_->evidence().batch_item_receipt(written->number, digest(index));
      EXPECT_EQ(parse_json(*by_digest)->at("item"), parse_json(*by_index)->at("item"));
    }
    EXPECT_EQ(services_->evidence().batch_item_receipt(written->number, count).error().reason, Reason::kNotFound);
    EXPECT_EQ(services_->evidence().batch_item_receipt(written->number, digest(count)).error().reason,
              Reason::kNotFound);
  }
}

TEST_P(EvidenceDeskTest, StreamsAllReceiptsOfABatchInOnePass) {
  for (const std::uint64_t count : {1U, 3U, 7U, 1'025U}) {
    const auto written = services_->evidence().deposit_batch(*wang_, batch(), digests(count), "");
    std::string all;
    ASSERT_TRUE(services_->evidence().batch_receipts(written->number, [&](std::string_view piece) {
      all += piece;
      return true;
    }));
    std::istringstream lines(all);
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    const Json head = *parse_json(line);
    std::uint64_t index = 0;
    while (std::getline(lines, line)) {
      const Json item = *parse_json(line);
      // Each line equals the item of the receipt that is made alone, and makes a whole receipt with the first line.
      if (index % 97 == 0 || index + 1 == count) {
        const auto alone = services_->evidence().batch_item_receipt(written->number, index);
        EXPECT_EQ(item, parse_json(*alone)->at("item"));
        const Json whole = {{"format", "chancery-batch-receipt-v1"}, {"receipt", head.at("receipt")}, {"item", item}};
        expect_verifies(whole.dump(), digest(index));
      }
      ++index;
    }
    EXPECT_EQ(index, count);
  }
}

TEST_P(EvidenceDeskTest, RefusesWhatIsNoListOfDigests) {
  auto& desk = services_->evidence();
  EXPECT_EQ(desk.deposit_batch(*wang_, batch(), {}, "").error().reason, Reason::kMalformed);
  EXPECT_EQ(desk.deposit_batch(*wang_, batch(), Bytes(33), "").error().reason, Reason::kMalformed);
  EXPECT_EQ(desk.deposit_batch(*wang_, batch(), Bytes((merkle::kMaxBatchItems + 1) * 32), "").error().reason,
            Reason::kTooLarge);
  BatchRequest other = batch();
  other.hash = "md5";
  EXPECT_EQ(desk.deposit_batch(*wang_, other, digests(1), "").error().reason, Reason::kInvalidValue);
}

TEST_P(EvidenceDeskTest, FindsADamagedListAndAMissingOne) {
  const auto written = services_->evidence().deposit_batch(*wang_, batch(), digests(10), "");
  const std::string name = to_hex(*written->view.batch_root);
  const std::string path = directory_ / ("batches/" + name.substr(0, 2) + "/" + name + ".digests");
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40);
    file.put('x');
  }
  EXPECT_EQ(services_->evidence().batch_item_receipt(written->number, 3).error().reason, Reason::kCorrupt);
  std::filesystem::remove(path);
  EXPECT_EQ(services_->evidence().batch_item_receipt(written->number, 3).error().reason, Reason::kGone);
}

/// Not a benchmark: shows the rate. Run with --gtest_also_run_disabled_tests.
TEST_P(EvidenceDeskTest, DISABLED_RateOfDepositsWithAReceiptEach) {
  constexpr std::uint64_t kCount = 1'000'000;
  Bytes list(kCount * 32);
  random_.fill(list);
  const auto start = std::chrono::steady_clock::now();
  const auto written = services_->evidence().deposit_batch(*wang_, batch(), list, "");
  ASSERT_TRUE(written) << written.error().message();
  const auto deposited = std::chrono::steady_clock::now();
  std::size_t bytes = 0;
  ASSERT_TRUE(services_->evidence().batch_receipts(written->number, [&](std::string_view piece) {
    bytes += piece.size();
    return true;
  }));
  const auto end = std::chrono::steady_clock::now();
  const auto seconds = [](auto span) { return std::chrono::duration<double>(span).count(); };
  std::printf("deposit %.2f s, receipts %.2f s (%.0f MB): %.0f a second\n", seconds(deposited - start),
              seconds(end - deposited), static_cast<double>(bytes) / 1e6, kCount / seconds(end - start));
}

INSTANTIATE_TEST_SUITE_P(Suites, EvidenceDeskTest, ::testing::Values("intl", "gm"),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace chancery::node
