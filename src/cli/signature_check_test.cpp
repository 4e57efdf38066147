#include "cli/signature_check.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/each_algorithm.h"
#include "documents/cms/cms_fixture.h"
#include "documents/tsa/timestamp.h"

namespace chancery::cli {
namespace {

using crypto::SignatureAlgorithm;
using documents::kFixtureDay_ms;
using documents::kFixtureStart_ms;

constexpr std::int64_t kNow_ms = kFixtureStart_ms + kFixtureDay_ms;
const Bytes kContent = to_bytes("contract 2026-001");

class SignatureCheckTest : public testing::TestWithParam<SignatureAlgorithm> {
 protected:
  SignatureCheckTest()
      : signer_(documents::make_signer(GetParam())),
        stamper_(documents::make_signer(GetParam(), crypto::CertificateUse::kTimestamp, 2)) {}

  SignatureSupport support() const {
    return {.roots = {signer_.root, stamper_.root}, .content = kContent, .at_ms = {}, .now_ms = kNow_ms};
  }
  Bytes reply_for(BytesView content) const {
    const crypto::HashAlgorithm hash =
        GetParam() == SignatureAlgorithm::kSm2Sm3 ? crypto::HashAlgorithm::kSm3 : crypto::HashAlgorithm::kSha256;
    const documents::TimestampRequest request{.imprint = {hash, crypto::hash(hash, content)},
                                              .wants_certificate = true};
    return documents::answer_timestamp_request({stamper_.certificate, stamper_.key, {}, "1.2.3", {}}, to_der(request),
                                               {kNow_ms, Bytes{1}})
        .value();
  }
  Bytes sign(bool detached) const {
    return documents::sign_cms(kContent, signer_.certificate, signer_.key, {.detached = detached}).value();
  }
  /// Every step has words in both languages, and they differ.
  static void expect_words(const FileVerdict& verdict) {
    EXPECT_FALSE(verdict.steps.empty());
    for (const auto& step : verdict.steps) {
      EXPECT_FALSE(step.text_zh.empty());
      EXPECT_NE(step.text_zh, step.text_en);
    }
  }

  documents::Signer signer_, stamper_;
};

TEST_P(SignatureCheckTest, TakesSignaturesAttachedAndDetached) {
  for (const bool detached : {false, true}) {
    const FileVerdict verdict = verify_signature_file(sign(detached), support());
    EXPECT_TRUE(verdict.passed);
    EXPECT_EQ(verdict.kind, "signature");
    expect_words(verdict);
  }
}

TEST_P(SignatureCheckTest, SaysWhyASignatureIsRefused) {
  SignatureSupport other = support();
  other.content = to_bytes("contract 2026-002");
  FileVerdict verdict = verify_signature_file(sign(true), other);
  EXPECT_FALSE(verdict.passed);
  EXPECT_EQ(verdict.failure, Reason::kContentChanged);
  expect_words(verdict);
  other = support();
  other.roots = {stamper_.root};
  EXPECT_EQ(verify_signature_file(sign(true), other).failure, Reason::kCertificateUntrusted);
  verdict = verify_signature_file(Bytes{0x30, 0x01, 0x00}, support());
  EXPECT_FALSE(verdict.passed);
  EXPECT_EQ(verdict.failure, Reason::kMalformed);
}

TEST_P(SignatureCheckTest, JudgesASignatureAsOfItsTimestamp) {
  const Bytes plain = sign(false);
  const Bytes over = documents::parse_signed_data(plain)->signers[0].signature;
  const Bytes token = documents::token_of_response(reply_for(over)).value();
  const Bytes stamped =
      documents::add_unsigned_attribute(plain, 0, {std::string(documents::oid::kTimeStampToken), {token}}).value();
  SignatureSupport later = support();
  later.now_ms = kFixtureStart_ms + 400 * kFixtureDay_ms;
  EXPECT_EQ(verify_signature_file(plain, later).failure, Reason::kCertificateExpired);
  const FileVerdict verdict = verify_signature_file(stamped, later);
  EXPECT_TRUE(verdict.passed);
  EXPECT_EQ(verdict.time_ms, kNow_ms);
}

TEST_P(SignatureCheckTest, TakesTimestampsAsTokenAndAsReply) {
  const Bytes reply = reply_for(kContent);
  const Bytes token = documents::token_of_response(reply).value();
  for (const Bytes& file : {reply, token}) {
    const FileVerdict verdict = verify_signature_file(file, support());
    EXPECT_TRUE(verdict.passed);
    EXPECT_EQ(verdict.time_ms, kNow_ms);
    expect_words(verdict);
  }
  SignatureSupport other = support();
  other.content = to_bytes("other");
  EXPECT_EQ(verify_signature_file(reply, other).failure, Reason::kTimestampOtherContent);
  other.content.reset();
  EXPECT_EQ(verify_signature_file(reply, other).failure, Reason::kContentMissing);
}

INSTANTIATE_TEST_SUITE_P(All, SignatureCheckTest,
                         testing::Values(SignatureAlgorithm::kEcdsaP256Sha256, SignatureAlgorithm::kSm2Sm3),
                         crypto::algorithm_test_name);

TEST(ReadRoots, TakesAllOfAFileAndRefusesNone) {
  const documents::Signer one = documents::make_signer(SignatureAlgorithm::kEcdsaP256Sha256);
  const documents::Signer two = documents::make_signer(SignatureAlgorithm::kSm2Sm3);
  const auto roots = read_roots(one.root.pem() + two.root.pem());
  ASSERT_EQ(roots->size(), 2U);
  EXPECT_EQ((*roots)[1], two.root);
  EXPECT_EQ(read_roots("no certificate").error().reason, Reason::kMalformed);
}

}  // namespace
}  // namespace chancery::cli
