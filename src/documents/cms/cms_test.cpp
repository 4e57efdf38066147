#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/each_algorithm.h"
#include "documents/cms/asn1_time.h"
#include "documents/cms/cms_fixture.h"
#include "documents/cms/verify_cms.h"

namespace chancery::documents {
namespace {

namespace der = crypto::der;
using crypto::SignatureAlgorithm;

constexpr std::int64_t kNow_ms = kFixtureStart_ms + kFixtureDay_ms;
const Bytes kContent = to_bytes("residence certificate 2026-001");

CmsVerdict judge(BytesView cms, const Signer& signer, std::optional<BytesView> content = std::nullopt,
                 std::int64_t at_ms = kNow_ms) {
  return verify_cms(cms,
                    {.content = content, .roots = {&signer.root, 1}, .at_ms = at_ms, .need_signing_certificate = true});
}

Reason refusal(const CmsVerdict& verdict) {
  EXPECT_FALSE(verdict.accepted());
  const Status status = verdict.status();
  return status ? Reason::kInternal : status.error().reason;
}

CheckStep failed_step(const CmsVerdict& verdict) {
  for (const CheckedStep& step : verdict.signers.at(0).report.steps()) {
    if (step.outcome == CheckOutcome::kFailed) return step.step;
  }
  return verdict.structure.steps().at(0).step;
}

class CmsOfEachAlgorithm : public testing::TestWithParam<SignatureAlgorithm> {};

TEST_P(CmsOfEachAlgorithm, SignsAndVerifiesAttached) {
  const Signer signer = make_signer(GetParam());
  const Bytes cms = sign_cms(kContent, signer.certificate, signer.key, {.signing_time_ms = kNow_ms}).value();
  const CmsVerdict verdict = judge(cms, signer);
  EXPECT_TRUE(verdict.accepted()) << verdict.status().error().message();
  EXPECT_EQ(verdict.data->content, kContent);
  EXPECT_EQ(verdict.signers[0].signing_time_ms, kNow_ms);
  EXPECT_EQ(verdict.signers[0].certificate, signer.certificate);
  EXPECT_EQ(verdict.signers[0].report.steps().size(), 5U);
}

TEST_P(CmsOfEachAlgorithm, SignsAndVerifiesDetached) {
  const Signer signer = make_signer(GetParam());
  const Bytes cms = sign_cms(kContent, signer.certificate, signer.key, {.detached = true}).value();
  EXPECT_TRUE(judge(cms, signer, kContent).accepted());
  EXPECT_EQ(refusal(judge(cms, signer)), Reason::kContentMissing);
  EXPECT_EQ(refusal(judge(cms, signer, as_bytes("another"))), Reason::kContentChanged);
}

TEST_P(CmsOfEachAlgorithm, RefusesEveryBitThatWasTurned) {
  const Signer signer = make_signer(GetParam());
  const Bytes bare = sign_cms(kContent, signer.certificate, signer.key, {.with_certificates = false}).value();
  const CmsQuestion known{.roots = {&signer.root, 1}, .certificates = {&signer.certificate, 1}, .at_ms = kNow_ms};
  ASSERT_TRUE(verify_cms(bare, known).accepted());
  with_bits_turned(bare, kEachBit, [&](BytesView changed, std::size_t bit) {
    EXPECT_FALSE(verify_cms(changed, known).accepted()) << "bit " << bit;
  });
}

TEST_P(CmsOfEachAlgorithm, RefusesEveryBitOfTheSignersCertificateThatWasTurned) {
  const Signer signer = make_signer(GetParam());
  const Bytes cms = sign_cms(kContent, signer.certificate, signer.key).value();
  ASSERT_TRUE(judge(cms, signer).accepted());
  with_bits_turned(cms, kOneOfEachByte, [&](BytesView changed, std::size_t bit) {
    EXPECT_FALSE(judge(changed, signer).accepted()) << "bit " << bit;
  });
}

/// What is under no signature may change, and then nothing that was signed has: the reason why each such bit is
/// harmless.
TEST_P(CmsOfEachAlgorithm, KeepsWhatWasSignedWhenABitBesideItWasTurned) {
  const Signer signer = make_signer(GetParam());
  const Bytes cms = sign_cms(kContent, signer.certificate, signer.key,
                             {.more_certificates = {signer.root}, .with_certificates = true})
                        .value();
  const Bytes stamped =
      add_unsigned_attribute(cms, 0, {std::string(oid::kTimeStampToken), {der::octet_string(as_bytes("token"))}})
          .value();
  const SignedData before = parse_signed_data(stamped).value();
  ASSERT_TRUE(judge(stamped, signer).accepted());
  with_bits_turned(stamped, kOneOfEachByte, [&](BytesView changed, std::size_t bit) {
    const CmsVerdict verdict = judge(changed, signer);
    if (!verdict.accepted()) return;
    const SignerInfo& after = verdict.data->signers[0];
    EXPECT_EQ(verdict.data->content, before.content) << "bit " << bit;
    EXPECT_EQ(after.signed_attributes_der, before.signers[0].signed_attributes_der) << "bit " << bit;
    EXPECT_EQ(after.signature, before.signers[0].signature) << "bit " << bit;
    EXPECT_EQ(verdict.signers[0].certificate, signer.certificate) << "bit " << bit;
    const bool only_the_unsigned_attribute_changed =
        after.unsigned_attributes.empty() ||
        after.unsigned_attributes[0].type != before.signers[0].unsigned_attributes[0].type ||
        after.unsigned_attributes[0].values != before.signers[0].unsigned_attributes[0].values;
    const bool only_a_certificate_changed_that_nothing_needs = verdict.data->certificates != before.certificates;
    EXPECT_NE(only_the_unsigned_attribute_changed, only_a_certificate_changed_that_nothing_needs) << "bit " << bit;
  });
}

TEST_P(CmsOfEachAlgorithm, AddsATimestampBesideTheSignatureAndKeepsWhatWasSigned) {
  const Signer signer = make_signer(GetParam());
  const Bytes cms = sign_cms(kContent, signer.certificate, signer.key).value();
  const Attribute first{std::string(oid::kTimeStampToken), {der::octet_string(as_bytes("token"))}};
  const Attribute second{"1.2.3.4", {der::null(), der::integer(7)}};
  const Bytes once = add_unsigned_attribute(cms, 0, first).value();
  const Bytes twice = add_unsigned_attribute(once, 0, second).value();
  EXPECT_TRUE(judge(twice, signer).accepted());
  const SignerInfo before = parse_signed_data(cms)->signers[0];
  const SignerInfo after = parse_signed_data(twice)->signers[0];
  EXPECT_EQ(after.signed_attributes_der, before.signed_attributes_der);
  EXPECT_EQ(after.signature, before.signature);
  EXPECT_EQ(after.unsigned_attributes.size(), 2U);
  EXPECT_EQ(find_attribute(after.unsigned_attributes, oid::kTimeStampToken)->values, first.values);
  EXPECT_EQ(add_unsigned_attribute(twice, 0, first).error().reason, Reason::kAlreadyExists);
  EXPECT_EQ(add_unsigned_attribute(twice, 1, first).error().reason, Reason::kNotFound);
}

TEST_P(CmsOfEachAlgorithm, SaysWhichStepFailed) {
  const Signer signer = make_signer(GetParam());
  const Bytes cms = sign_cms(kContent, signer.certificate, signer.key).value();
  const std::int64_t later_ms = kFixtureStart_ms + 400 * kFixtureDay_ms;
  EXPECT_EQ(refusal(judge(cms, signer, std::nullopt, later_ms)), Reason::kCertificateExpired);
  EXPECT_EQ(failed_step(judge(cms, signer, std::nullopt, later_ms)), CheckStep::kValidity);
  const Signer stranger = make_signer(GetParam(), crypto::CertificateUse::kSeal, 2);
  EXPECT_EQ(refusal(judge(cms, stranger)), Reason::kCertificateUntrusted);
  EXPECT_EQ(failed_step(judge(cms, stranger)), CheckStep::kChain);
  const Bytes bare = sign_cms(kContent, signer.certificate, signer.key, {.with_certificates = false}).value();
  EXPECT_EQ(refusal(judge(bare, signer)), Reason::kSignerUnknown);
  EXPECT_EQ(failed_step(judge(bare, signer)), CheckStep::kSignature);
}

INSTANTIATE_TEST_SUITE_P(All, CmsOfEachAlgorithm,
                         testing::Values(SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256,
                                         SignatureAlgorithm::kSm2Sm3),
                         crypto::algorithm_test_name);

TEST(CmsOfGbt35275, HasTheContentTypesOfTheStandardWithAndWithoutAttributes) {
  const Signer signer = make_signer(SignatureAlgorithm::kSm2Sm3);
  for (const bool with_attributes : {false, true}) {
    const Bytes cms =
        sign_cms(kContent, signer.certificate, signer.key, {.gm_types = true, .with_attributes = with_attributes})
            .value();
    const SignedData data = parse_signed_data(cms).value();
    EXPECT_TRUE(data.gm_types);
    EXPECT_EQ(data.content_type, oid::kGmData);
    const CmsVerdict verdict = verify_cms(cms, {.roots = {&signer.root, 1}, .at_ms = kNow_ms});
    EXPECT_TRUE(verdict.accepted()) << verdict.status().error().message();
  }
  const Signer other = make_signer(SignatureAlgorithm::kEcdsaP256Sha256);
  EXPECT_EQ(sign_cms(kContent, other.certificate, other.key, {.gm_types = true}).error().reason, Reason::kInvalidValue);
}

TEST(CmsOfGbt35275, RefusesEveryBitThatWasTurned) {
  const Signer signer = make_signer(SignatureAlgorithm::kSm2Sm3);
  for (const bool with_attributes : {false, true}) {
    const Bytes cms =
        sign_cms(kContent, signer.certificate, signer.key, {.gm_types = true, .with_attributes = with_attributes})
            .value();
    with_bits_turned(cms, kOneOfEachByte, [&](BytesView changed, std::size_t bit) {
      EXPECT_FALSE(verify_cms(changed, {.roots = {&signer.root, 1}, .at_ms = kNow_ms}).accepted()) << "bit " << bit;
    });
  }
}

/// Replaces the one occurrence of `from` by as many bytes.
Bytes replaced(const Bytes& bytes, const Bytes& from, const Bytes& to) {
  Bytes out = bytes;
  const auto found = std::ranges::search(out, from);
  EXPECT_FALSE(found.empty());
  EXPECT_EQ(from.size(), to.size());
  std::ranges::copy(to, found.begin());
  return out;
}

TEST(Cms, RefusesASignersDigestThatIsNotInTheList) {
  const Signer signer = make_signer(SignatureAlgorithm::kEcdsaP256Sha256);
  const Bytes cms = sign_cms(kContent, signer.certificate, signer.key).value();
  // The first occurrence is the list's.
  const Bytes other = replaced(cms, algorithm_identifier(oid::kSha256), algorithm_identifier(oid::kSha512));
  EXPECT_EQ(refusal(judge(other, signer)), Reason::kMalformed);
}

TEST(Cms, TakesTheVersionThatItsContentAsksForAndNoOther) {
  const Signer signer = make_signer(SignatureAlgorithm::kEcdsaP256Sha256);
  const Bytes of_data = sign_cms(kContent, signer.certificate, signer.key).value();
  const Bytes of_token = sign_cms(kContent, signer.certificate, signer.key, {.content_type = oid::kTstInfo}).value();
  const auto with_version = [](const Bytes& cms, std::uint8_t from, int to) {
    return replaced(cms, {der::kInteger, 1, from, der::kSet},
                    {der::kInteger, 1, static_cast<std::uint8_t>(to), der::kSet});
  };
  EXPECT_TRUE(judge(of_data, signer).accepted());
  EXPECT_TRUE(judge(of_token, signer).accepted());
  for (const int version : {0, 2, 3, 4, 5}) {
    EXPECT_EQ(refusal(judge(with_version(of_data, 1, version), signer)), Reason::kMalformed);
  }
  for (const int version : {0, 1, 2, 4, 5}) {
    EXPECT_EQ(refusal(judge(with_version(of_token, 3, version), signer)), Reason::kMalformed);
  }
}

TEST(Cms, IsNotFooledByAttributesThatAreShownAsContent) {
  const Signer signer = make_signer(SignatureAlgorithm::kSm2Sm3);
  const Bytes genuine = sign_cms(kContent, signer.certificate, signer.key, {.gm_types = true}).value();
  const SignerInfo from = parse_signed_data(genuine)->signers[0];
  const Bytes digest = algorithm_identifier(oid::kSm3);
  const Bytes info = der::sequence({der::integer(1), to_der(from.signer), digest, algorithm_identifier(oid::kSm2Sign),
                                    der::octet_string(from.signature)});
  const Bytes content = der::sequence({der::object_identifier(oid::kGmData),
                                       der::element(der::context(0), der::octet_string(from.signed_attributes_der))});
  const Bytes body = der::sequence({der::integer(1), der::set_of({digest}), content, der::set_of({info})});
  const Bytes forged = der::sequence({der::object_identifier(oid::kGmSignedData), der::element(der::context(0), body)});
  EXPECT_EQ(refusal(verify_cms(
                forged, {.roots = {&signer.root, 1}, .certificates = {&signer.certificate, 1}, .at_ms = kNow_ms})),
            Reason::kContentChanged);
  EXPECT_EQ(
      sign_cms(from.signed_attributes_der, signer.certificate, signer.key, {.gm_types = true, .with_attributes = false})
          .error()
          .reason,
      Reason::kInvalidValue);
}

TEST(Cms, RefusesMoreThanItsLimits) {
  const Signer signer = make_signer(SignatureAlgorithm::kEcdsaP256Sha256);
  const std::vector<crypto::Certificate> most(kMostCmsCertificates - 1, signer.root);
  const Bytes full = sign_cms(kContent, signer.certificate, signer.key, {.more_certificates = most}).value();
  EXPECT_TRUE(judge(full, signer).accepted());
  const std::vector<crypto::Certificate> more(kMostCmsCertificates, signer.root);
  EXPECT_EQ(sign_cms(kContent, signer.certificate, signer.key, {.more_certificates = more}).error().reason,
            Reason::kTooLarge);
  Bytes many;
  for (std::size_t i = 0; i <= kMostAttributes; ++i) append(many, to_der({"1.2." + std::to_string(i), {der::null()}}));
  EXPECT_EQ(read_attributes(many, false).error().reason, Reason::kTooLarge);
  const Bytes values = to_der({"1.2.3", std::vector<Bytes>(kMostAttributeValues + 1, der::null())});
  EXPECT_EQ(read_attributes(values, false).error().reason, Reason::kTooLarge);
}

TEST(Cms, RefusesToSignWithAKeyThatIsNotTheCertificates) {
  const Signer signer = make_signer(SignatureAlgorithm::kEcdsaP256Sha256);
  const Signer other = make_signer(SignatureAlgorithm::kEcdsaP256Sha256, crypto::CertificateUse::kSeal, 2);
  EXPECT_EQ(sign_cms(kContent, signer.certificate, other.key).error().reason, Reason::kSignerMismatch);
}

TEST(Cms, RefusesOtherFormsBeforeItTrustsAnything) {
  const Signer signer = make_signer(SignatureAlgorithm::kEcdsaP256Sha256);
  const Bytes cms = sign_cms(kContent, signer.certificate, signer.key).value();
  for (std::size_t length = 0; length < cms.size(); length += 7) {
    EXPECT_FALSE(parse_signed_data(BytesView(cms).first(length)));
  }
  Bytes longer = cms;
  longer.push_back(0);
  EXPECT_EQ(parse_signed_data(longer).error().reason, Reason::kMalformed);
  EXPECT_EQ(parse_signed_data(Bytes(kMostSignedDataBytes + 1)).error().reason, Reason::kTooLarge);
  const Bytes data_only =
      der::sequence({der::object_identifier(oid::kData), der::element(der::context(0), der::octet_string(kContent))});
  EXPECT_EQ(parse_signed_data(data_only).error().reason, Reason::kUnsupported);
}

TEST(CmsAttributes, RefusesThemOutOfOrderOrTwice) {
  const Bytes low = to_der({"1.2.3", {der::null()}});
  const Bytes high = to_der({"1.2.4", {der::null()}});
  const auto joined = [](const Bytes& a, const Bytes& b) {
    Bytes out = a;
    append(out, b);
    return out;
  };
  EXPECT_TRUE(read_attributes(joined(low, high), true));
  EXPECT_EQ(read_attributes(joined(high, low), true).error().reason, Reason::kMalformed);
  EXPECT_TRUE(read_attributes(joined(high, low), false));
  EXPECT_EQ(read_attributes(joined(low, low), false).error().reason, Reason::kMalformed);
}

TEST(Asn1Time, SurvivesBothForms) {
  for (const std::int64_t at_ms : {std::int64_t{0}, kNow_ms, std::int64_t{2'524'608'000'000}}) {
    const Bytes whole = signing_time(at_ms);
    crypto::DerReader reader(whole);
    EXPECT_EQ(read_time(reader).value(), at_ms);
  }
  const Bytes exact = generalized_time(kNow_ms + 120);
  crypto::DerReader reader(exact);
  EXPECT_EQ(read_time(reader).value(), kNow_ms + 120);
}

TEST(Asn1Time, RefusesWhatDerForbids) {
  for (const std::string_view text : {"20260101000000", "20260101000000.Z", "20260101000000.10Z", "20260101000000+0800",
                                      "20260230000000Z", "20260101240000Z", "2026010100Z", ""}) {
    const Bytes element = der::element(kGeneralizedTimeTag, as_bytes(text));
    crypto::DerReader reader(element);
    EXPECT_FALSE(read_time(reader)) << text;
  }
}

TEST(CheckReport, HasATextInBothLanguagesForEachStep) {
  for (int step = 0; step <= static_cast<int>(CheckStep::kSequence); ++step) {
    EXPECT_FALSE(to_string(static_cast<CheckStep>(step)).empty());
    EXPECT_NE(title(static_cast<CheckStep>(step), Language::kZhCn), title(static_cast<CheckStep>(step), Language::kEn));
  }
}

}  // namespace
}  // namespace chancery::documents
