#pragma once
// Signatures of both suites: Ed25519 (RFC 8032), ECDSA over P-256 with SHA-256 (FIPS 186-5), SM2 with SM3
// (GB/T 32918.2-2016, ID 1234567812345678). One key or one signature at a time, or in batches of eight lanes.
// All functions are thread-safe; keys may be shared by threads.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/secret.h"

namespace chancery::crypto {

enum class SignatureAlgorithm : std::uint8_t { kEd25519 = 1, kEcdsaP256Sha256 = 2, kSm2Sm3 = 3 };

/// "ed25519", "ecdsa-p256-sha256", "sm2-sm3".
std::string_view to_string(SignatureAlgorithm algorithm);
std::optional<SignatureAlgorithm> signature_algorithm_from_string(std::string_view name);
/// From the number in a wire message; nullopt for a number that is none of ours.
std::optional<SignatureAlgorithm> signature_algorithm_from_number(std::uint32_t number);

/// The signer identifier that goes into SM2's Z, GB/T 32918.2 section 5.5 and GM/T 0009.
inline constexpr std::string_view kSm2DefaultId = "1234567812345678";

struct PublicKey {
  SignatureAlgorithm algorithm = SignatureAlgorithm::kEd25519;
  Bytes bytes;  ///< Ed25519: 32 bytes. P-256 and SM2: 65 bytes, SEC 1 uncompressed (0x04 | x | y).

  /// The only door for keys from outside. P-256 and SM2 also take 33 bytes compressed (expanded here).
  /// kMalformed when the length or prefix is wrong; kInvalidValue when a coordinate is not below the field prime, the
  /// point is off the curve or at infinity, or (Ed25519) not canonical or not in the group of prime order.
  static Result<PublicKey> parse(SignatureAlgorithm algorithm, BytesView encoded);

  bool operator==(const PublicKey&) const = default;
};

using KeyId = std::array<std::uint8_t, 8>;
/// The first 8 bytes of domain_hash(SHA-256, "chancery/key/1", {u8 algorithm, bytes}). A name, not a proof of identity:
/// 64 bits can collide on purpose.
KeyId key_id(const PublicKey& key);

/// Ed25519: R | S of RFC 8032. P-256 and SM2: r | s, 32 bytes big-endian each (IEEE P1363).
using Signature = std::array<std::uint8_t, 64>;

/// SEQUENCE { r INTEGER, s INTEGER } in strict DER, and nothing behind it. kMalformed for any other encoding, for
/// negative numbers and for numbers above 32 bytes; ranges against the group order are verify's business.
Result<Signature> der_to_p1363(BytesView der);
Bytes p1363_to_der(const Signature& signature);

/// True when the signature holds. False for every malformed key or signature; never fails otherwise.
/// P-256 and SM2: 1 <= r, s < n; SM2 also (r + s) mod n != 0; P-256 takes high s as FIPS 186-5 does (the transaction id
/// never covers signatures). Ed25519: S < L, R compared by its encoding (no cofactor), RFC 8032 section 5.1.7.
bool verify(const PublicKey& key, BytesView message, BytesView signature);
/// SM2 with another signer identifier than kSm2DefaultId (at most 8190 bytes), as foreign certificates may use it.
/// False for other algorithms. Not a fast path.
bool verify_sm2_with_id(const PublicKey& key, BytesView id, BytesView message, BytesView signature);

struct VerifyItem {
  const PublicKey* key;
  BytesView message;
  BytesView signature;
};
/// ok[i] = 1 when verify(items[i]) is true, else 0; both spans have the same length. Groups items by algorithm and
/// message length and fills eight lanes at a time.
void verify_batch(std::span<const VerifyItem> items, std::span<std::uint8_t> ok);

/// Which code does the arithmetic; all give the same answers. kCryptoMb: batches of everything. kTables: SM2 signatures
/// are verified by our own arithmetic with tables for keys that sign often, the rest is OpenSSL's. kOpenSsl: everything
/// is OpenSSL's; the oracle of the tests. Chosen once by CPU: crypto_mb where it runs, else tables.
enum class Backend { kOpenSsl, kTables, kCryptoMb };
Backend active_backend();
/// "openssl", "tables", "crypto_mb".
std::string_view to_string(Backend backend);
/// False on a CPU without AVX-512 IFMA, and in a build without crypto_mb.
bool crypto_mb_available();
/// For tests, while no other thread is in this library. Asking for crypto_mb where it is not available changes nothing.
void force_backend_for_test(std::optional<Backend> backend);

/// A signing key. Its secret is wiped from memory when the object goes.
class PrivateKey {
 public:
  static Result<PrivateKey> generate(SignatureAlgorithm algorithm, Random& random);
  /// Ed25519: the 32-byte seed. P-256, SM2: the scalar, 32 bytes big-endian, in [1, n-1] ([1, n-2] for SM2).
  static Result<PrivateKey> from_secret(SignatureAlgorithm algorithm, BytesView secret);
  /// "ENCRYPTED PRIVATE KEY" (or "PRIVATE KEY" when the passphrase is empty). kMalformed when it is no such file or
  /// holds another kind of key, kForbidden when the passphrase is wrong.
  static Result<PrivateKey> from_pkcs8_pem(std::string_view pem, std::string_view passphrase);
  /// PKCS#12 (RFC 7292) with one private key; certificates in it are ignored here. Errors as above.
  static Result<PrivateKey> from_pkcs12(BytesView der, std::string_view passphrase);

  /// PBES2 with scrypt (N 2^14, r 8, p 5: RFC 7914) and AES-256-CBC, or SM4-CBC for SM2 keys. The passphrase has at
  /// least 8 bytes; kInvalidValue otherwise.
  Result<std::string> to_pkcs8_pem(std::string_view passphrase, Random& random) const;
  /// AES-256-CBC, PBKDF2 with 600,000 rounds of HMAC-SHA-256, MAC by HMAC-SHA-256. Passphrase as above.
  Result<Bytes> to_pkcs12(std::string_view passphrase, std::string_view friendly_name) const;

  const PublicKey& public_key() const { return public_key_; }
  SignatureAlgorithm algorithm() const { return public_key_.algorithm; }
  /// For sealing the key under the node's own key; never log it.
  BytesView secret() const { return {secret_.data(), secret_.size()}; }

  /// Deterministic: RFC 8032 for Ed25519, nonces of RFC 6979 for P-256 (SHA-256) and SM2 (HMAC-SM3).
  /// kCryptoFailed only when the arithmetic itself fails.
  Result<Signature> sign(BytesView message) const;

 private:
  PrivateKey(PublicKey public_key, BytesView secret) : public_key_(std::move(public_key)), secret_(to_secret(secret)) {}
  PublicKey public_key_;
  SecretBytes secret_;
};

/// Signs many messages with one key, eight lanes at a time. Nonces are those of sign() hedged with bytes of `random`
/// (RFC 6979 section 3.6), so signatures of P-256 and SM2 differ from sign()'s; all verify.
Result<std::vector<Signature>> sign_batch(const PrivateKey& key, std::span<const BytesView> messages, Random& random);

}  // namespace chancery::crypto
