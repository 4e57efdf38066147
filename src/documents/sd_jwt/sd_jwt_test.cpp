#include "documents/sd_jwt/sd_jwt.h"

#include <gtest/gtest.h>

namespace chancery::documents {
namespace {

using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

PrivateKey make_key() {
  SeededRandom random(1);
  return PrivateKey::generate(SignatureAlgorithm::kEcdsaP256Sha256, random).value();
}

const Json kClaims = parse_json(R"({"sub":"x","name":"林晓雨","address":{"city":"福州","street":"罗星路1号"},
    "languages":["zh",{"code":"en"},"ja"]})")
                         .value();

std::string issue(const SdJwtPlan& plan, const Json& claims = kClaims) {
  SeededRandom random(2);
  return issue_sd_jwt(claims, plan, {{"typ", "example+sd-jwt"}}, make_key(), random).value();
}

Result<Json> claims_of(std::string_view text) {
  ASSIGN_OR_RETURN(const SdJwt parsed, parse_sd_jwt(text));
  TRY(verify_compact_jws(parsed.jwt, make_key().public_key()));
  ASSIGN_OR_RETURN(DisclosedClaims out, apply_disclosures(parsed.payload, parsed.disclosures));
  return std::move(out.claims);
}

std::string show(const std::string& text, std::vector<std::string> reveal) {
  return claims_of(select_disclosures(text, reveal).value()).value().dump();
}

TEST(SdJwt, ReturnsAllClaimsWhenAllIsDisclosed) {
  const SdJwtPlan plans[] = {
      {},
      {.selective = {"/name"}},
      {.selective = {"/name", "/address", "/address/city", "/address/street"}, .decoys_per_object = 3},
      {.selective = {"/languages", "/languages/0", "/languages/1", "/languages/1/code", "/languages/2"}},
  };
  for (const SdJwtPlan& plan : plans) {
    const std::string text = issue(plan);
    EXPECT_EQ(claims_of(text).value(), kClaims);
    EXPECT_EQ(parse_sd_jwt(text).value().disclosures.size(), plan.selective.size());
  }
}

TEST(SdJwt, ShowsNothingSelectiveWithoutDisclosures) {
  const std::string text = issue({.selective = {"/name", "/address/street", "/languages/1"}, .decoys_per_object = 2});
  EXPECT_EQ(show(text, {}), R"({"address":{"city":"福州"},"languages":["zh","ja"],"sub":"x"})");
  EXPECT_EQ(text.substr(0, text.find('~')).find(to_base64url(as_bytes("林"))), std::string::npos);
}

TEST(SdJwt, ShowsAClaimWithAllBelowAndWhatStandsAbove) {
  const std::string text =
      issue({.selective = {"/name", "/address", "/address/city", "/address/street", "/languages/0", "/languages/1"}});
  EXPECT_EQ(show(text, {"/address/city"}), R"({"address":{"city":"福州"},"languages":["ja"],"sub":"x"})");
  EXPECT_EQ(show(text, {"/address"}),
            R"({"address":{"city":"福州","street":"罗星路1号"},"languages":["ja"],"sub":"x"})");
  EXPECT_EQ(show(text, {"/languages/1/code"}), R"({"languages":[{"code":"en"},"ja"],"sub":"x"})");
  for (const char* nowhere : {"/none", "name", "/languages/9", "/languages/01", "/name/x"}) {
    EXPECT_EQ(select_disclosures(text, std::vector<std::string>{nowhere}).error().reason, Reason::kNotFound) << nowhere;
  }
}

TEST(SdJwt, RefusesPlansThatLeadNowhereAndReservedNames) {
  SeededRandom random(2);
  for (const char* pointer : {"", "/none", "name", "/languages/7", "/name/x"}) {
    EXPECT_EQ(issue_sd_jwt(kClaims, {.selective = {pointer}}, {}, make_key(), random).error().reason,
              Reason::kInvalidValue)
        << pointer;
  }
  EXPECT_FALSE(issue_sd_jwt(kClaims, {.selective = {"/name", "/name"}}, {}, make_key(), random));
  for (const char* name : {"_sd", "_sd_alg", "..."}) {
    EXPECT_FALSE(issue_sd_jwt({{"a", {{{name, 1}}}}}, {}, {}, make_key(), random)) << name;
  }
}

TEST(SdJwt, DigestsAreThoseOfTheSpecification) {
  // RFC 9901 section 4.2.3: the digest of a published disclosure.
  EXPECT_EQ(sd_digest("WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"),
            "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY");
}

std::string disclosure(std::string_view json) {
  return to_base64url(as_bytes(json));
}

Reason refusal(const Json& payload, std::vector<std::string> encoded) {
  std::vector<Disclosure> disclosures;
  for (const std::string& each : encoded) disclosures.push_back(parse_disclosure(each).value());
  const auto result = apply_disclosures(payload, disclosures);
  EXPECT_FALSE(result);
  return result ? Reason::kInternal : result.error().reason;
}

TEST(DisclosedClaims, RefusesWhatTheSpecificationForbids) {
  const std::string a = disclosure(R"(["salt","a",1])");
  const std::string item = disclosure(R"(["salt",1])");
  const std::string digest = sd_digest(a);
  EXPECT_EQ(refusal({{"x", 1}}, {a}), Reason::kMalformed) << "unreferenced";
  EXPECT_EQ(refusal({{"_sd", {digest}}}, {a, a}), Reason::kMalformed) << "twice";
  EXPECT_EQ(refusal({{"_sd", {digest, digest}}}, {a}), Reason::kMalformed) << "digest twice";
  EXPECT_EQ(refusal({{"_sd", {"decoy"}}, {"x", {{"_sd", {"decoy"}}}}}, {}), Reason::kMalformed) << "decoy twice";
  EXPECT_EQ(refusal({{"_sd", {digest}}, {"a", 2}}, {a}), Reason::kMalformed) << "claim exists";
  EXPECT_EQ(refusal({{"_sd", digest}}, {}), Reason::kMalformed) << "_sd is no array";
  EXPECT_EQ(refusal({{"_sd", {1}}}, {}), Reason::kMalformed) << "digest is no string";
  EXPECT_EQ(refusal({{"_sd", {sd_digest(item)}}}, {item}), Reason::kMalformed) << "item as member";
  EXPECT_EQ(refusal({{"x", {{{"...", digest}}}}}, {a}), Reason::kMalformed) << "member as item";
  EXPECT_EQ(refusal({{"x", {{{"...", digest}, {"y", 1}}}}}, {}), Reason::kMalformed) << "not alone";
  EXPECT_EQ(refusal({{"...", digest}}, {}), Reason::kMalformed) << "outside an array";
  EXPECT_EQ(refusal({{"_sd_alg", "sha-512"}}, {}), Reason::kUnsupported);
  EXPECT_EQ(refusal(Json::array(), {}), Reason::kMalformed);
  for (const char* bad : {R"(["s","_sd",1])", R"(["s","...",1])", R"(["s"])", R"(["s","n",1,2])", R"([1,"n",2])",
                          R"(["s",1,2])", R"({"a":1})", R"("x")", "[", ""}) {
    EXPECT_FALSE(parse_disclosure(disclosure(bad))) << bad;
  }
}

TEST(DisclosedClaims, RefusesADisclosureThatNamesItselfThroughAnother) {
  // An inner digest that also stands in the payload: the same disclosure twice.
  const std::string inner = disclosure(R"(["s","b",1])");
  const std::string outer = disclosure(R"(["s","a",{"_sd":[")" + sd_digest(inner) + R"("]}])");
  EXPECT_EQ(refusal({{"_sd", {sd_digest(outer), sd_digest(inner)}}}, {outer, inner}), Reason::kMalformed);
}

TEST(SdJwt, RefusesOtherForms) {
  const std::string good = issue({.selective = {"/name"}});
  const std::string jwt = good.substr(0, good.find('~'));
  for (const std::string& text : {std::string(), jwt, std::string("~"), jwt + "~~", jwt + "~x~", std::string("a.b~")}) {
    EXPECT_FALSE(parse_sd_jwt(text)) << text;
  }
  std::string many = jwt + "~";
  for (int i = 0; i < 501; ++i) many += disclosure("[\"s" + std::to_string(i) + "\",1]") + "~";
  EXPECT_EQ(parse_sd_jwt(many).error().reason, Reason::kTooLarge);
  EXPECT_EQ(parse_sd_jwt(jwt + "~" + std::string(300'000, 'A') + "~").error().reason, Reason::kTooLarge);
}

}  // namespace
}  // namespace chancery::documents
