#include "api/batch_codec.h"

#include <gtest/gtest.h>

#include "ledger.pb.h"

namespace chancery::api {
namespace {

TEST(BatchCodecTest, ReadsWhatProtobufWrites) {
  wire::TransactionBatch batch;
  batch.add_transactions("one");
  batch.add_transactions(std::string(300, 'x'));
  batch.add_transactions("");
  const auto decoded = decode_batch(batch.SerializeAsString());
  ASSERT_TRUE(decoded) << decoded.error().message();
  ASSERT_EQ(decoded->size(), 3U);
  EXPECT_EQ(to_string(decoded->at(0)), "one");
  EXPECT_EQ(decoded->at(1).size(), 300U);
  EXPECT_TRUE(decoded->at(2).empty());
}

TEST(BatchCodecTest, RefusesEverythingElse) {
  for (const std::string_view body : {std::string_view(""), std::string_view("\x0a"),
                                      std::string_view("\x0a\x05"
                                                       "abc"),
                                      std::string_view("\x12\x01"
                                                       "a"),
                                      std::string_view("\x0a\xff\xff\xff\xff\xff\x01"), std::string_view("{}")}) {
    EXPECT_EQ(decode_batch(body).error().reason, Reason::kMalformed);
  }
}

TEST(BatchCodecTest, LimitsTheNumber) {
  std::string body;
  for (std::size_t i = 0; i <= kMaxBatchTransactions; ++i) body += std::string_view("\x0a\x00", 2);
  EXPECT_EQ(decode_batch(body).error().reason, Reason::kTooLarge);
}

TEST(BatchCodecTest, WritesWhatProtobufReads) {
  std::vector<node::Outcome> outcomes(2);
  outcomes[0].stage = node::Stage::kFinal;
  outcomes[0].height = 7;
  outcomes[1].stage = node::Stage::kRefused;
  outcomes[1].error = Error{Reason::kExpired, "too late", {}};
  wire::TransactionBatchResult result;
  ASSERT_TRUE(result.ParseFromString(encode_batch_result(outcomes)));
  ASSERT_EQ(result.outcomes_size(), 2);
  EXPECT_EQ(result.outcomes(0).stage(), "final");
  EXPECT_EQ(result.outcomes(0).height(), 7U);
  EXPECT_EQ(result.outcomes(1).reason(), "transaction.expired");
}

}  // namespace
}  // namespace chancery::api
