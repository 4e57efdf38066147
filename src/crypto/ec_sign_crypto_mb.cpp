#include "crypto/ec_sign.h"

#ifdef HAVE_CRYPTO_MB

#include <crypto_mb/ec_nistp256.h>
#include <crypto_mb/ec_sm2.h>

#include "crypto/lane_groups.h"
#include "crypto/limbs.h"
#include "crypto/verify_lanes.h"

namespace chancery::crypto {

void ec_sign_with_crypto_mb(const PublicKey& key, BytesView secret, std::span<const EcSignItem> items,
                            std::span<std::optional<Signature>> out) {
  CHANCERY_CHECK(!items.empty() && items.size() <= kSignatureLanes && out.size() == items.size());
  for (const EcSignItem& item : items) {
    CHANCERY_CHECK(key.algorithm != SignatureAlgorithm::kSm2Sm3 ||
                   whole_blocks_after_z(item.message) == whole_blocks_after_z(items[0].message));
  }
  static constexpr std::uint8_t kEmpty = 0;
  const BytesView point(key.bytes);
  Limbs d = to_limbs(secret.first<32>());
  const Limbs x = to_limbs(point.subspan<1, 32>());
  const Limbs y = to_limbs(point.subspan<33, 32>());
  std::array<Limbs, kSignatureLanes> k;
  std::array<Digest, kSignatureLanes> digest;
  std::array<Signature, kSignatureLanes> signature;
  std::array<int8u*, kSignatureLanes> r_at;
  std::array<int8u*, kSignatureLanes> s_at;
  std::array<const int8u*, kSignatureLanes> id_at;
  std::array<const int8u*, kSignatureLanes> message_at;
  std::array<const int8u*, kSignatureLanes> digest_at;
  std::array<const int64u*, kSignatureLanes> k_at;
  std::array<const int64u*, kSignatureLanes> d_at;
  std::array<const int64u*, kSignatureLanes> x_at;
  std::array<const int64u*, kSignatureLanes> y_at;
  std::array<int, kSignatureLanes> id_bytes;
  std::array<int, kSignatureLanes> message_bytes;
  id_at.fill(reinterpret_cast<const int8u*>(kSm2DefaultId.data()));
  id_bytes.fill(static_cast<int>(kSm2DefaultId.size()));
  d_at.fill(d.data());
  x_at.fill(x.data());
  y_at.fill(y.data());
  for (std::size_t lane = 0; lane < kSignatureLanes; ++lane) {
    const EcSignItem& item = items[lane < items.size() ? lane : 0];
    k[lane] = to_limbs(item.nonce.first<32>());
    k_at[lane] = k[lane].data();
    r_at[lane] = signature[lane].data();
    s_at[lane] = signature[lane].data() + 32;
    message_at[lane] = item.message.empty() ? &kEmpty : item.message.data();
    message_bytes[lane] = static_cast<int>(item.message.size());
    digest[lane] = modulo_order(curve_of(key.algorithm), *item.digest);
    digest_at[lane] = digest[lane].data();
  }
  const mbx_status status =
      key.algorithm == SignatureAlgorithm::kSm2Sm3
          ? mbx_sm2_ecdsa_sign_mb8(r_at.data(), s_at.data(), id_at.data(), id_bytes.data(), message_at.data(),
                                   message_bytes.data(), k_at.data(), d_at.data(), x_at.data(), y_at.data(), nullptr,
                                   nullptr)
          : mbx_nistp256_ecdsa_sign_mb8(r_at.data(), s_at.data(), digest_at.data(), k_at.data(), d_at.data(), nullptr);
  for (std::size_t lane = 0; lane < items.size(); ++lane) {
    // SM2 hashes inside and expects less than n; the caller's other path takes such a message (one in 2^32).
    const bool reduced = key.algorithm == SignatureAlgorithm::kSm2Sm3 && digest[lane] != *items[lane].digest;
    const bool good = !reduced && MBX_GET_STS(status, static_cast<int>(lane)) == MBX_STATUS_OK;
    out[lane] = good ? std::optional<Signature>(signature[lane]) : std::nullopt;
  }
  wipe(d.data(), sizeof d);
  wipe(k.data(), sizeof k);
}

}  // namespace chancery::crypto

#else

namespace chancery::crypto {

void ec_sign_with_crypto_mb(const PublicKey&, BytesView, std::span<const EcSignItem>,
                            std::span<std::optional<Signature>>) {
  CHANCERY_CHECK(false && "crypto_mb is not in this build");
}

}  // namespace chancery::crypto

#endif
