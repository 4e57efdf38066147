#pragma once
// Keys as OpenSSL's EVP layer wants them. Private to this folder and to node/peers, which hands them to TLS.

#include "crypto/curve.h"
#include "crypto/openssl_ptr.h"

namespace chancery::crypto {

/// 32 raw bytes of an Edwards or Montgomery key (EVP_PKEY_ED25519, EVP_PKEY_X25519); null when OpenSSL refuses.
EvpPkeyPtr evp_raw_public(int type, BytesView key);
EvpPkeyPtr evp_raw_private(int type, BytesView secret);
/// A point of 65 bytes, with the scalar (32 bytes big-endian) or, when `secret` is empty, without.
EvpPkeyPtr evp_ec(const Curve& curve, BytesView point, BytesView secret);
/// Null when OpenSSL refuses.
EvpPkeyPtr to_evp(const PrivateKey& key);

}  // namespace chancery::crypto
