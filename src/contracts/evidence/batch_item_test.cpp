#include "contracts/evidence/batch_item.h"

#include "base/json.h"
#include "contracts/testing/expect.h"
#include "merkle/merkle_batch.h"

namespace chancery::contracts::evidence {
namespace {

using testing::refused;
using testing::succeeds;

struct Batch {
  std::vector<Digest> digests;
  merkle::MerkleBatch tree;
  wire::Evidence record;
};

Batch batch_of(std::size_t count, crypto::HashAlgorithm hash) {
  std::vector<Digest> digests;
  for (std::size_t i = 0; i < count; ++i) digests.push_back(crypto::hash(hash, u64_be(i)));
  auto tree = merkle::MerkleBatch::build(hash, digests).value();
  wire::Evidence record;
  record.mutable_batch()->set_root(to_string(tree.root()));
  record.mutable_batch()->set_count(count);
  record.mutable_batch()->set_hash_algorithm(static_cast<std::uint32_t>(hash));
  return {std::move(digests), std::move(tree), std::move(record)};
}

BatchItem item_of(const Batch& batch, std::uint64_t index, crypto::HashAlgorithm hash) {
  return {batch.digests[index], index, batch.digests.size(), hash, batch.tree.proof(index)};
}

TEST(BatchItem, ProvesItsPlaceInBothSuites) {
  for (const auto hash : {crypto::HashAlgorithm::kSm3, crypto::HashAlgorithm::kSha256}) {
    for (const std::size_t count : {1U, 2U, 5U, 1'000U}) {
      const Batch batch = batch_of(count, hash);
      for (std::size_t i = 0; i < count; i += count / 7 + 1) {
        EXPECT_TRUE(succeeds(verify_item(item_of(batch, i, hash), batch.record)));
      }
    }
  }
}

TEST(BatchItem, RefusesAProofOfAnotherItemOrBatch) {
  const auto hash = crypto::HashAlgorithm::kSm3;
  const Batch batch = batch_of(10, hash);
  const auto check = [&](auto change) {
    BatchItem item = item_of(batch, 3, hash);
    change(item);
    return verify_item(item, batch.record);
  };
  EXPECT_TRUE(refused(check([](auto& i) { i.index = 4; }), Reason::kProofInvalid));
  EXPECT_TRUE(refused(check([](auto& i) { i.count = 11; }), Reason::kProofInvalid));
  EXPECT_TRUE(refused(check([](auto& i) { i.digest[0] ^= 1U; }), Reason::kProofInvalid));
  EXPECT_TRUE(refused(check([](auto& i) { i.hash = crypto::HashAlgorithm::kSha256; }), Reason::kProofInvalid));
  EXPECT_TRUE(refused(check([](auto& i) { i.proof.pop_back(); }), Reason::kProofInvalid));
  EXPECT_TRUE(refused(check([](auto& i) { i.proof.push_back({}); }), Reason::kProofInvalid));
  EXPECT_TRUE(refused(verify_item(item_of(batch, 3, hash), wire::Evidence{}), Reason::kProofInvalid));
}

TEST(BatchReceipt, SurvivesAJourneyThroughItsText) {
  const auto hash = crypto::HashAlgorithm::kSm3;
  const Batch batch = batch_of(100, hash);
  const BatchItem item = item_of(batch, 42, hash);
  const auto parsed = parse_batch_receipt(to_json(item, R"({"format":"chancery-receipt-v1","leaf_index":17})"));
  ASSERT_TRUE(succeeds(parsed));
  EXPECT_EQ(parsed->item, item);
  EXPECT_EQ(Json::parse(parsed->receipt_json)["leaf_index"], 17);
}

TEST(BatchReceipt, RefusesWhatIsNotOne) {
  const Batch batch = batch_of(4, crypto::HashAlgorithm::kSm3);
  const Json good = Json::parse(to_json(item_of(batch, 1, crypto::HashAlgorithm::kSm3), "{}"));
  const auto parse = [&](auto change) {
    Json text = good;
    change(text);
    return parse_batch_receipt(text.dump());
  };
  EXPECT_TRUE(succeeds(parse([](auto&) {})));
  EXPECT_TRUE(refused(parse_batch_receipt("nonsense"), Reason::kMalformed));
  EXPECT_TRUE(refused(parse_batch_receipt(std::string(5U << 20U, ' ')), Reason::kTooLarge));
  EXPECT_TRUE(refused(parse([](auto& j) { j["format"] = "other"; }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(parse([](auto& j) { j["extra"] = 1; }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(parse([](auto& j) { j["item"]["extra"] = 1; }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(parse([](auto& j) { j["item"]["digest"] = "00"; }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(parse([](auto& j) { j["item"]["count"] = 1'000'001; }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(parse([](auto& j) { j["item"]["hash"] = "md5"; }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(parse([](auto& j) { j["item"]["proof"][0] = "AA=="; }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(parse([](auto& j) { j["item"]["proof"] = std::vector<std::string>(21, "AA=="); }),
                      Reason::kInvalidValue));
  EXPECT_TRUE(refused(parse([](auto& j) { j["receipt"] = "text"; }), Reason::kInvalidValue));
}

}  // namespace
}  // namespace chancery::contracts::evidence
