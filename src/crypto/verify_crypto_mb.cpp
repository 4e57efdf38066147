// Eight lanes of AVX-512 IFMA. Unused lanes repeat lane 0: their work is free and their answers are dropped.
//
// Where crypto_mb 2026.2.0 answers otherwise than the standards, found by comparing it with OpenSSL:
// - P-256: it takes the hash of the message as smaller than n, and refuses good signatures over a larger one. We reduce
// it.
// - SM2: it takes the point at infinity for one with x = 0, so that the owner of a key d can make r = e, s = -r d / (1
// + d)
//   pass, which every other implementation refuses (GB/T 32918.2 section 7.1 gives infinity no x). Signatures with r =
//   e mod n, which no honest signer meets, are left to OpenSSL; so are hashes of n and above.
// - Ed25519: keys that are not canonical; public_key.h keeps them out.
// What it reads beyond the end of messages, and how we prevent it, stands in lane_groups.h.
#include "crypto/verify_lanes.h"

#ifdef HAVE_CRYPTO_MB

#include <crypto_mb/ec_nistp256.h>
#include <crypto_mb/ec_sm2.h>
#include <crypto_mb/ed25519.h>

#include <algorithm>

#include "crypto/curve.h"
#include "crypto/hash.h"
#include "crypto/lane_groups.h"
#include "crypto/limbs.h"
#include "crypto/public_key.h"

