#include <algorithm>
#include <cmath>

#include "base/json_reader.h"
#include "documents/jose/algorithm.h"
#include "documents/sd_jwt/registered_claims.h"
#include "documents/sd_jwt/sd_jwt_vc.h"

namespace chancery::documents {

namespace {

using crypto::SignatureAlgorithm;

constexpr std::size_t kMaxNameChars = 2048;
constexpr double kMaxDate = 253402300799;  // 9999-12-31T23:59:59Z

/// The algorithm that the header names, when the list allows it.
Status check_algorithm(const CompactJws& jws, const std::vector<SignatureAlgorithm>& allowed) {
  const std::optional<SignatureAlgorithm> algorithm = find_jose_algorithm(jws.header_text("alg"));
  if (algorithm && std::ranges::find(allowed, *algorithm) != allowed.end()) return {};
  return fail(Reason::kAlgorithmNotAllowed, "the alg of the JWT is not allowed for its signer");
}

/// RFC 7519 section 2 NumericDate; a fraction is dropped.
Result<std::optional<std::int64_t>> numeric_date(JsonReader& reader, std::string_view name) {
  const Json* value = reader.optional_any(name);
  if (value == nullptr) return std::nullopt;
  const double seconds = value->is_number() ? value->get<double>() : -1;
  if (seconds < 0 || seconds > kMaxDate) return reader.refuse(name, "must be seconds since 1970");
  return static_cast<std::int64_t>(std::floor(seconds));
}

Status verify_issuer(const SdJwt& credential, const std::string& issuer_name, const CredentialPolicy& policy) {
  const auto issuer = std::ranges::find(policy.issuers, issuer_name, &TrustedIssuer::issuer);
  if (issuer == policy.issuers.end()) return fail(Reason::kProofUntrusted, "the issuer is not on the list");
  TRY(check_algorithm(credential.jwt, issuer->algorithms));
  const std::string kid = credential.jwt.header_text("kid");
  Status last = fail(Reason::kProofUntrusted, "the issuer has no such key");
  for (const Jwk& jwk : issuer->keys) {
    if (!kid.empty() && !jwk.kid.empty() && jwk.kid != kid) continue;
    if (find_jose_algorithm(credential.jwt.header_text("alg")) != jwk.key.algorithm) continue;
    last = verify_compact_jws(credential.jwt, jwk.key);
    if (last) return {};
  }
  return last;
}

Status check_period(const CredentialClaims& claims, const CredentialPolicy& policy) {
  if (claims.expires_at_s && policy.now_s >= *claims.expires_at_s + policy.clock_skew_s) {
    return fail(Reason::kProofExpired, "the credential has expired");
  }
  const std::int64_t from_s = std::max(claims.not_before_s.value_or(0), claims.issued_at_s);
  if (policy.now_s < from_s - policy.clock_skew_s) {
    return fail(Reason::kProofNotYetValid, "the credential is not valid yet");
  }
  return {};
}

/// The registered claims, from the signed payload alone, and the others with what was disclosed.
Result<CredentialClaims> read_claims(const Json& payload, DisclosedClaims disclosed) {
  JsonReader reader(payload);
  CredentialClaims claims;
  ASSIGN_OR_RETURN(claims.type, reader.required_string("vct", kMaxNameChars, 1));
  ASSIGN_OR_RETURN(claims.issuer, reader.required_string("iss", kMaxNameChars, 1));
  ASSIGN_OR_RETURN(const auto issued_at_s, numeric_date(reader, "iat"));
  claims.issued_at_s = issued_at_s.value_or(0);
  ASSIGN_OR_RETURN(claims.not_before_s, numeric_date(reader, "nbf"));
  ASSIGN_OR_RETURN(claims.expires_at_s, numeric_date(reader, "exp"));
  ASSIGN_OR_RETURN(auto confirmation, reader.optional_object("cnf"));
  if (confirmation) {
    ASSIGN_OR_RETURN(const Json* jwk, confirmation->required_any("jwk"));
    ASSIGN_OR_RETURN(const Jwk holder, parse_jwk(*jwk));
    claims.holder = holder.key;
  }
  if (const Json* status = reader.optional_any("status")) claims.status = *status;
  claims.subject = std::move(disclosed.claims);
  for (const std::string_view name : kRegisteredClaims) {
    const std::string top = "/" + std::string(name);
    for (const auto& [digest, pointer] : disclosed.pointer_by_digest) {
      if (pointer == top || pointer.starts_with(top + "/")) {
        return fail(Reason::kMalformed,
                    "the registered claim " + std::string(name) + " was disclosed, not signed openly");
      }
    }
    claims.subject.erase(std::string(name));
  }
  return claims;
}

/// RFC 9901 section 7.3 step 5.
Status verify_key_binding(const SdJwt& credential, const CredentialClaims& claims, const CredentialPolicy& policy) {
  if (!claims.holder) return fail(Reason::kProofInvalid, "the credential is bound to no key");
  ASSIGN_OR_RETURN(const CompactJws jws, parse_compact_jws(credential.key_binding_jwt));
  if (jws.header_text("typ") != kKeyBindingTyp) return fail(Reason::kUnsupported, "the key binding is of another typ");
  TRY(check_algorithm(jws, policy.holder_algorithms));
  TRY(verify_compact_jws(jws, *claims.holder));
  ASSIGN_OR_RETURN(const Json payload, parse_json(as_text(jws.payload)));
  JsonReader reader(payload);
  ASSIGN_OR_RETURN(const std::string sd_hash, reader.required_string("sd_hash", 64));
  ASSIGN_OR_RETURN(const std::string nonce, reader.required_string("nonce", kMaxNameChars));
  ASSIGN_OR_RETURN(const std::string audience, reader.required_string("aud", kMaxNameChars));
  ASSIGN_OR_RETURN(const auto issued_at_s, numeric_date(reader, "iat"));
  if (!issued_at_s) return reader.refuse("iat", "is required");
  if (sd_hash != sd_digest(credential.bound_text)) {
    return fail(Reason::kProofInvalid, "the key binding is for another presentation");
  }
  if (!policy.key_binding) return {};
  if (!equal_constant_time(as_bytes(nonce), as_bytes(policy.key_binding->nonce)) ||
      audience != policy.key_binding->audience) {
    return fail(Reason::kProofInvalid, "the key binding is for another request");
  }
  if (*issued_at_s > policy.now_s + policy.clock_skew_s ||
      *issued_at_s < policy.now_s - policy.key_binding->max_age_s - policy.clock_skew_s) {
    return fail(Reason::kProofInvalid, "the key binding was not made for this moment");
  }
  return {};
}

}  // namespace

Result<VerifiedCredential> verify_credential(std::string_view sd_jwt, const CredentialPolicy& policy) {
  ASSIGN_OR_RETURN(const SdJwt credential, parse_sd_jwt(sd_jwt));
  if (credential.jwt.header_text("typ") != kCredentialTyp) {
    return fail(Reason::kUnsupported, "the typ of the JWT is not dc+sd-jwt");
  }
  JsonReader reader(credential.payload);
  ASSIGN_OR_RETURN(const std::string issuer, reader.required_string("iss", kMaxNameChars, 1));
  TRY(verify_issuer(credential, issuer, policy));
  ASSIGN_OR_RETURN(DisclosedClaims disclosed, apply_disclosures(credential.payload, credential.disclosures));
  VerifiedCredential out;
  out.disclosures = credential.disclosures.size();
  ASSIGN_OR_RETURN(out.claims, read_claims(credential.payload, std::move(disclosed)));
  TRY(check_period(out.claims, policy));
  if (!credential.key_binding_jwt.empty()) {
    TRY(verify_key_binding(credential, out.claims, policy));
    out.holder_proved = policy.key_binding.has_value();
  } else if (policy.key_binding) {
    return fail(Reason::kProofInvalid, "a key binding is required");
  }
  return out;
}

}  // namespace chancery::documents
