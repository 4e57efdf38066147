#include "documents/sd_jwt/sd_jwt_vc.h"

#include <gtest/gtest.h>

namespace chancery::documents {
namespace {

using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

constexpr std::int64_t kNow_s = 1'800'000'000;
constexpr std::int64_t kDay_s = 86'400;
constexpr SignatureAlgorithm kAlgorithms[] = {SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256,
                                              SignatureAlgorithm::kSm2Sm3};

PrivateKey make_key(SignatureAlgorithm algorithm, std::uint64_t seed) {
  SeededRandom random(seed);
  return PrivateKey::generate(algorithm, random).value();
}

/// An issuer, a holder and a credential between them; each test changes one thing.
struct Scene {
  explicit Scene(SignatureAlgorithm algorithm = SignatureAlgorithm::kEcdsaP256Sha256)
      : issuer_key(make_key(algorithm, 1)), holder_key(make_key(algorithm, 2)) {
    claims.type = "https://example.org/residence";
    claims.issuer = "https://example.org/office";
    claims.issued_at_s = kNow_s - kDay_s;
    claims.expires_at_s = kNow_s + kDay_s;
    claims.holder = holder_key.public_key();
    claims.status = Json{{"status_list", {{"idx", 7}, {"uri", "https://example.org/status"}}}};
    claims.subject = {{"name", "林晓雨"}, {"district", "马尾区"}};
    policy.issuers = {{claims.issuer, {algorithm}, {{issuer_key.public_key(), "k1"}}}};
    policy.now_s = kNow_s;
    policy.key_binding = KeyBindingPolicy{"https://verifier.example", "nonce-1"};
  }

  std::string issue(std::string kid = "k1") const {
    SeededRandom random(3);
    return issue_credential(claims, {.selective = {"/name", "/district"}}, kid, issuer_key, random).value();
  }
  std::string present(const std::string& credential,
                      KeyBinding binding = {"https://verifier.example", "nonce-1", kNow_s}) const {
    const std::string shown = select_disclosures(credential, std::vector<std::string>{"/district"}).value();
    return bind_to_key(shown, binding, holder_key).value();
  }
  Reason refusal(std::string_view text) const {
    const auto result = verify_credential(text, policy);
    EXPECT_FALSE(result);
    return result ? Reason::kInternal : result.error().reason;
  }

  PrivateKey issuer_key;
  PrivateKey holder_key;
  CredentialClaims claims;
  CredentialPolicy policy;
};

TEST(SdJwtVc, VerifiesAPresentationWithEachAlgorithm) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    const Scene scene(algorithm);
    const auto verified = verify_credential(scene.present(scene.issue()), scene.policy);
    ASSERT_TRUE(verified) << verified.error().message();
    EXPECT_TRUE(verified->holder_proved);
    EXPECT_EQ(verified->claims.subject, (Json{{"district", "马尾区"}}));
    EXPECT_EQ(verified->claims.type, scene.claims.type);
    EXPECT_EQ(verified->claims.expires_at_s, scene.claims.expires_at_s);
    EXPECT_EQ(verified->claims.holder, scene.claims.holder);
    EXPECT_EQ(verified->claims.status, scene.claims.status);
    EXPECT_EQ(verified->disclosures, 1U);
  }
}

TEST(SdJwtVc, TrustsOnlyTheListedIssuersKeysAndAlgorithms) {
  Scene scene;
  const std::string presentation = scene.present(scene.issue());
  Scene other = scene;
  other.policy.issuers[0].issuer += "/";
  EXPECT_EQ(other.refusal(presentation), Reason::kProofUntrusted);
  other = scene;
  other.policy.issuers[0].algorithms = {SignatureAlgorithm::kEd25519};
  EXPECT_EQ(other.refusal(presentation), Reason::kAlgorithmNotAllowed);
  other = scene;
  other.policy.issuers[0].keys = {{scene.holder_key.public_key(), "k1"}};
  EXPECT_EQ(other.refusal(presentation), Reason::kProofInvalid);
  other.policy.issuers[0].keys = {{scene.issuer_key.public_key(), "k2"}};
  EXPECT_EQ(other.refusal(presentation), Reason::kProofUntrusted);
  other = scene;
  other.policy.holder_algorithms = {SignatureAlgorithm::kEd25519};
  EXPECT_EQ(other.refusal(presentation), Reason::kAlgorithmNotAllowed);
}

TEST(SdJwtVc, TriesTheIssuersKeysWhenTheCredentialNamesNone) {
  Scene scene;
  scene.policy.issuers[0].keys.insert(scene.policy.issuers[0].keys.begin(), {scene.holder_key.public_key(), "k0"});
  EXPECT_TRUE(verify_credential(scene.present(scene.issue("")), scene.policy));
}

