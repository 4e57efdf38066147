#pragma once
// Nonces of RFC 6979: a function of key and message, so that no weak random source can give the key away. Private to
// this folder.

#include "crypto/curve.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

namespace chancery::crypto {

/// The generator of RFC 6979 section 3.2 for one signature. `digest` is e, before reduction; `additional` is k' of
/// section 3.6 (empty: plain deterministic).
class NonceGenerator {
 public:
  NonceGenerator(HashAlgorithm algorithm, const Curve& curve, BytesView secret, const Digest& digest,
                 BytesView additional);
  ~NonceGenerator();
  NonceGenerator(const NonceGenerator&) = delete;
  NonceGenerator& operator=(const NonceGenerator&) = delete;

  /// The next candidate in [1, n-1], 32 bytes big-endian.
  SecretBytes next();

 private:
  void update(BytesView seed);
  HashAlgorithm algorithm_;
  const Curve& curve_;
  Digest key_{};
  Digest value_;
  bool fresh_ = true;
};

}  // namespace chancery::crypto
