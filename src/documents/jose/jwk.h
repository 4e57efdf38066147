#pragma once
// Public keys as JSON Web Keys: RFC 7517, RFC 7518 section 6.2 (EC), RFC 8037 (OKP). SM2 keys have our private curve
// name, see algorithm.h.

#include <string>
#include <vector>

#include "base/json.h"
#include "crypto/signature.h"

namespace chancery::documents {

struct Jwk {
  crypto::PublicKey key;
  std::string kid;  ///< Empty when absent.
};

/// A key for verifying signatures. kUnsupported for other key types and curves; kInvalidValue when the point is bad,
/// `alg` does not fit the curve, or `use` or `key_ops` is for something else, or when it holds private members: a
/// private key that travels as a public one is a leak.
Result<Jwk> parse_jwk(const Json& jwk);

/// RFC 7517 section 5, at most 100 keys. Keys of types that we do not have are left out, as the RFC says; a private or
/// symmetric key, a malformed one, or two with one `kid` refuse the whole set.
Result<std::vector<Jwk>> parse_jwk_set(const Json& jwk_set);

/// {"kty", "crv", "x", "y", "alg", "use"}, and "kid" where there is one.
Json to_json(const Jwk& jwk);

}  // namespace chancery::documents
