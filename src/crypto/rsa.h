#pragma once
// RSA signatures of others (certificates, timestamps, PDF signatures): verification only. Chancery never signs with
// RSA.

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::crypto {

enum class RsaPadding : std::uint8_t {
  kPkcs1Sha256,  ///< RFC 8017 section 8.2, SHA-256
  kPssSha256,    ///< RFC 8017 section 8.1, SHA-256, MGF1 with SHA-256, 32 bytes of salt
};

/// An RSA public key of 2,048 to 8,192 bits as SubjectPublicKeyInfo. False for every other key and every bad signature.
bool verify_rsa(RsaPadding padding, BytesView spki_der, BytesView message, BytesView signature);

}  // namespace chancery::crypto
