#include "crypto/public_key.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "crypto/curve.h"
#include "crypto/ec_sign.h"
#include "crypto/evp_key.h"
#include "crypto/hash.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kEd25519KeyBytes = 32;

/// The y coordinates (little-endian) of the points whose order divides 8: y = 0, 1, -1 and the two of order 8.
constexpr std::array<std::array<std::uint8_t, 32>, 5> kSmallOrderY = {{
    {0},
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
}};

/// RFC 8032 section 5.1.3: y < 2^255 - 19, the top bit is the sign of x.
bool ed25519_is_canonical(BytesView key) {
  if ((key[31] & 0x7f) != 0x7f || key[0] < 0xed) return true;
  return !std::ranges::all_of(key.subspan(1, 30), [](std::uint8_t byte) { return byte == 0xff; });
}

bool ed25519_has_small_order(BytesView key) {
  std::array<std::uint8_t, kEd25519KeyBytes> y;
  std::ranges::copy(key, y.begin());
  y[31] &= 0x7f;
  return std::ranges::find(kSmallOrderY, y) != kSmallOrderY.end();
}

bool ed25519_is_usable(BytesView key) {
  return key.size() == kEd25519KeyBytes && ed25519_is_canonical(key) && !ed25519_has_small_order(key);
}

/// Keys that this thread has found good, so that the check of a key that signs every day costs a comparison. The whole
/// key is compared: who picks keys that collide only makes himself slower.
class CheckedKeys {
 public:
  struct Slot {
    PublicKey key;
    std::optional<Digest> sm2_z;
  };
  bool has(const PublicKey& key) { return slot_of(key).key == key; }
  void remember(const PublicKey& key) { slot_of(key) = {key, std::nullopt}; }
  Slot& slot_of(const PublicKey& key) {
    if (slots_.empty()) slots_.resize(kSlots);
    std::uint64_t mixed = read_u64_be(BytesView(key.bytes).subspan(9)) * 0x9e3779b97f4a7c15U;
    mixed += static_cast<std::uint64_t>(key.algorithm);
    return slots_[mixed >> 32 & (kSlots - 1)];
  }

 private:
  static constexpr std::size_t kSlots = 32768;
  std::vector<Slot> slots_;
};

CheckedKeys& checked_keys() {
  thread_local CheckedKeys keys;
  return keys;
}

}  // namespace

std::string_view to_string(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::kEd25519:
      return "ed25519";
    case SignatureAlgorithm::kEcdsaP256Sha256:
      return "ecdsa-p256-sha256";
    case SignatureAlgorithm::kSm2Sm3:
      return "sm2-sm3";
  }
  return "unknown";
}

std::optional<SignatureAlgorithm> signature_algorithm_from_string(std::string_view name) {
  for (std::uint32_t number = 1; number <= 3; ++number) {
    const auto algorithm = static_cast<SignatureAlgorithm>(number);
    if (to_string(algorithm) == name) return algorithm;
  }
  return std::nullopt;
}

std::optional<SignatureAlgorithm> signature_algorithm_from_number(std::uint32_t number) {
  if (number < 1 || number > 3) return std::nullopt;
  return static_cast<SignatureAlgorithm>(number);
}

Result<PublicKey> PublicKey::parse(SignatureAlgorithm algorithm, BytesView encoded) {
  if (algorithm == SignatureAlgorithm::kEd25519) {
    if (encoded.size() != kEd25519KeyBytes) return fail(Reason::kMalformed, "an Ed25519 public key has 32 bytes");
    PublicKey key{algorithm, to_bytes(encoded)};
    if (checked_keys().has(key)) return key;
    static const bool sodium_ready = sodium_init() >= 0;
    CHANCERY_CHECK(sodium_ready);
    if (!ed25519_is_usable(encoded) || crypto_core_ed25519_is_valid_point(encoded.data()) != 1) {
      return fail(Reason::kInvalidValue, "the Ed25519 key is not a canonical point of the group of prime order");
    }
    checked_keys().remember(key);
    return key;
  }
  if (!signature_algorithm_from_number(static_cast<std::uint32_t>(algorithm))) {
    return fail(Reason::kUnsupported, "an unknown signature algorithm");
  }
  if (encoded.size() == kUncompressedPointBytes) {
    PublicKey key{algorithm, to_bytes(encoded)};
    if (checked_keys().has(key)) return key;
    if (encoded[0] != POINT_CONVERSION_UNCOMPRESSED) return fail(Reason::kMalformed, "a point with another prefix");
    if (!usable_for_verification(key)) return fail(Reason::kInvalidValue, "the point is not on the curve");
    return key;
  }
  if (encoded.size() != kCompressedPointBytes || (encoded[0] != 2 && encoded[0] != 3)) {
    return fail(Reason::kMalformed, "a point has 65 bytes from 04 on, or 33 from 02 or 03 on");
  }
  std::optional<Bytes> point = decode_point(curve_of(algorithm), encoded);
  if (!point) return fail(Reason::kInvalidValue, "no point of the curve has this x coordinate");
  return PublicKey{algorithm, std::move(*point)};
}

KeyId key_id(const PublicKey& key) {
  const auto algorithm = static_cast<std::uint8_t>(key.algorithm);
  const Digest digest = domain_hash(HashAlgorithm::kSha256, "chancery/key/1", {BytesView(&algorithm, 1), key.bytes});
  KeyId id;
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

bool usable_for_verification(const PublicKey& key) {
  if (key.algorithm == SignatureAlgorithm::kEd25519) return ed25519_is_usable(key.bytes);
  if (key.bytes.size() != kUncompressedPointBytes) return false;
  if (checked_keys().has(key)) return true;
  if (!decode_point(curve_of(key.algorithm), key.bytes)) return false;
  checked_keys().remember(key);
  return true;
}

Digest known_sm2_z(const PublicKey& key) {
  CheckedKeys::Slot& slot = checked_keys().slot_of(key);
  if (slot.key != key) return sm2_z(key, kSm2DefaultId);
  if (!slot.sm2_z) slot.sm2_z = sm2_z(key, kSm2DefaultId);
  return *slot.sm2_z;
}

EvpPkeyPtr to_evp(const PublicKey& key) {
  if (key.algorithm == SignatureAlgorithm::kEd25519) return evp_raw_public(EVP_PKEY_ED25519, key.bytes);
  return evp_ec(curve_of(key.algorithm), key.bytes, {});
}

}  // namespace chancery::crypto
