#pragma once
// GCM over SM4, which OpenSSL 3.0 lacks as a cipher. Private to this folder; callers use aead.h.

#include "crypto/aead.h"

namespace chancery::crypto {

enum class GcmDirection { kSeal, kOpen };

/// Encrypts or decrypts `in` to `out` (same length; `out` may be null when empty) and gives the tag that belongs to the
/// ciphertext. When opening, the caller compares the tag. The key has 16 bytes. kCryptoFailed when OpenSSL refuses.
Status sm4_gcm(GcmDirection direction, BytesView key, const AeadNonce& nonce, BytesView associated_data, BytesView in,
               std::uint8_t* out, std::span<std::uint8_t, kAeadTagBytes> tag);

}  // namespace chancery::crypto
