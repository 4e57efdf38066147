#pragma once
// A network's genesis names one of two suites; everything that the network hashes, signs or encrypts follows it.

#include <string_view>

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

namespace chancery::crypto {

struct Suite {
  std::string_view name;  ///< "intl" or "gm"
  HashAlgorithm hash;
  SignatureAlgorithm signature;  ///< What new keys are made for; accounts may use whatever the genesis allows.
  AeadAlgorithm aead;
};

/// Ed25519, SHA-256, AES-256-GCM.
const Suite& suite_intl();
/// SM2, SM3, SM4-GCM.
const Suite& suite_gm();
/// nullptr for a name that is neither.
const Suite* suite_by_name(std::string_view name);

}  // namespace chancery::crypto
