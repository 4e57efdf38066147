// Issues, presents and verifies SD-JWT credentials on request: one JSON object a line on stdin, one answer a line on
// stdout. Keys come from seeds; nothing here is secret.
//   {"op":"issue","alg","claims","selective","decoys"}      -> {"credential","issuer_jwk","holder_jwk"}
//   {"op":"present","alg","credential","reveal","aud","nonce","iat"} -> {"presentation"}
//   {"op":"verify","presentation","iss","issuer_jwk","now","aud"?,"nonce"?} -> {"claims","holder_proved"}
// An answer may be {"error"} instead.

#include <iostream>
#include <string>

#include "base/json_reader.h"
#include "documents/jose/algorithm.h"
#include "documents/sd_jwt/sd_jwt_vc.h"

namespace chancery::documents {
namespace {

constexpr std::uint64_t kIssuerSeed = 1;
constexpr std::uint64_t kHolderSeed = 2;

Result<crypto::PrivateKey> key_from_seed(JsonReader& request, std::uint64_t seed) {
  ASSIGN_OR_RETURN(const std::string name, request.required_string("alg", 64));
  const auto algorithm = find_jose_algorithm(name);
  if (!algorithm) return request.refuse("alg", "is not known");
  SeededRandom random(seed);
  return crypto::PrivateKey::generate(*algorithm, random);
}

Result<Json> issue(JsonReader& request) {
  ASSIGN_OR_RETURN(const crypto::PrivateKey issuer, key_from_seed(request, kIssuerSeed));
  ASSIGN_OR_RETURN(const crypto::PrivateKey holder, key_from_seed(request, kHolderSeed));
  ASSIGN_OR_RETURN(const Json* given, request.required_any("claims"));
  SdJwtPlan plan;
  ASSIGN_OR_RETURN(plan.selective, request.required_strings("selective", 100, 1000));
  ASSIGN_OR_RETURN(plan.decoys_per_object, request.required_unsigned("decoys", 50));
  JsonReader reader(*given);
  CredentialClaims claims;
  ASSIGN_OR_RETURN(claims.type, reader.required_string("vct", 1000));
  ASSIGN_OR_RETURN(claims.issuer, reader.required_string("iss", 1000));
  ASSIGN_OR_RETURN(claims.issued_at_s, reader.required_integer("iat", 0, INT64_MAX));
  ASSIGN_OR_RETURN(claims.expires_at_s, reader.optional_integer("exp", 0, INT64_MAX));
  claims.holder = holder.public_key();
  claims.subject = *given;
  for (const char* name : {"vct", "iss", "iat", "exp"}) claims.subject.erase(name);
  SystemRandom random;
  ASSIGN_OR_RETURN(const std::string credential, issue_credential(claims, plan, "k1", issuer, random));
  return Json{{"credential", credential},
              {"issuer_jwk", to_json({issuer.public_key(), "k1"})},
              {"holder_jwk", to_json({holder.public_key(), ""})}};
}

Result<Json> present(JsonReader& request) {
  ASSIGN_OR_RETURN(const crypto::PrivateKey holder, key_from_seed(request, kHolderSeed));
  ASSIGN_OR_RETURN(const std::string credential, request.required_string("credential", 1 << 20));
  ASSIGN_OR_RETURN(const auto reveal, request.required_strings("reveal", 100, 1000));
  KeyBinding binding;
  ASSIGN_OR_RETURN(binding.audience, request.required_string("aud", 1000));
  ASSIGN_OR_RETURN(binding.nonce, request.required_string("nonce", 1000));
  ASSIGN_OR_RETURN(binding.issued_at_s, request.required_integer("iat", 0, INT64_MAX));
  ASSIGN_OR_RETURN(const std::string shown, select_disclosures(credential, reveal));
  ASSIGN_OR_RETURN(const std::string presentation, bind_to_key(shown, binding, holder));
  return Json{{"presentation", presentation}};
}

Result<Json> verify(JsonReader& request) {
  ASSIGN_OR_RETURN(const std::string presentation, request.required_string("presentation", 1 << 20));
  ASSIGN_OR_RETURN(const Json* jwk, request.required_any("issuer_jwk"));
  ASSIGN_OR_RETURN(Jwk key, parse_jwk(*jwk));
  TrustedIssuer issuer;
  ASSIGN_OR_RETURN(issuer.issuer, request.required_string("iss", 1000));
  issuer.algorithms = {key.key.algorithm};
  issuer.keys = {std::move(key)};
  CredentialPolicy policy;
  policy.issuers = {std::move(issuer)};
  ASSIGN_OR_RETURN(policy.now_s, request.required_integer("now", 0, INT64_MAX));
  ASSIGN_OR_RETURN(const auto audience, request.optional_string("aud", 1000));
  ASSIGN_OR_RETURN(const auto nonce, request.optional_string("nonce", 1000));
  if (audience && nonce) policy.key_binding = KeyBindingPolicy{*audience, *nonce};
  ASSIGN_OR_RETURN(const VerifiedCredential verified, verify_credential(presentation, policy));
  return Json{{"claims", verified.claims.subject}, {"holder_proved", verified.holder_proved}};
}

Result<Json> answer(const std::string& line) {
  ASSIGN_OR_RETURN(const Json json, parse_json(line));
  JsonReader request(json);
  ASSIGN_OR_RETURN(const std::string operation, request.required_string("op", 16));
  if (operation == "issue") return issue(request);
  if (operation == "present") return present(request);
  if (operation == "verify") return verify(request);
  return request.refuse("op", "is not known");
}

}  // namespace
}  // namespace chancery::documents

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto reply = chancery::documents::answer(line);
    std::cout << (reply ? reply->dump() : chancery::Json{{"error", reply.error().message()}}.dump()) << std::endl;
  }
}
