#include "documents/jose/algorithm.h"

namespace chancery::documents {

namespace {

using crypto::SignatureAlgorithm;

constexpr std::string_view kSm2 = "urn:oid:1.2.156.10197.1.501";

}  // namespace

std::string_view jose_algorithm_name(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::kEcdsaP256Sha256:
      return "ES256";
    case SignatureAlgorithm::kEd25519:
      return "EdDSA";
    case SignatureAlgorithm::kSm2Sm3:
      break;
  }
  return kSm2;
}

std::optional<SignatureAlgorithm> find_jose_algorithm(std::string_view name) {
  if (name == "ES256") return SignatureAlgorithm::kEcdsaP256Sha256;
  if (name == "EdDSA" || name == "Ed25519") return SignatureAlgorithm::kEd25519;
  if (name == kSm2) return SignatureAlgorithm::kSm2Sm3;
  return std::nullopt;
}

}  // namespace chancery::documents
