#pragma once
// SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), in strict DER: how public keys travel between systems.

#include <string>

#include "crypto/key_agreement.h"
#include "crypto/signature.h"

namespace chancery::crypto {

/// Ed25519 (RFC 8410), P-256 (RFC 5480) or SM2 (GM/T 0010). Only named curves. kMalformed for anything that is not DER
/// of that shape, kUnsupported for another algorithm or curve, and the errors of PublicKey::parse.
Result<PublicKey> public_key_from_spki(BytesView der);
Bytes to_spki(const PublicKey& key);

/// X25519 (RFC 8410), P-256 or SM2; errors as above.
Result<ReaderPublicKey> reader_key_from_spki(BytesView der);
Bytes to_spki(const ReaderPublicKey& key);

}  // namespace chancery::crypto
