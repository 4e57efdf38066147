#pragma once
// The signature algorithms of JOSE that Chancery has, by the names of RFC 7518 and RFC 8037 (EdDSA with Ed25519 alone).
// SM2 with SM3 has no registered name. RFC 7515 section 4.1.1 then asks for a collision-resistant one: we use the
// object identifier of GM/T 0006, "urn:oid:1.2.156.10197.1.501", and "urn:oid:1.2.156.10197.1.301" for the curve.
// All others, "none" and the symmetric ones first of all, do not exist here.

#include <optional>
#include <string_view>

#include "crypto/signature.h"

namespace chancery::documents {

/// "ES256", "EdDSA", or the name of SM2 above.
std::string_view jose_algorithm_name(crypto::SignatureAlgorithm algorithm);
/// Also "Ed25519" (RFC 9864); nullopt for every other name.
std::optional<crypto::SignatureAlgorithm> find_jose_algorithm(std::string_view name);

}  // namespace chancery::documents