TEST(SdJwtVc, RefusesAnotherTyp) {
  const Scene scene;
  SeededRandom random(4);
  const Json payload = {{"vct", scene.claims.type}, {"iss", scene.claims.issuer}};
  for (const char* typ : {"vc+sd-jwt", "JWT", "DC+SD-JWT", ""}) {
    const std::string text = issue_sd_jwt(payload, {}, {{"typ", typ}}, scene.issuer_key, random).value();
    EXPECT_EQ(scene.refusal(text), Reason::kUnsupported) << typ;
  }
}

TEST(SdJwtVc, KeepsToItsPeriodWithTheSkew) {
  Scene scene;
  scene.policy.key_binding.reset();
  const std::string credential = scene.issue();
  scene.policy.now_s = *scene.claims.expires_at_s + 59;
  EXPECT_TRUE(verify_credential(credential, scene.policy));
  scene.policy.now_s = *scene.claims.expires_at_s + 60;
  EXPECT_EQ(scene.refusal(credential), Reason::kProofExpired);
  scene.policy.now_s = scene.claims.issued_at_s - 61;
  EXPECT_EQ(scene.refusal(credential), Reason::kProofNotYetValid);
  scene.claims.not_before_s = kNow_s + 61;
  scene.policy.now_s = kNow_s;
  EXPECT_EQ(scene.refusal(scene.issue()), Reason::kProofNotYetValid);
}

TEST(SdJwtVc, RefusesAKeyBindingForAnotherRequest) {
  const Scene scene;
  const std::string credential = scene.issue();
  const KeyBinding good = {"https://verifier.example", "nonce-1", kNow_s};
  EXPECT_EQ(scene.refusal(scene.present(credential, {"https://other.example", good.nonce, kNow_s})),
            Reason::kProofInvalid);
  EXPECT_EQ(scene.refusal(scene.present(credential, {good.audience, "nonce-2", kNow_s})), Reason::kProofInvalid);
  EXPECT_EQ(scene.refusal(scene.present(credential, {good.audience, good.nonce, kNow_s - 361})), Reason::kProofInvalid);
  EXPECT_EQ(scene.refusal(scene.present(credential, {good.audience, good.nonce, kNow_s + 61})), Reason::kProofInvalid);
  EXPECT_EQ(scene.refusal(credential), Reason::kProofInvalid) << "no key binding";
  const std::string by_another = bind_to_key(credential, good, scene.issuer_key).value();
  EXPECT_EQ(scene.refusal(by_another), Reason::kProofInvalid);
}

TEST(SdJwtVc, RefusesDisclosuresAddedToOrTakenFromABoundPresentation) {
  const Scene scene;
  const std::string credential = scene.issue();
  const std::string presentation = scene.present(credential);
  const std::string binding = presentation.substr(presentation.rfind('~') + 1);
  EXPECT_EQ(scene.refusal(credential + binding), Reason::kProofInvalid);
  EXPECT_EQ(scene.refusal(credential.substr(0, credential.find('~') + 1) + binding), Reason::kProofInvalid);
}

TEST(SdJwtVc, ChecksAKeyBindingThatNobodyAskedForButProvesNothingByIt) {
  Scene scene;
  scene.policy.key_binding.reset();
  std::string presentation = scene.present(scene.issue());
  const auto verified = verify_credential(presentation, scene.policy);
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->holder_proved);
  presentation[presentation.size() - 10] = presentation[presentation.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(scene.refusal(presentation), Reason::kProofInvalid);
}

TEST(SdJwtVc, RefusesEveryFlippedCharacter) {
  const Scene scene;
  const std::string presentation = scene.present(scene.issue());
  for (std::size_t i = 0; i < presentation.size(); i += 7) {
    std::string mutated = presentation;
    mutated[i] = mutated[i] == 'A' ? 'Q' : 'A';
    EXPECT_FALSE(verify_credential(mutated, scene.policy)) << i;
  }
}

TEST(SdJwtVc, RefusesRegisteredClaimsThatAreDisclosed) {
  const Scene scene;
  SeededRandom random(5);
  Scene open = scene;
  open.policy.key_binding.reset();
  const Json payload = {{"vct", scene.claims.type}, {"iss", scene.claims.issuer}, {"iat", kNow_s}, {"exp", kNow_s + 9}};
  const std::string text =
      issue_sd_jwt(payload, {.selective = {"/exp"}}, {{"typ", "dc+sd-jwt"}}, scene.issuer_key, random).value();
  EXPECT_EQ(open.refusal(text), Reason::kMalformed);
  EXPECT_FALSE(issue_credential(scene.claims, {.selective = {"/exp"}}, "", scene.issuer_key, random));
  EXPECT_FALSE(issue_credential(scene.claims, {.selective = {"/cnf/jwk"}}, "", scene.issuer_key, random));
  CredentialClaims doubled = scene.claims;
  doubled.subject["exp"] = 1;
  EXPECT_FALSE(issue_credential(doubled, {}, "", scene.issuer_key, random));
}

}  // namespace
}  // namespace chancery::documents
