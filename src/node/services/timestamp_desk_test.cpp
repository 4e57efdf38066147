#include "node/services/timestamp_desk.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "crypto/x509/certificate.h"
#include "documents/tsa/timestamp.h"
#include "tests/support/temporary_directory.h"

namespace chancery::node {
namespace {

using crypto::HashAlgorithm;

class TimestampDeskTest : public testing::Test {
 protected:
  TimestampDeskTest()
      : desk_key_(DeskKey::open(directory_.path(), "correct horse battery", crypto::suite_gm(), random_).value()) {}

  std::unique_ptr<TimestampDesk> open() {
    return TimestampDesk::open(directory_ / "tsa", "example.org", desk_key_, clock_, random_).value();
  }
  static documents::TimestampRequest request(HashAlgorithm hash) {
    return {.imprint = {hash, crypto::hash(hash, as_bytes("content"))},
            .policy = "",
            .nonce = Bytes{0x9a, 0x01},
            .wants_certificate = true};
  }
  documents::TimestampVerdict stamp(TimestampDesk& desk, HashAlgorithm hash) {
    const Bytes answer = desk.answer(to_der(request(hash))).value();
    return documents::verify_timestamp(
        documents::token_of_response(answer).value(),
        {.imprint = request(hash).imprint, .nonce = request(hash).nonce, .roots = roots(desk)});
  }
  static std::vector<crypto::Certificate> roots(const TimestampDesk& desk) {
    std::vector<crypto::Certificate> out;
    const std::string pem = desk.roots_pem();
    for (auto at = pem.find("-----BEGIN"); at != std::string::npos; at = pem.find("-----BEGIN", at + 1)) {
      out.push_back(crypto::Certificate::from_pem(std::string_view(pem).substr(at)).value());
    }
    return out;
  }

  test::TemporaryDirectory directory_;
  SeededRandom random_{17};
  ManualClock clock_{1'790'000'000'000};
  DeskKey desk_key_;
};

TEST_F(TimestampDeskTest, StampsSha256UnderP256AndSm3UnderSm2) {
  const auto desk = open();
  for (const HashAlgorithm hash : {HashAlgorithm::kSha256, HashAlgorithm::kSm3}) {
    const documents::TimestampVerdict verdict = stamp(*desk, hash);
    ASSERT_TRUE(verdict.report.accepted()) << verdict.report.status().error().message();
    EXPECT_EQ(verdict.info->at_ms, clock_.now_ms());
    EXPECT_EQ(verdict.info->policy, kTimestampPolicy);
    EXPECT_EQ(verdict.info->accuracy, (documents::Accuracy{.seconds = 1}));
    EXPECT_EQ(verdict.authority->public_key().algorithm, hash == HashAlgorithm::kSm3
                                                             ? crypto::SignatureAlgorithm::kSm2Sm3
                                                             : crypto::SignatureAlgorithm::kEcdsaP256Sha256);
  }
}

TEST_F(TimestampDeskTest, NeverUsesASerialNumberTwiceAlsoAfterARestart) {
  std::set<Bytes> counters;
  std::vector<crypto::Certificate> first_roots;
  for (int start = 0; start < 3; ++start) {
    const auto desk = open();
    if (start == 0) first_roots = roots(*desk);
    EXPECT_EQ(roots(*desk), first_roots) << "tokens of before stay verifiable";
    for (int i = 0; i < 3; ++i) {
      Bytes serial = stamp(*desk, HashAlgorithm::kSha256).info->serial;
      ASSERT_GT(serial.size(), 8U);
      serial.resize(serial.size() - 8);  // without the random part
      EXPECT_TRUE(counters.insert(serial).second);
    }
  }
}

TEST_F(TimestampDeskTest, AnswersJunkWithARejection) {
  const Bytes answer = open()->answer(as_bytes("junk")).value();
  EXPECT_EQ(documents::token_of_response(answer).error().reason, Reason::kTimestampRefused);
}

TEST_F(TimestampDeskTest, IssuesItsCertificateAnewBeforeItEnds) {
  EXPECT_TRUE(stamp(*open(), HashAlgorithm::kSm3).report.accepted());
  clock_.advance_ms(1090LL * 86'400'000);
  EXPECT_TRUE(stamp(*open(), HashAlgorithm::kSm3).report.accepted());
}

TEST_F(TimestampDeskTest, RefusesToStartWithACounterThatIsNone) {
  open();
  std::ofstream(directory_ / "tsa/serial") << "seven";
  EXPECT_EQ(TimestampDesk::open(directory_ / "tsa", "example.org", desk_key_, clock_, random_).error().reason,
            Reason::kCorrupt);
}

}  // namespace
}  // namespace chancery::node
