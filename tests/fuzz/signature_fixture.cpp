#include "signature_fixture.h"

#include <array>

#include "documents/cms/cms_fixture.h"

namespace chancery::fuzz {

using crypto::SignatureAlgorithm;

namespace {

constexpr std::array kAlgorithms = {SignatureAlgorithm::kEcdsaP256Sha256, SignatureAlgorithm::kEd25519,
                                    SignatureAlgorithm::kSm2Sm3};
constexpr std::array<const char*, 3> kNames = {"p256", "ed25519", "sm2"};

documents::TimestampAuthority make_authority(std::vector<crypto::Certificate>& roots) {
  documents::Signer signer =
      documents::make_signer(SignatureAlgorithm::kEd25519, crypto::CertificateUse::kTimestamp, 9);
  roots.push_back(signer.root);
  return {signer.certificate, std::move(signer.key), {}, "1.2.3.4", {.seconds = 1, .millis = 500}};
}

}  // namespace

SignatureFixture::SignatureFixture() : authority_(make_authority(roots_)), content_(to_bytes("content")) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    documents::Signer signer = documents::make_signer(algorithm);
    roots_.push_back(signer.root);
    certificates_.push_back(signer.certificate);
    keys_.push_back(std::move(signer.key));
  }
}

std::int64_t SignatureFixture::now_ms() const {
  return documents::kFixtureStart_ms + documents::kFixtureDay_ms;
}

std::vector<SignatureFixture::Seed> SignatureFixture::cms_seeds() const {
  std::vector<Seed> out;
  const auto add = [&](const std::string& name, std::size_t signer, const documents::SignPlan& plan) {
    out.push_back({name, documents::sign_cms(content_, certificates_[signer], keys_[signer], plan).value()});
  };
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    add(std::string(kNames[i]) + "_attached", i, {.signing_time_ms = now_ms(), .with_certificates = false});
    add(std::string(kNames[i]) + "_plain", i, {.with_attributes = false, .with_certificates = false});
  }
  add("p256_detached_with_certificates", 0, {.detached = true, .more_certificates = {roots_[1]}});
  add("sm2_gbt35275", 2, {.gm_types = true, .with_certificates = false});
  add("sm2_gbt35275_plain", 2, {.gm_types = true, .with_attributes = false});
  const documents::Attribute stamp{std::string(documents::oid::kTimeStampToken), {crypto::der::null()}};
  out.push_back({"p256_stamped", documents::add_unsigned_attribute(out[0].bytes, 0, stamp).value()});
  return out;
}

std::vector<SignatureFixture::Seed> SignatureFixture::timestamp_seeds() const {
  std::vector<Seed> out;
  for (const auto hash : {crypto::HashAlgorithm::kSha256, crypto::HashAlgorithm::kSm3}) {
    const std::string name = hash == crypto::HashAlgorithm::kSm3 ? "sm3" : "sha256";
    const documents::TimestampRequest request{.imprint = {hash, crypto::hash(hash, content_)},
                                              .policy = authority_.policy,
                                              .nonce = Bytes{0x80, 1},
                                              .wants_certificate = hash == crypto::HashAlgorithm::kSm3};
    out.push_back({name + "_request", documents::to_der(request)});
    const documents::TimestampMoment moment{now_ms() + 250, Bytes{7}};
    const Bytes response = documents::answer_timestamp_request(authority_, out.back().bytes, moment).value();
    const Bytes token = documents::token_of_response(response).value();
    out.push_back({name + "_response", response});
    out.push_back({name + "_token", token});
    out.push_back({name + "_info", documents::to_der(documents::read_timestamp_token(token).value())});
  }
  out.push_back(
      {"rejection", documents::answer_timestamp_request(authority_, as_bytes("x"), {now_ms(), Bytes{8}}).value()});
  return out;
}

}  // namespace chancery::fuzz
