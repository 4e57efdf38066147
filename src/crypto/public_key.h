#pragma once
// Checks of public keys that verification needs for every item. Private to this folder.

#include "crypto/openssl_ptr.h"
#include "crypto/signature.h"

namespace chancery::crypto {

/// What verification may rely on, also for a key that never went through PublicKey::parse. P-256, SM2: 65 bytes, a
/// point on the curve (remembered by thread, so that a known key costs a comparison). Ed25519: 32 bytes, canonical,
/// none of the points of small order.
bool usable_for_verification(const PublicKey& key);

/// Z of an SM2 key that is usable_for_verification, under kSm2DefaultId; remembered with the key.
Digest known_sm2_z(const PublicKey& key);

/// The same key for EVP calls; null when OpenSSL refuses it.
EvpPkeyPtr to_evp(const PublicKey& key);

}  // namespace chancery::crypto
