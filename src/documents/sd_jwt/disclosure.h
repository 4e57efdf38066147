#pragma once
// Disclosures of SD-JWT: RFC 9901 section 4.2. A disclosure is base64url of a JSON array, [salt, name, value] for a
// member of an object or [salt, value] for an item of an array; its SHA-256 digest stands in the signed payload.

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/random.h"

namespace chancery::documents {

/// Names that the format keeps for itself; no claim may have them.
inline constexpr std::string_view kDigestsClaim = "_sd";
inline constexpr std::string_view kDigestAlgorithmClaim = "_sd_alg";
inline constexpr std::string_view kArrayDigestClaim = "...";

struct Disclosure {
  std::string encoded;              ///< As it travels; the digest is over these ASCII bytes.
  std::string digest;               ///< base64url of SHA-256.
  std::optional<std::string> name;  ///< Absent for an item of an array.
  Json value;
};

/// Strict. kMalformed for other forms and for the reserved names.
Result<Disclosure> parse_disclosure(std::string_view encoded);

/// With 128 bits of salt, section 9.3.
Disclosure make_disclosure(std::optional<std::string> name, Json value, Random& random);

/// base64url(SHA-256(ascii)), as in `_sd`, `...` and `sd_hash`.
std::string sd_digest(std::string_view ascii);

}  // namespace chancery::documents
