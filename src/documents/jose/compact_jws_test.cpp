#include "documents/jose/compact_jws.h"

#include <gtest/gtest.h>

namespace chancery::documents {
namespace {

using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

constexpr SignatureAlgorithm kAlgorithms[] = {SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256,
                                              SignatureAlgorithm::kSm2Sm3};

PrivateKey make_key(SignatureAlgorithm algorithm, std::uint64_t seed = 1) {
  SeededRandom random(seed);
  return PrivateKey::generate(algorithm, random).value();
}

TEST(CompactJws, SignsAndVerifiesWithEachAlgorithm) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    const PrivateKey key = make_key(algorithm);
    const std::string text = sign_compact_jws({{"typ", "x"}}, as_bytes("payload"), key).value();
    const CompactJws jws = parse_compact_jws(text).value();
    EXPECT_EQ(to_string(BytesView(jws.payload)), "payload");
    EXPECT_EQ(jws.header_text("typ"), "x");
    EXPECT_TRUE(verify_compact_jws(jws, key.public_key()));
    EXPECT_EQ(verify_compact_jws(jws, make_key(algorithm, 2).public_key()).error().reason, Reason::kProofInvalid);
  }
}

// RFC 8037 appendix A.4.
TEST(CompactJws, VerifiesTheExampleOfRfc8037) {
  const Json jwk = {{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}};
  const CompactJws jws = parse_compact_jws(
                             "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                             "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
                             .value();
  EXPECT_TRUE(verify_compact_jws(jws, parse_jwk(jwk).value().key));
}

TEST(CompactJws, TakesTheAlgorithmFromTheKeyAlone) {
  const PrivateKey ec = make_key(SignatureAlgorithm::kEcdsaP256Sha256);
  const PrivateKey ed = make_key(SignatureAlgorithm::kEd25519);
  const CompactJws jws = parse_compact_jws(sign_compact_jws({}, as_bytes("x"), ec).value()).value();
  EXPECT_EQ(verify_compact_jws(jws, ed.public_key()).error().reason, Reason::kAlgorithmNotAllowed);
  const std::string none = to_base64url(as_bytes(R"({"alg":"none"})")) + ".eA.";
  EXPECT_EQ(verify_compact_jws(parse_compact_jws(none).value(), ec.public_key()).error().reason,
            Reason::kAlgorithmNotAllowed);
}

TEST(CompactJws, RefusesOtherForms) {
  const auto with_header = [](std::string_view header) { return to_base64url(as_bytes(header)) + ".eA.eA"; };
  for (const std::string& text :
       {std::string(), std::string("a.b"), std::string("..."), with_header("[]"), with_header("{}"), with_header("{"),
        with_header(R"({"alg":1})"), with_header(R"({"alg":"ES256","alg":"none"})"), std::string("e30=.e30.e30"),
        with_header(R"({"alg":"ES256"})") + ".x", with_header(R"({"alg":"ES256"})") + "\n"}) {
    EXPECT_EQ(parse_compact_jws(text).error().reason, Reason::kMalformed) << text;
  }
  EXPECT_EQ(parse_compact_jws(with_header(R"({"alg":"ES256","crit":["b64"],"b64":false})")).error().reason,
            Reason::kUnsupported);
  EXPECT_EQ(parse_compact_jws("a.b.c", 4).error().reason, Reason::kTooLarge);
}

TEST(Jwk, SurvivesItsOwnJson) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    const Jwk jwk{make_key(algorithm).public_key(), "key-1"};
    const Jwk again = parse_jwk(to_json(jwk)).value();
    EXPECT_EQ(again.key, jwk.key);
    EXPECT_EQ(again.kid, "key-1");
  }
}

TEST(Jwk, RefusesKeysForOtherPurposesAndPrivateOnes) {
  const Json good = to_json({make_key(SignatureAlgorithm::kEcdsaP256Sha256).public_key(), ""});
  const auto reason_with = [&](const Json& changes) {
    Json jwk = good;
    jwk.update(changes);
    const Result<Jwk> result = parse_jwk(jwk);
    return result ? Reason::kInternal : result.error().reason;
  };
  EXPECT_EQ(reason_with({{"use", "enc"}}), Reason::kInvalidValue);
  EXPECT_EQ(reason_with({{"key_ops", {"sign"}}}), Reason::kInvalidValue);
  EXPECT_EQ(reason_with({{"alg", "EdDSA"}}), Reason::kInvalidValue);
  EXPECT_EQ(reason_with({{"d", "AA"}}), Reason::kInvalidValue);
  EXPECT_EQ(reason_with({{"x", "AA"}}), Reason::kInvalidValue);
  EXPECT_EQ(reason_with({{"y", good["x"]}}), Reason::kInvalidValue);
  EXPECT_EQ(reason_with({{"crv", "P-384"}}), Reason::kUnsupported);
  EXPECT_EQ(reason_with({{"kty", "RSA"}}), Reason::kUnsupported);
}

TEST(JwkSet, LeavesOutUnknownKeysAndRefusesDoubleNames) {
  const Json key = to_json({make_key(SignatureAlgorithm::kEd25519).public_key(), "a"});
  const Json rsa = {{"kty", "RSA"}, {"n", "AQAB"}, {"e", "AQAB"}, {"kid", "b"}};
  EXPECT_EQ(parse_jwk_set({{"keys", {key, rsa}}}).value().size(), 1U);
  EXPECT_FALSE(parse_jwk_set({{"keys", {key, key}}}));
  EXPECT_FALSE(parse_jwk_set({{"keys", {key, {{"kty", "oct"}, {"k", "AA"}}}}}));
  EXPECT_FALSE(parse_jwk_set(Json::array()));
}

}  // namespace
}  // namespace chancery::documents
