#include <algorithm>
#include <array>

#include "documents/sd_jwt/registered_claims.h"
#include "documents/sd_jwt/sd_jwt_vc.h"

namespace chancery::documents {

Result<std::string> issue_credential(const CredentialClaims& claims, const SdJwtPlan& plan, const std::string& kid,
                                     const crypto::PrivateKey& issuer_key, Random& random) {
  if (!claims.subject.is_object()) return fail(Reason::kInvalidValue, "the claims of the subject are not an object");
  for (const std::string_view name : kRegisteredClaims) {
    if (claims.subject.contains(name)) {
      return fail(Reason::kInvalidValue, "the subject has the registered claim " + std::string(name));
    }
    const std::string pointer = "/" + std::string(name);
    if (std::ranges::any_of(plan.selective, [&](const std::string& selective) {
          return selective == pointer || selective.starts_with(pointer + "/");
        })) {
      return fail(Reason::kInvalidValue, "a registered claim cannot be withheld: " + std::string(name));
    }
  }
  if (claims.type.empty() || claims.issuer.empty()) return fail(Reason::kInvalidValue, "vct and iss are required");
  Json payload = claims.subject;
  payload["vct"] = claims.type;
  payload["iss"] = claims.issuer;
  payload["iat"] = claims.issued_at_s;
  if (claims.not_before_s) payload["nbf"] = *claims.not_before_s;
  if (claims.expires_at_s) payload["exp"] = *claims.expires_at_s;
  if (claims.holder) payload["cnf"] = {{"jwk", to_json({*claims.holder, ""})}};
  if (claims.status) payload["status"] = *claims.status;
  Json header = {{"typ", kCredentialTyp}};
  if (!kid.empty()) header["kid"] = kid;
  return issue_sd_jwt(std::move(payload), plan, std::move(header), issuer_key, random);
}

}  // namespace chancery::documents
