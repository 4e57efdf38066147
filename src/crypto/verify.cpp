// Checks that all backends share come first, so that what they accept can't differ by how strict each of them is.
#include <array>
#include <vector>

#include "crypto/curve.h"
#include "crypto/lane_groups.h"
#include "crypto/public_key.h"
#include "crypto/verify_lanes.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kMostSm2IdBytes = 8190;  // OpenSSL takes one less than ENTL's 16 bits would hold

/// L, little-endian: RFC 8032 section 5.1.7 refuses S >= L.
constexpr std::array<std::uint8_t, 32> kEd25519Order = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10};

bool ed25519_s_in_range(BytesView s) {
  for (std::size_t i = 32; i-- > 0;) {
    if (s[i] != kEd25519Order[i]) return s[i] < kEd25519Order[i];
  }
  return false;
}

bool signature_in_range(SignatureAlgorithm algorithm, BytesView signature) {
  if (signature.size() != std::tuple_size_v<Signature>) return false;
  const BytesView first = signature.first(32);
  const BytesView second = signature.last(32);
  if (algorithm == SignatureAlgorithm::kEd25519) return ed25519_s_in_range(second);
  const Curve& curve = curve_of(algorithm);
  if (!scalar_in_range(curve, first) || !scalar_in_range(curve, second)) return false;
  return algorithm != SignatureAlgorithm::kSm2Sm3 || !sum_is_order(curve, first, second);
}

bool worth_computing(const VerifyItem& item) {
  return signature_algorithm_from_number(static_cast<std::uint32_t>(item.key->algorithm)) &&
         signature_in_range(item.key->algorithm, item.signature) && usable_for_verification(*item.key);
}

bool verify_alone(const VerifyItem& item) {
  if (item.key->algorithm == SignatureAlgorithm::kSm2Sm3 && active_backend() == Backend::kTables) {
    return verify_with_sm2_tables({&item, 1}) == 1;
  }
  return verify_with_openssl(item, kSm2DefaultId);
}

bool takes_lane(const VerifyItem& item) {
  const Backend backend = active_backend();
  const bool has_lanes = backend == Backend::kCryptoMb ||
                         (backend == Backend::kTables && item.key->algorithm == SignatureAlgorithm::kSm2Sm3);
  return has_lanes && item.message.size() <= kLongestLaneMessageBytes;
}

/// Items of one algorithm that take lanes, by index.
void verify_group(SignatureAlgorithm algorithm, std::span<const VerifyItem> items, std::span<std::uint8_t> ok,
                  std::vector<std::uint32_t>& order) {
  // Ed25519 hashes its lanes one by one and P-256 outside; equal lengths matter to SM2 alone.
  const auto blocks_of = [&](std::uint32_t i) {
    return algorithm == SignatureAlgorithm::kSm2Sm3 ? whole_blocks_after_z(items[i].message) : 0;
  };
  for_each_lane_group(order, kSignatureLanes, blocks_of, [&](std::span<const std::uint32_t> indices) {
    if (indices.size() == 1 && algorithm == SignatureAlgorithm::kEcdsaP256Sha256) {
      // The one curve where OpenSSL has assembler that beats a lane among seven idle ones.
      ok[indices[0]] = verify_with_openssl(items[indices[0]], {}) ? 1 : 0;
      return;
    }
    std::array<VerifyItem, kSignatureLanes> lanes;
    for (std::size_t lane = 0; lane < indices.size(); ++lane) lanes[lane] = items[indices[lane]];
    const std::span<const VerifyItem> used(lanes.data(), indices.size());
    const std::uint8_t good =
        active_backend() == Backend::kCryptoMb ? verify_with_crypto_mb(algorithm, used) : verify_with_sm2_tables(used);
    for (std::size_t lane = 0; lane < indices.size(); ++lane) ok[indices[lane]] = good >> lane & 1U;
  });
}

}  // namespace

void verify_batch(std::span<const VerifyItem> items, std::span<std::uint8_t> ok) {
  CHANCERY_CHECK(items.size() == ok.size());
  CHANCERY_CHECK(items.size() <= UINT32_MAX);
  thread_local std::array<std::vector<std::uint32_t>, 4> by_algorithm;
  for (auto& order : by_algorithm) order.clear();
  for (std::size_t i = 0; i < items.size(); ++i) {
    ok[i] = 0;
    if (!worth_computing(items[i])) continue;
    if (takes_lane(items[i])) {
      by_algorithm[static_cast<std::size_t>(items[i].key->algorithm)].push_back(static_cast<std::uint32_t>(i));
    } else {
      ok[i] = verify_alone(items[i]) ? 1 : 0;
    }
  }
  for (std::size_t number = 1; number < by_algorithm.size(); ++number) {
    verify_group(static_cast<SignatureAlgorithm>(number), items, ok, by_algorithm[number]);
  }
}

bool verify(const PublicKey& key, BytesView message, BytesView signature) {
  const VerifyItem item{&key, message, signature};
  std::uint8_t ok = 0;
  verify_batch({&item, 1}, {&ok, 1});
  return ok == 1;
}

bool verify_sm2_with_id(const PublicKey& key, BytesView id, BytesView message, BytesView signature) {
  const VerifyItem item{&key, message, signature};
  if (key.algorithm != SignatureAlgorithm::kSm2Sm3 || id.size() > kMostSm2IdBytes || !worth_computing(item)) {
    return false;
  }
  return verify_with_openssl(item, as_text(id));
}

}  // namespace chancery::crypto