namespace chancery::crypto {

namespace {

/// The lanes' pointers, as crypto_mb wants them.
struct Lanes {
  std::array<const int8u*, kSignatureLanes> r{};
  std::array<const int8u*, kSignatureLanes> s{};
  std::array<const int8u*, kSignatureLanes> message{};
  std::array<int, kSignatureLanes> message_bytes{};
  std::array<Limbs, kSignatureLanes> x{};
  std::array<Limbs, kSignatureLanes> y{};
  std::array<const int64u*, kSignatureLanes> x_at{};
  std::array<const int64u*, kSignatureLanes> y_at{};
};

const VerifyItem& item_of(std::span<const VerifyItem> items, std::size_t lane) {
  return items[lane < items.size() ? lane : 0];
}

void set_signatures(Lanes& lanes, std::span<const VerifyItem> items) {
  static constexpr std::uint8_t kEmpty = 0;
  for (std::size_t lane = 0; lane < kSignatureLanes; ++lane) {
    const VerifyItem& item = item_of(items, lane);
    lanes.r[lane] = item.signature.data();
    lanes.s[lane] = item.signature.data() + 32;
    lanes.message[lane] = item.message.empty() ? &kEmpty : item.message.data();
    lanes.message_bytes[lane] = static_cast<int>(item.message.size());
  }
}

void set_points(Lanes& lanes, std::span<const VerifyItem> items) {
  for (std::size_t lane = 0; lane < kSignatureLanes; ++lane) {
    const BytesView point = item_of(items, lane).key->bytes;
    lanes.x[lane] = to_limbs(point.subspan<1, 32>());
    lanes.y[lane] = to_limbs(point.subspan<33, 32>());
    lanes.x_at[lane] = lanes.x[lane].data();
    lanes.y_at[lane] = lanes.y[lane].data();
  }
}

mbx_status verify_sm2(std::span<const VerifyItem> items) {
  for (const VerifyItem& item : items) {
    CHANCERY_CHECK(whole_blocks_after_z(item.message) == whole_blocks_after_z(items[0].message));
  }
  Lanes lanes;
  set_signatures(lanes, items);
  set_points(lanes, items);
  std::array<const int8u*, kSignatureLanes> id;
  std::array<int, kSignatureLanes> id_bytes;
  id.fill(reinterpret_cast<const int8u*>(kSm2DefaultId.data()));
  id_bytes.fill(static_cast<int>(kSm2DefaultId.size()));
  return mbx_sm2_ecdsa_verify_mb8(lanes.r.data(), lanes.s.data(), id.data(), id_bytes.data(), lanes.message.data(),
                                  lanes.message_bytes.data(), lanes.x_at.data(), lanes.y_at.data(), nullptr, nullptr);
}

mbx_status verify_p256(std::span<const VerifyItem> items) {
  Lanes lanes;
  set_signatures(lanes, items);
  set_points(lanes, items);
  std::array<Digest, kSignatureLanes> digest;
  for (std::size_t lane = 0; lane < kSignatureLanes; ++lane) {
    if (lane < items.size()) {
      const Digest whole = hash(HashAlgorithm::kSha256, items[lane].message);
      digest[lane] = modulo_order(curve_of(SignatureAlgorithm::kEcdsaP256Sha256), whole);
    } else {
      digest[lane] = digest[0];
    }
    lanes.message[lane] = digest[lane].data();
  }
  return mbx_nistp256_ecdsa_verify_mb8(lanes.r.data(), lanes.s.data(), lanes.message.data(), lanes.x_at.data(),
                                       lanes.y_at.data(), nullptr, nullptr);
}

mbx_status verify_ed25519(std::span<const VerifyItem> items) {
  Lanes lanes;
  set_signatures(lanes, items);
  std::array<const ed25519_sign_component*, kSignatureLanes> r;
  std::array<const ed25519_sign_component*, kSignatureLanes> s;
  std::array<const ed25519_public_key*, kSignatureLanes> key;
  std::array<int32u, kSignatureLanes> message_bytes;
  for (std::size_t lane = 0; lane < kSignatureLanes; ++lane) {
    r[lane] = reinterpret_cast<const ed25519_sign_component*>(lanes.r[lane]);
    s[lane] = reinterpret_cast<const ed25519_sign_component*>(lanes.s[lane]);
    key[lane] = reinterpret_cast<const ed25519_public_key*>(item_of(items, lane).key->bytes.data());
    message_bytes[lane] = static_cast<int32u>(lanes.message_bytes[lane]);
  }
  return mbx_ed25519_verify_mb8(r.data(), s.data(), lanes.message.data(), message_bytes.data(), key.data());
}

mbx_status verify_lanes(SignatureAlgorithm algorithm, std::span<const VerifyItem> items) {
  switch (algorithm) {
    case SignatureAlgorithm::kEd25519:
      return verify_ed25519(items);
    case SignatureAlgorithm::kEcdsaP256Sha256:
      return verify_p256(items);
    case SignatureAlgorithm::kSm2Sm3:
      return verify_sm2(items);
  }
  return MBX_SET_STS_ALL(MBX_STATUS_SIGNATURE_ERR);
}

/// The lanes whose answer is OpenSSL's business; see the top of this file.
unsigned doubtful_sm2_lanes(std::span<const VerifyItem> items) {
  const Curve& curve = curve_of(SignatureAlgorithm::kSm2Sm3);
  std::array<Digest, kSignatureLanes> digest;
  sm2_digests(items, {digest.data(), items.size()});
  unsigned doubtful = 0;
  for (std::size_t lane = 0; lane < items.size(); ++lane) {
    const Digest reduced = modulo_order(curve, digest[lane]);
    const bool r_is_e = std::ranges::equal(reduced, items[lane].signature.first(reduced.size()));
    if (r_is_e || reduced != digest[lane]) doubtful |= 1U << lane;
  }
  return doubtful;
}

}  // namespace

std::uint8_t verify_with_crypto_mb(SignatureAlgorithm algorithm, std::span<const VerifyItem> items) {
  CHANCERY_CHECK(!items.empty() && items.size() <= kSignatureLanes);
  const mbx_status status = verify_lanes(algorithm, items);
  const unsigned doubtful = algorithm == SignatureAlgorithm::kSm2Sm3 ? doubtful_sm2_lanes(items) : 0;
  unsigned good = 0;
  for (std::size_t lane = 0; lane < items.size(); ++lane) {
    const bool holds = (doubtful >> lane & 1U) != 0 ? verify_with_openssl(items[lane], kSm2DefaultId)
                                                    : MBX_GET_STS(status, static_cast<int>(lane)) == MBX_STATUS_OK;
    if (holds) good |= 1U << lane;
  }
  return static_cast<std::uint8_t>(good);
}

}  // namespace chancery::crypto

#else

namespace chancery::crypto {

std::uint8_t verify_with_crypto_mb(SignatureAlgorithm, std::span<const VerifyItem>) {
  CHANCERY_CHECK(false && "crypto_mb is not in this build");
  return 0;
}

}  // namespace chancery::crypto

#endif
