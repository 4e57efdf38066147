#include <algorithm>
#include <numeric>

#include "crypto/curve.h"
#include "crypto/ec_sign.h"
#include "crypto/ed25519_sign.h"
#include "crypto/lane_groups.h"
#include "crypto/nonce.h"
#include "crypto/signature.h"
#include "crypto/verify_lanes.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kHedgeBytes = 32;

HashAlgorithm nonce_hash(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::kSm2Sm3 ? HashAlgorithm::kSm3 : HashAlgorithm::kSha256;
}

bool secret_in_range(SignatureAlgorithm algorithm, BytesView secret) {
  if (secret.size() != kSecretBytes) return false;
  if (algorithm == SignatureAlgorithm::kEd25519) return true;
  const Curve& curve = curve_of(algorithm);
  if (!scalar_in_range(curve, secret)) return false;
  // n - 1 would make 1 + d zero in SM2 (GB/T 32918.1 section 6.1).
  Digest one{};
  one.back() = 1;
  return algorithm != SignatureAlgorithm::kSm2Sm3 || !sum_is_order(curve, secret, one);
}

Result<PublicKey> public_key_of(SignatureAlgorithm algorithm, BytesView secret) {
  if (algorithm != SignatureAlgorithm::kEd25519)
    return PublicKey{algorithm, ec_public_point(curve_of(algorithm), secret)};
  ASSIGN_OR_RETURN(const auto point, ed25519_public_from_seed(secret.first<kSecretBytes>()));
  return PublicKey{algorithm, Bytes(point.begin(), point.end())};
}

Signature sign_ec(const PublicKey& key, BytesView secret, const Digest& digest, NonceGenerator& nonces) {
  while (true) {
    const SecretBytes nonce = nonces.next();
    const auto signature = ec_sign_with_nonce(key.algorithm, secret, digest, {nonce.data(), nonce.size()});
    if (signature) return *signature;
  }
}

/// Signs out[i] over messages[i] for these i, eight at most. With crypto_mb, SM2 messages have equal numbers of blocks.
void sign_ec_lanes(const PrivateKey& key, std::span<const BytesView> messages, std::span<const std::uint32_t> indices,
                   std::span<Signature> out, Random* hedge) {
  const PublicKey& public_key = key.public_key();
  std::array<Digest, kSignatureLanes> digest;
  std::array<SecretBytes, kSignatureLanes> nonce;
  std::array<Bytes, kSignatureLanes> additional;
  std::array<EcSignItem, kSignatureLanes> items;
  std::array<std::optional<Signature>, kSignatureLanes> signed_lanes;
  const auto generator = [&](std::size_t lane) {
    return NonceGenerator(nonce_hash(public_key.algorithm), curve_of(public_key.algorithm), key.secret(), digest[lane],
                          additional[lane]);
  };
  bool fit = active_backend() == Backend::kCryptoMb;
  for (std::size_t lane = 0; lane < indices.size(); ++lane) {
    const BytesView message = messages[indices[lane]];
    digest[lane] = ec_message_digest(public_key, message);
    if (hedge != nullptr) additional[lane] = hedge->bytes(kHedgeBytes);
    fit = fit && message.size() <= kLongestLaneMessageBytes;
  }
  if (fit) {
    for (std::size_t lane = 0; lane < indices.size(); ++lane) {
      nonce[lane] = generator(lane).next();
      items[lane] = {messages[indices[lane]], &digest[lane], {nonce[lane].data(), nonce[lane].size()}};
    }
    ec_sign_with_crypto_mb(public_key, key.secret(), {items.data(), indices.size()},
                           {signed_lanes.data(), indices.size()});
  }
  for (std::size_t lane = 0; lane < indices.size(); ++lane) {
    if (signed_lanes[lane]) {
      out[indices[lane]] = *signed_lanes[lane];
    } else {
      NonceGenerator nonces = generator(lane);
      out[indices[lane]] = sign_ec(public_key, key.secret(), digest[lane], nonces);
    }
  }
}

}  // namespace

Result<PrivateKey> PrivateKey::generate(SignatureAlgorithm algorithm, Random& random) {
  SecretBytes secret(kSecretBytes);
  do {
    random.fill(secret);
  } while (!secret_in_range(algorithm, {secret.data(), secret.size()}));
  return from_secret(algorithm, {secret.data(), secret.size()});
}

Result<PrivateKey> PrivateKey::from_secret(SignatureAlgorithm algorithm, BytesView secret) {
  if (!signature_algorithm_from_number(static_cast<std::uint32_t>(algorithm))) {
    return fail(Reason::kUnsupported, "an unknown signature algorithm");
  }
  if (!secret_in_range(algorithm, secret)) return fail(Reason::kInvalidValue, "the secret is not in the range of keys");
  ASSIGN_OR_RETURN(PublicKey public_key, public_key_of(algorithm, secret));
  return PrivateKey(std::move(public_key), secret);
}

Result<Signature> PrivateKey::sign(BytesView message) const {
  if (algorithm() == SignatureAlgorithm::kEd25519) return ed25519_sign(secret().first<kSecretBytes>(), message);
  Signature out;
  // P-256 has an assembler path in OpenSSL that beats seven idle lanes; SM2 has none.
  if (algorithm() == SignatureAlgorithm::kSm2Sm3) {
    constexpr std::uint32_t kOnly = 0;
    sign_ec_lanes(*this, {&message, 1}, {&kOnly, 1}, {&out, 1}, nullptr);
    return out;
  }
  const Digest digest = ec_message_digest(public_key_, message);
  NonceGenerator nonces(nonce_hash(algorithm()), curve_of(algorithm()), secret(), digest, {});
  return sign_ec(public_key_, secret(), digest, nonces);
}

Result<std::vector<Signature>> sign_batch(const PrivateKey& key, std::span<const BytesView> messages, Random& random) {
  std::vector<Signature> out(messages.size());
  if (key.algorithm() == SignatureAlgorithm::kEd25519) {
    TRY(ed25519_sign_batch(key.secret().first<kSecretBytes>(), key.public_key(), messages, out));
    return out;
  }
  std::vector<std::uint32_t> order(messages.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto blocks_of = [&](std::uint32_t i) {
    return key.algorithm() == SignatureAlgorithm::kSm2Sm3 ? whole_blocks_after_z(messages[i]) : 0;
  };
  for_each_lane_group(order, kSignatureLanes, blocks_of, [&](std::span<const std::uint32_t> indices) {
    sign_ec_lanes(key, messages, indices, out, &random);
  });
  return out;
}

}  // namespace chancery::crypto
