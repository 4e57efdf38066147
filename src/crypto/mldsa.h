#pragma once
// ML-DSA-65 signatures (FIPS 204): verification only, for documents that others signed against the day of quantum
// computers. Verifying handles no secret. OpenSSL has it from 3.5 on; this goes when Debian does.

#include "base/bytes.h"

namespace chancery::crypto {

inline constexpr std::size_t kMlDsa65PublicKeyBytes = 1952;
inline constexpr std::size_t kMlDsa65SignatureBytes = 3309;

/// FIPS 204 algorithm 3 (pure, not pre-hashed). False for other lengths of key and signature, a context above 255
/// bytes, a hint that is not encoded in the one allowed way, and every signature that does not hold.
bool verify_mldsa65(BytesView public_key, BytesView message, BytesView context, BytesView signature);

}  // namespace chancery::crypto
