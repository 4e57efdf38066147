#include "crypto/key_agreement.h"

#include <openssl/err.h>

#include <algorithm>

#include "crypto/curve.h"
#include "crypto/der.h"
#include "crypto/evp_key.h"
#include "crypto/hash.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMostSm2PlaintextBytes = 4096;

/// The curve is the same thing for signing and agreeing.
SignatureAlgorithm curve_name(AgreementAlgorithm algorithm) {
  return algorithm == AgreementAlgorithm::kSm2 ? SignatureAlgorithm::kSm2Sm3 : SignatureAlgorithm::kEcdsaP256Sha256;
}

EvpPkeyPtr to_evp(const ReaderPublicKey& key) {
  if (key.algorithm == AgreementAlgorithm::kX25519) return evp_raw_public(EVP_PKEY_X25519, key.bytes);
  return evp_ec(curve_of(curve_name(key.algorithm)), key.bytes, {});
}

EvpPkeyPtr to_evp(const ReaderPrivateKey& key) {
  const ReaderPublicKey& public_key = key.public_key();
  if (public_key.algorithm == AgreementAlgorithm::kX25519) return evp_raw_private(EVP_PKEY_X25519, key.secret());
  return evp_ec(curve_of(curve_name(public_key.algorithm)), public_key.bytes, key.secret());
}

/// OpenSSL takes BER and trailing bytes; we take only what we would write.
Status check_sm2_ciphertext(BytesView der) {
  DerReader outside(der);
  ASSIGN_OR_RETURN(DerReader body, outside.enter(der::kSequence));
  TRY(outside.end());
  Bytes point(1 + 2 * kCoordinateBytes);
  point[0] = POINT_CONVERSION_UNCOMPRESSED;
  for (std::size_t half = 1; half <= 2; ++half) {
    ASSIGN_OR_RETURN(const BytesView coordinate, body.unsigned_integer());
    if (coordinate.size() > kCoordinateBytes) return fail(Reason::kMalformed, "a coordinate above 32 bytes");
    const std::size_t end = 1 + half * kCoordinateBytes;
    std::ranges::copy(coordinate, point.begin() + static_cast<std::ptrdiff_t>(end - coordinate.size()));
  }
  ASSIGN_OR_RETURN(const BytesView hash, body.expect(der::kOctetString));
  ASSIGN_OR_RETURN(const BytesView ciphertext, body.expect(der::kOctetString));
  TRY(body.end());
  if (hash.size() != std::tuple_size_v<Digest>) return fail(Reason::kMalformed, "a hash that is no SM3 hash");
  if (ciphertext.empty() || ciphertext.size() > kMostSm2PlaintextBytes) {
    return fail(Reason::kMalformed, "an SM2 ciphertext has 1 to 4,096 bytes");
  }
  if (!decode_point(curve_of(SignatureAlgorithm::kSm2Sm3), point)) {
    return fail(Reason::kProofInvalid, "the ephemeral point is not on the curve");
  }
  return {};
}

}  // namespace

std::string_view to_string(AgreementAlgorithm algorithm) {
  switch (algorithm) {
    case AgreementAlgorithm::kX25519:
      return "x25519";
    case AgreementAlgorithm::kEcdhP256:
      return "ecdh-p256";
    case AgreementAlgorithm::kSm2:
      return "sm2-encryption";
  }
  return "unknown";
}

std::optional<AgreementAlgorithm> agreement_algorithm_from_number(std::uint32_t number) {
  if (number < 1 || number > 3) return std::nullopt;
  return static_cast<AgreementAlgorithm>(number);
}

Result<ReaderPublicKey> ReaderPublicKey::parse(AgreementAlgorithm algorithm, BytesView encoded) {
  if (algorithm == AgreementAlgorithm::kX25519) {
    if (encoded.size() != kKeyBytes) return fail(Reason::kMalformed, "an X25519 public key has 32 bytes");
    return ReaderPublicKey{algorithm, to_bytes(encoded)};
  }
  ASSIGN_OR_RETURN(PublicKey point, PublicKey::parse(curve_name(algorithm), encoded));
  return ReaderPublicKey{algorithm, std::move(point.bytes)};
}

