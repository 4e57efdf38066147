#pragma once
// Verifiable credentials as SD-JWT: draft-ietf-oauth-sd-jwt-vc (typ "dc+sd-jwt") over RFC 9901. Trust is an allow-list:
// issuers, their keys, and for each the algorithms that it may use. Nothing is fetched.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/sd_jwt/sd_jwt.h"

namespace chancery::documents {

struct CredentialClaims {
  std::string type;                          ///< `vct`
  std::string issuer;                        ///< `iss`
  std::int64_t issued_at_s = 0;              ///< `iat`, seconds since 1970
  std::optional<std::int64_t> not_before_s;  ///< `nbf`
  std::optional<std::int64_t> expires_at_s;  ///< `exp`; from this second on it is no longer valid
  std::optional<crypto::PublicKey> holder;   ///< `cnf`: who presents it has to prove this key
  std::optional<Json> status;                ///< `status`, such as {"status_list": {"idx", "uri"}}
  Json subject = Json::object();             ///< The other claims.
};

/// The registered claims above are never selective (kInvalidValue when `subject` has one of them or `plan` names one).
Result<std::string> issue_credential(const CredentialClaims& claims, const SdJwtPlan& plan, const std::string& kid,
                                     const crypto::PrivateKey& issuer_key, Random& random);

struct TrustedIssuer {
  std::string issuer;                                  ///< Compared with `iss` byte for byte.
  std::vector<crypto::SignatureAlgorithm> algorithms;  ///< Those that it may sign with.
  std::vector<Jwk> keys;
};

struct KeyBindingPolicy {
  std::string audience;
  std::string nonce;
  std::int64_t max_age_s = 300;
};

struct CredentialPolicy {
  std::vector<TrustedIssuer> issuers;
  std::int64_t now_s = 0;
  std::int64_t clock_skew_s = 60;
  std::vector<crypto::SignatureAlgorithm> holder_algorithms = {crypto::SignatureAlgorithm::kEcdsaP256Sha256,
                                                               crypto::SignatureAlgorithm::kEd25519,
                                                               crypto::SignatureAlgorithm::kSm2Sm3};
  /// When set, a key binding with this audience and nonce is required.
  std::optional<KeyBindingPolicy> key_binding;
};

struct VerifiedCredential {
  CredentialClaims claims;     ///< `subject` holds what was disclosed and what is open to all.
  bool holder_proved = false;  ///< A key binding for the asked audience and nonce holds.
  std::size_t disclosures = 0;
};

/// The signature is checked before anything in the payload is believed.
/// kMalformed, kTooLarge; kUnsupported for another `typ`, `crit`, or `_sd_alg`; kProofUntrusted: unknown issuer or key;
/// kAlgorithmNotAllowed; kProofInvalid: a signature, nonce, audience or sd_hash that does not hold, or a key binding
/// that is missing; kProofExpired, kProofNotYetValid by `now_s` with the skew. A key binding that nobody asked for must
/// hold as well, but proves nothing. Takes any bytes (fuzz entry).
Result<VerifiedCredential> verify_credential(std::string_view sd_jwt, const CredentialPolicy& policy);

}  // namespace chancery::documents
