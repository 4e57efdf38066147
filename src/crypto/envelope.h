#pragma once
// A document at rest: encrypted under a fresh data key, which is wrapped to each reader. Ciphertext and wrapped keys
// are apart, so that readers come and go without touching the document, and deleting the wrapped keys erases it.
//
// Sealed document:  u8 version = 1 | u8 AEAD algorithm | 12 B nonce | ciphertext | 16 B tag
//   associated data = domain_hash(SHA-256, "chancery/document/1", {version, algorithm, context})
// Wrapped key:      u8 version = 1 | u8 agreement algorithm | u8 AEAD algorithm | 8 B reader key id | body
//   body, X25519 and P-256: ephemeral public key (32 or 65 B) | AEAD(wrapping key, zero nonce, H, data key) with tag
//     wrapping key = hkdf(SHA-256, shared secret, salt = ephemeral | reader key, info = "chancery/wrap/1" | H)
//   body, SM2: DER of sm2_encrypt(data key | H)
//   H = domain_hash(SHA-256, "chancery/wrap/1", {the 11 header bytes, context})
// A wrapping key is used once (its ephemeral key is fresh), so its nonce may be zero. `context` says which document it
// is: moving a wrapped key or a ciphertext to another document is found out.

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/aead.h"
#include "crypto/key_agreement.h"

namespace chancery::crypto {

class DataKey {
 public:
  static DataKey generate(AeadAlgorithm algorithm, Random& random);
  /// aead_key_bytes(algorithm) bytes; kInvalidValue otherwise.
  static Result<DataKey> from_bytes(AeadAlgorithm algorithm, BytesView key);

  AeadAlgorithm algorithm() const { return algorithm_; }
  BytesView bytes() const { return {key_.data(), key_.size()}; }

 private:
  DataKey(AeadAlgorithm algorithm, BytesView key) : algorithm_(algorithm), key_(to_secret(key)) {}
  AeadAlgorithm algorithm_;
  SecretBytes key_;
};

Result<Bytes> seal_document(const DataKey& key, BytesView context, BytesView plaintext, Random& random);
/// kMalformed when it is no sealed document, kProofInvalid when key or context are others or a byte was changed.
Result<Bytes> open_document(const DataKey& key, BytesView context, BytesView sealed);

Result<Bytes> wrap_key(const DataKey& key, BytesView context, const ReaderPublicKey& reader, Random& random);
/// Errors as open_document; kForbidden when the key was wrapped to another reader.
Result<DataKey> unwrap_key(BytesView wrapped, BytesView context, const ReaderPrivateKey& reader);
/// Whom a wrapped key is for, to find one's own among many. kMalformed when it is none.
Result<KeyId> reader_of(BytesView wrapped);

}  // namespace chancery::crypto
