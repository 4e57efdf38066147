#pragma once
// Keys of readers: whom a document can be encrypted to. X25519 (RFC 7748), ECDH over P-256 (SP 800-56A), SM2 encryption
// (GB/T 32918.4-2016). Apart from signing keys: one key has one use.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/secret.h"
#include "crypto/signature.h"

namespace chancery::crypto {

enum class AgreementAlgorithm : std::uint8_t { kX25519 = 1, kEcdhP256 = 2, kSm2 = 3 };

/// "x25519", "ecdh-p256", "sm2-encryption".
std::string_view to_string(AgreementAlgorithm algorithm);
std::optional<AgreementAlgorithm> agreement_algorithm_from_number(std::uint32_t number);

struct ReaderPublicKey {
  AgreementAlgorithm algorithm = AgreementAlgorithm::kX25519;
  Bytes bytes;  ///< X25519: 32 bytes. P-256 and SM2: 65 bytes, SEC 1 uncompressed.

  /// As PublicKey::parse. X25519 takes any 32 bytes (RFC 7748 section 5); points of small order fail in agree().
  static Result<ReaderPublicKey> parse(AgreementAlgorithm algorithm, BytesView encoded);
  bool operator==(const ReaderPublicKey&) const = default;
};

/// The first 8 bytes of domain_hash(SHA-256, "chancery/reader-key/1", {u8 algorithm, bytes}).
KeyId key_id(const ReaderPublicKey& key);

class ReaderPrivateKey {
 public:
  static Result<ReaderPrivateKey> generate(AgreementAlgorithm algorithm, Random& random);
  /// 32 bytes: X25519's as they are, a scalar in [1, n-1] (SM2: n-2) big-endian for the curves.
  static Result<ReaderPrivateKey> from_secret(AgreementAlgorithm algorithm, BytesView secret);

  const ReaderPublicKey& public_key() const { return public_key_; }
  BytesView secret() const { return {secret_.data(), secret_.size()}; }

 private:
  ReaderPrivateKey(ReaderPublicKey public_key, BytesView secret)
      : public_key_(std::move(public_key)), secret_(to_secret(secret)) {}
  ReaderPublicKey public_key_;
  SecretBytes secret_;
};

/// The 32-byte shared secret of X25519 or P-256 (the x coordinate); feed it to hkdf, never use it as a key.
/// kInvalidValue when the algorithms differ, are SM2, or the result would be zero (RFC 7748 section 6.1).
Result<SecretBytes> agree(const ReaderPrivateKey& mine, const ReaderPublicKey& theirs);

/// GB/T 32918.4 in the DER of GM/T 0009 section 7.2: SEQUENCE { x, y INTEGER, hash, ciphertext OCTET STRING } (C1 C3
/// C2). The ephemeral key comes from OpenSSL's generator. At most 4,096 bytes: it is for keys. kInvalidValue otherwise.
Result<Bytes> sm2_encrypt(const ReaderPublicKey& reader, BytesView plaintext);
/// kMalformed for other encodings, kProofInvalid when the point or the hash does not hold.
Result<SecretBytes> sm2_decrypt(const ReaderPrivateKey& reader, BytesView ciphertext_der);

}  // namespace chancery::crypto
