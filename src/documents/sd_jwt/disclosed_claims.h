#pragma once
// From a signed payload and the disclosures that came with it to the claims: RFC 9901 section 7.1 steps 3 to 5.

#include <map>
#include <span>
#include <string>

#include "documents/sd_jwt/disclosure.h"

namespace chancery::documents {

struct DisclosedClaims {
  Json claims;  ///< Without digests; what was not disclosed is absent.
  /// For each disclosure, by its digest, where its value stands: a JSON Pointer into `claims`.
  std::map<std::string, std::string> pointer_by_digest;
};

/// Refused with kMalformed: digests in another shape, a digest or a disclosure that occurs twice, a disclosure that no
/// digest names, a disclosed member that is there already, reserved names, more than 32 levels. kUnsupported: an
/// `_sd_alg` that is not sha-256.
Result<DisclosedClaims> apply_disclosures(const Json& payload, std::span<const Disclosure> disclosures);

}  // namespace chancery::documents
