#include "crypto/ed25519_sign.h"

#include <algorithm>

#include "crypto/evp_key.h"
#include "crypto/openssl_ptr.h"
#include "crypto/verify_lanes.h"

#ifdef HAVE_CRYPTO_MB
#include <crypto_mb/ed25519.h>
#endif

namespace chancery::crypto {

namespace {

std::unexpected<Error> openssl_failed() {
  return fail(Reason::kCryptoFailed, "OpenSSL refused an Ed25519 key");
}

#ifdef HAVE_CRYPTO_MB
void sign_lanes(std::span<const std::uint8_t, 32> seed, const PublicKey& public_key,
                std::span<const BytesView> messages, std::span<Signature> out) {
  static constexpr std::uint8_t kEmpty = 0;
  std::array<Signature, kSignatureLanes> signature;
  std::array<ed25519_sign_component*, kSignatureLanes> r_at;
  std::array<ed25519_sign_component*, kSignatureLanes> s_at;
  std::array<const int8u*, kSignatureLanes> message_at;
  std::array<int32u, kSignatureLanes> message_bytes;
  std::array<const ed25519_private_key*, kSignatureLanes> secret_at;
  std::array<const ed25519_public_key*, kSignatureLanes> public_at;
  secret_at.fill(reinterpret_cast<const ed25519_private_key*>(seed.data()));
  public_at.fill(reinterpret_cast<const ed25519_public_key*>(public_key.bytes.data()));
  for (std::size_t lane = 0; lane < kSignatureLanes; ++lane) {
    const BytesView message = messages[lane < messages.size() ? lane : 0];
    r_at[lane] = reinterpret_cast<ed25519_sign_component*>(signature[lane].data());
    s_at[lane] = reinterpret_cast<ed25519_sign_component*>(signature[lane].data() + 32);
    message_at[lane] = message.empty() ? &kEmpty : message.data();
    message_bytes[lane] = static_cast<int32u>(message.size());
  }
  CHANCERY_CHECK(mbx_ed25519_sign_mb8(r_at.data(), s_at.data(), message_at.data(), message_bytes.data(),
                                      secret_at.data(), public_at.data()) == MBX_STATUS_OK);
  std::copy_n(signature.begin(), messages.size(), out.begin());
}
#endif

}  // namespace

Result<std::array<std::uint8_t, 32>> ed25519_public_from_seed(std::span<const std::uint8_t, 32> seed) {
  const EvpPkeyPtr key = evp_raw_private(EVP_PKEY_ED25519, seed);
  std::array<std::uint8_t, 32> out;
  std::size_t size = out.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) != 1 || size != out.size()) {
    return openssl_failed();
  }
  return out;
}

Result<Signature> ed25519_sign(std::span<const std::uint8_t, 32> seed, BytesView message) {
  const EvpPkeyPtr key = evp_raw_private(EVP_PKEY_ED25519, seed);
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  Signature out;
  std::size_t size = out.size();
  if (!key || !context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) != 1 || size != out.size()) {
    return openssl_failed();
  }
  return out;
}

Status ed25519_sign_batch(std::span<const std::uint8_t, 32> seed, [[maybe_unused]] const PublicKey& public_key,
                          std::span<const BytesView> messages, std::span<Signature> out) {
#ifdef HAVE_CRYPTO_MB
  const bool fit = active_backend() == Backend::kCryptoMb && std::ranges::all_of(messages, [](BytesView message) {
                     return message.size() <= kLongestLaneMessageBytes;
                   });
  if (fit) {
    for (std::size_t start = 0; start < messages.size(); start += kSignatureLanes) {
      const std::size_t count = std::min(kSignatureLanes, messages.size() - start);
      sign_lanes(seed, public_key, messages.subspan(start, count), out.subspan(start, count));
    }
    return {};
  }
#endif
  for (std::size_t i = 0; i < messages.size(); ++i) {
    ASSIGN_OR_RETURN(out[i], ed25519_sign(seed, messages[i]));
  }
  return {};
}

}  // namespace chancery::crypto
