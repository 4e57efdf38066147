#include "sd_jwt_fixture.h"

#include <array>

#include "base/random.h"
#include "base/result.h"
#include "documents/sd_jwt/sd_jwt.h"

namespace chancery::fuzz {

namespace {

constexpr std::int64_t kNowS = 1'790'000'000;

template <class T>
T value_of(Result<T> result) {
  CHANCERY_CHECK(result.has_value());
  return std::move(*result);
}

}  // namespace

SdJwtFixture::SdJwtFixture()
    : subject_({{"name", "Lin Example"},
                {"address", {{"city", "Fuzhou"}, {"street", "Mawei 1"}}},
                {"rights", Json::array({"reside", "vote"})},
                {"level", 3}}) {
  SeededRandom random(21);
  const auto issuer = value_of(crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEd25519, random));
  const auto holder = value_of(crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEd25519, random));
  const documents::CredentialClaims claims{.type = "urn:example:residence",
                                           .issuer = "https://issuer.example",
                                           .issued_at_s = kNowS,
                                           .not_before_s = std::nullopt,
                                           .expires_at_s = kNowS + 3600,
                                           .holder = holder.public_key(),
                                           .status = std::nullopt,
                                           .subject = subject_};
  const documents::SdJwtPlan plan{.selective = {"/name", "/address", "/address/city", "/rights/1"},
                                  .decoys_per_object = 1};
  issued_ = value_of(documents::issue_credential(claims, plan, "key-1", issuer, random));
  const std::array<std::string, 1> reveal = {"/address/city"};
  presented_ = value_of(
      documents::bind_to_key(value_of(documents::select_disclosures(issued_, reveal)),
                             {.audience = "https://verifier.example", .nonce = "n-1", .issued_at_s = kNowS}, holder));
  policy_.issuers = {{.issuer = claims.issuer,
                      .algorithms = {crypto::SignatureAlgorithm::kEd25519},
                      .keys = {{issuer.public_key(), "key-1"}}}};
  policy_.now_s = kNowS + 10;
  binding_policy_ = policy_;
  binding_policy_.key_binding = {.audience = "https://verifier.example", .nonce = "n-1"};
}

}  // namespace chancery::fuzz
