#include "documents/tsa/timestamp.h"

#include <gtest/gtest.h>

#include "crypto/each_algorithm.h"
#include "documents/cms/cms_fixture.h"

namespace chancery::documents {
namespace {

using crypto::CertificateUse;
using crypto::HashAlgorithm;
using crypto::SignatureAlgorithm;

constexpr std::int64_t kNow_ms = kFixtureStart_ms + kFixtureDay_ms + 250;

/// Both suites, and P-256 as the one that other programs know.
class TimestampOfEachAlgorithm : public testing::TestWithParam<SignatureAlgorithm> {
 protected:
  TimestampAuthority authority(CertificateUse use = CertificateUse::kTimestamp) {
    const Signer signer = make_signer(GetParam(), use);
    roots_ = {signer.root};
    return {signer.certificate, signer.key, {}, "1.2.3.4.1", {.seconds = 1, .millis = 500, .micros = 0}};
  }
  TimestampRequest request() const {
    const HashAlgorithm algorithm =
        GetParam() == SignatureAlgorithm::kSm2Sm3 ? HashAlgorithm::kSm3 : HashAlgorithm::kSha256;
    return {.imprint = {algorithm, hash(algorithm, as_bytes("content"))},
            .policy = "",
            .nonce = Bytes{0x80, 0x01, 0x02},
            .wants_certificate = true};
  }
  TimestampQuestion question() const {
    return {.imprint = request().imprint, .nonce = request().nonce, .policy = "1.2.3.4.1", .roots = roots_};
  }
  static TimestampMoment moment() { return {kNow_ms, Bytes{0x2a, 0x01}}; }
  static Reason refusal(BytesView token, const TimestampQuestion& question) {
    const CheckReport report = verify_timestamp(token, question).report;
    EXPECT_FALSE(report.accepted());
    return report.accepted() ? Reason::kInternal : report.status().error().reason;
  }
  std::vector<crypto::Certificate> roots_;
};

TEST_P(TimestampOfEachAlgorithm, AnswersARequestWithATokenThatHolds) {
  const Bytes response = answer_timestamp_request(authority(), to_der(request()), moment()).value();
  const Bytes token = token_of_response(response).value();
  const TimestampVerdict verdict = verify_timestamp(token, question());
  ASSERT_TRUE(verdict.report.accepted()) << verdict.report.status().error().message();
  EXPECT_EQ(verdict.info->at_ms, kNow_ms);
  EXPECT_EQ(verdict.info->serial, (Bytes{0x2a, 0x01}));
  EXPECT_EQ(verdict.info->accuracy, (Accuracy{1, 500, 0}));
  EXPECT_EQ(verdict.info->policy, "1.2.3.4.1");
}

TEST_P(TimestampOfEachAlgorithm, RefusesOtherContentNonceOrPolicy) {
  const Bytes token = make_timestamp_token(authority(), request(), moment()).value();
  TimestampQuestion other = question();
  other.imprint.digest[0] ^= 1U;
  EXPECT_EQ(refusal(token, other), Reason::kTimestampOtherContent);
  other = question();
  other.nonce = Bytes{1};
  EXPECT_EQ(refusal(token, other), Reason::kTimestampOtherRequest);
  other = question();
  other.policy = "1.2.3.4.2";
  EXPECT_EQ(refusal(token, other), Reason::kTimestampOtherRequest);
}

TEST_P(TimestampOfEachAlgorithm, RefusesACertificateForAnotherUse) {
  const Bytes token = make_timestamp_token(authority(CertificateUse::kSeal), request(), moment()).value();
  EXPECT_EQ(refusal(token, question()), Reason::kCertificateUntrusted);
}

TEST_P(TimestampOfEachAlgorithm, RefusesEveryBitThatWasTurned) {
  const TimestampAuthority maker = authority();
  TimestampRequest bare = request();
  bare.wants_certificate = false;
  const Bytes token = make_timestamp_token(maker, bare, moment()).value();
  TimestampQuestion asked = question();
  asked.certificates = {&maker.certificate, 1};
  EXPECT_TRUE(verify_timestamp(token, asked).report.accepted());
  with_bits_turned(token, kEachBit, [&](BytesView changed, std::size_t bit) {
    EXPECT_FALSE(verify_timestamp(changed, asked).report.accepted()) << "bit " << bit;
  });
}

TEST_P(TimestampOfEachAlgorithm, TakesACertificateOnlyWhileItIsValid) {
  const TimestampAuthority maker = authority();
  const TimestampMoment late{kFixtureStart_ms + 400 * kFixtureDay_ms, Bytes{1}};
  const Bytes token = make_timestamp_token(maker, request(), late).value();
  EXPECT_EQ(refusal(token, question()), Reason::kCertificateExpired);
}

INSTANTIATE_TEST_SUITE_P(All, TimestampOfEachAlgorithm,
                         testing::Values(SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256,
                                         SignatureAlgorithm::kSm2Sm3),
                         crypto::algorithm_test_name);

TEST(TimestampRequest, SurvivesItsOwnBytes) {
  for (const std::optional<Bytes>& nonce :
       {std::optional<Bytes>(), std::optional(Bytes{0xff, 0}), std::optional(Bytes{0})}) {
    const TimestampRequest request{.imprint = {HashAlgorithm::kSm3, hash(HashAlgorithm::kSm3, as_bytes("x"))},
                                   .policy = "1.2.3",
                                   .nonce = nonce,
                                   .wants_certificate = true};
    const TimestampRequest again = parse_timestamp_request(to_der(request)).value();
    EXPECT_EQ(again.imprint, request.imprint);
    EXPECT_EQ(again.nonce, request.nonce);
    EXPECT_EQ(again.policy, "1.2.3");
    EXPECT_TRUE(again.wants_certificate);
  }
}

/// The one byte of PKIFailureInfo's last octet and the place of it: the number of the bit that is set.
unsigned failure_bit(BytesView answer) {
  crypto::DerReader outside(answer);
  crypto::DerReader body = outside.enter(crypto::der::kSequence).value();
  crypto::DerReader status = body.enter(crypto::der::kSequence).value();
  EXPECT_EQ(status.small_integer().value(), 2);
  EXPECT_TRUE(status.next().has_value());
  const BytesView bits = status.expect(crypto::der::kBitString).value();
  return static_cast<unsigned>(8 * (bits.size() - 2) + 7 - bits[0]);
}

TEST(TimestampRequest, IsRefusedWithTheFailureThatItDeserves) {
  const Signer signer = make_signer(SignatureAlgorithm::kEcdsaP256Sha256, CertificateUse::kTimestamp);
  const TimestampAuthority authority{signer.certificate, signer.key, {}, "1.2.3", {}};
  const auto failure = [&](BytesView request) {
    return failure_bit(answer_timestamp_request(authority, request, {kNow_ms, Bytes{1}}).value());
  };
  namespace der = crypto::der;
  const auto request_with = [](std::string_view digest_oid, std::size_t digest_bytes, const Bytes& more) {
    const Bytes algorithm = der::sequence({der::object_identifier(digest_oid)});
    return der::sequence({der::integer(1), der::sequence({algorithm, der::octet_string(Bytes(digest_bytes))}), more});
  };
  constexpr std::string_view kSha1 = "1.3.14.3.2.26";
  EXPECT_EQ(failure(request_with(kSha1, 20, {})), 0U);                   // badAlg
  EXPECT_EQ(failure(request_with(oid::kSha256, 20, {})), 5U);            // badDataFormat
  EXPECT_EQ(failure(as_bytes("junk")), 5U);                              // badDataFormat
  EXPECT_EQ(failure(to_der(TimestampRequest{.policy = "1.2.4"})), 15U);  // unacceptedPolicy
  const Bytes extensions = der::element(der::context(0), der::sequence({der::object_identifier("1.2.3")}));
  EXPECT_EQ(failure(request_with(oid::kSha256, 32, extensions)), 16U);  // unacceptedExtension
}

TEST(TimestampRequest, IsRejectedInTheAnswerAndNeverCrashes) {
  const Signer signer = make_signer(SignatureAlgorithm::kEcdsaP256Sha256, CertificateUse::kTimestamp);
  const TimestampAuthority authority{signer.certificate, signer.key, {}, "1.2.3", {}};
  const TimestampMoment moment{kNow_ms, Bytes{1}};
  const TimestampRequest other{.policy = "1.2.4"};
  for (const Bytes& request : {Bytes(), to_bytes("junk"), to_der(other), Bytes(5000)}) {
    const Bytes answer = answer_timestamp_request(authority, request, moment).value();
    EXPECT_EQ(token_of_response(answer).error().reason, Reason::kTimestampRefused);
  }
}

}  // namespace
}  // namespace chancery::documents