KeyId key_id(const ReaderPublicKey& key) {
  const auto algorithm = static_cast<std::uint8_t>(key.algorithm);
  const Digest digest =
      domain_hash(HashAlgorithm::kSha256, "chancery/reader-key/1", {BytesView(&algorithm, 1), key.bytes});
  KeyId id;
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

Result<ReaderPrivateKey> ReaderPrivateKey::generate(AgreementAlgorithm algorithm, Random& random) {
  if (algorithm == AgreementAlgorithm::kX25519) {
    SecretBytes secret(kKeyBytes);
    random.fill(secret);
    return from_secret(algorithm, {secret.data(), secret.size()});
  }
  ASSIGN_OR_RETURN(const PrivateKey key, PrivateKey::generate(curve_name(algorithm), random));
  return from_secret(algorithm, key.secret());
}

Result<ReaderPrivateKey> ReaderPrivateKey::from_secret(AgreementAlgorithm algorithm, BytesView secret) {
  if (algorithm != AgreementAlgorithm::kX25519) {
    ASSIGN_OR_RETURN(const PrivateKey key, PrivateKey::from_secret(curve_name(algorithm), secret));
    return ReaderPrivateKey({algorithm, key.public_key().bytes}, secret);
  }
  if (secret.size() != kKeyBytes) return fail(Reason::kInvalidValue, "an X25519 key has 32 bytes");
  const EvpPkeyPtr key = evp_raw_private(EVP_PKEY_X25519, secret);
  Bytes point(kKeyBytes);
  std::size_t size = point.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), point.data(), &size) != 1 || size != point.size()) {
    return fail(Reason::kCryptoFailed, "OpenSSL refused an X25519 key");
  }
  return ReaderPrivateKey({algorithm, std::move(point)}, secret);
}

Result<SecretBytes> agree(const ReaderPrivateKey& mine, const ReaderPublicKey& theirs) {
  if (mine.public_key().algorithm != theirs.algorithm || theirs.algorithm == AgreementAlgorithm::kSm2) {
    return fail(Reason::kInvalidValue, "these two keys can't agree on a secret");
  }
  const EvpPkeyPtr my_key = to_evp(mine);
  const EvpPkeyPtr their_key = to_evp(theirs);
  const EvpPkeyCtxPtr context(my_key ? EVP_PKEY_CTX_new_from_pkey(nullptr, my_key.get(), nullptr) : nullptr);
  SecretBytes shared(kKeyBytes);
  std::size_t size = shared.size();
  if (!context || !their_key || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), their_key.get()) != 1 ||
      EVP_PKEY_derive(context.get(), shared.data(), &size) != 1 || size != shared.size()) {
    ERR_clear_error();
    return fail(Reason::kInvalidValue, "the other key gives no secret");
  }
  return shared;
}

Result<Bytes> sm2_encrypt(const ReaderPublicKey& reader, BytesView plaintext) {
  if (reader.algorithm != AgreementAlgorithm::kSm2 || plaintext.empty() || plaintext.size() > kMostSm2PlaintextBytes) {
    return fail(Reason::kInvalidValue, "SM2 encrypts 1 to 4,096 bytes to an SM2 key");
  }
  const EvpPkeyPtr key = to_evp(reader);
  const EvpPkeyCtxPtr context(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  std::size_t size = 0;
  if (context && EVP_PKEY_encrypt_init(context.get()) == 1 &&
      EVP_PKEY_encrypt(context.get(), nullptr, &size, plaintext.data(), plaintext.size()) == 1) {
    Bytes out(size);
    if (EVP_PKEY_encrypt(context.get(), out.data(), &size, plaintext.data(), plaintext.size()) == 1) {
      out.resize(size);
      return out;
    }
  }
  ERR_clear_error();
  return fail(Reason::kCryptoFailed, "OpenSSL could not encrypt with SM2");
}

Result<SecretBytes> sm2_decrypt(const ReaderPrivateKey& reader, BytesView ciphertext_der) {
  if (reader.public_key().algorithm != AgreementAlgorithm::kSm2) {
    return fail(Reason::kInvalidValue, "this is not an SM2 key");
  }
  TRY(check_sm2_ciphertext(ciphertext_der));
  const EvpPkeyPtr key = to_evp(reader);
  const EvpPkeyCtxPtr context(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  SecretBytes out(ciphertext_der.size());  // never shorter than the plaintext
  std::size_t size = out.size();
  if (!context || EVP_PKEY_decrypt_init(context.get()) != 1 ||
      EVP_PKEY_decrypt(context.get(), out.data(), &size, ciphertext_der.data(), ciphertext_der.size()) != 1) {
    ERR_clear_error();
    return fail(Reason::kProofInvalid, "the ciphertext does not open: another key, or it was changed");
  }
  out.resize(size);
  return out;
}

}  // namespace chancery::crypto
