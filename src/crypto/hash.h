#pragma once
// Hash functions of both suites: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016), one call or many at once.
// Everything here is thread-safe: state that is kept between calls is thread-local.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::crypto {

enum class HashAlgorithm : std::uint8_t { kSha256 = 1, kSm3 = 2 };

/// "sha256" or "sm3".
std::string_view to_string(HashAlgorithm algorithm);
std::optional<HashAlgorithm> hash_algorithm_from_string(std::string_view name);

/// 32 bytes over the whole input.
Digest hash(HashAlgorithm algorithm, BytesView input);

/// Hashes input that comes in pieces. After finish() the object starts afresh. Costs no allocation: SHA-256 lives
/// inside the object, SM3 contexts are pooled by thread.
class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Hasher& update(BytesView more);
  Digest finish();

 private:
  HashAlgorithm algorithm_;
  alignas(8) std::array<std::uint8_t, 128> state_;  // a SHA256_CTX, or a pointer to an EVP_MD_CTX
};

/// out[i] = hash(algorithm, inputs[i]); both spans have the same length. SM3 runs in lanes, 16 by crypto_mb or 8 of our
/// own, inputs with equal numbers of 64-byte blocks side by side; SHA-256 runs one after another on SHA-NI.
void hash_batch(HashAlgorithm algorithm, std::span<const BytesView> inputs, std::span<Digest> out);

/// The hash of everything whose format is our own:
///   u8 length of domain | domain | for each part: u64 big-endian length | bytes
/// so that two different inputs never share a pre-image (CVE-2023-46132). The domain has at most 255 bytes.
Digest domain_hash(HashAlgorithm algorithm, std::string_view domain, std::initializer_list<BytesView> parts);
Digest domain_hash(HashAlgorithm algorithm, std::string_view domain, std::span<const BytesView> parts);

/// RFC 2104, full 32-byte tag. Compare tags with equal_constant_time.
Digest hmac(HashAlgorithm algorithm, BytesView key, BytesView message);

/// RFC 5869: extract with `salt` (may be empty), expand with `info` to `bytes` bytes.
/// kInvalidValue when bytes is above 255 * 32.
Result<Bytes> hkdf(HashAlgorithm algorithm, BytesView secret, BytesView salt, BytesView info, std::size_t bytes);

}  // namespace chancery::crypto
