// OpenSSL 3.0 has SM4 in ECB mode and, in modes.h, GCM for any 128-bit block cipher: GHASH and the order of things are
// OpenSSL's, we only hand it key stream blocks. (3.1 and later have SM4-GCM as a cipher; this file can go then.)
#include "crypto/sm4_gcm.h"

#include <openssl/modes.h>

#include <algorithm>
#include <cstring>

#include "crypto/openssl_ptr.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kStepBlocks = 64;

struct GcmFree {
  void operator()(GCM128_CONTEXT* context) const { CRYPTO_gcm128_release(context); }
};

bool encrypt_blocks(EVP_CIPHER_CTX* sm4, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  int written = 0;
  return EVP_EncryptUpdate(sm4, out, &written, in, static_cast<int>(blocks * kBlockBytes)) == 1;
}

// The three functions below have the shapes block128_f and ctr128_f of modes.h; `key` is the EVP_CIPHER_CTX.
void one_block(const unsigned char in[16], unsigned char out[16], const void* key) {
  CHANCERY_CHECK(encrypt_blocks(static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(key)), in, out, 1));
}

void counter_blocks(const unsigned char* in, unsigned char* out, std::size_t blocks, const void* key,
                    const unsigned char first_counter[16]) {
  auto* const sm4 = static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(key));
  std::array<std::uint8_t, kStepBlocks * kBlockBytes> stream;
  std::uint32_t counter = read_u32_be({first_counter + 12, 4});
  while (blocks > 0) {
    const std::size_t step = std::min(blocks, kStepBlocks);
    for (std::size_t i = 0; i < step; ++i, ++counter) {
      std::uint8_t* const block = stream.data() + i * kBlockBytes;
      std::memcpy(block, first_counter, 12);
      for (int byte = 0; byte < 4; ++byte) block[12 + byte] = static_cast<std::uint8_t>(counter >> (24 - 8 * byte));
    }
    CHANCERY_CHECK(encrypt_blocks(sm4, stream.data(), stream.data(), step));
    for (std::size_t i = 0; i < step * kBlockBytes; ++i) out[i] = in[i] ^ stream[i];
    in += step * kBlockBytes;
    out += step * kBlockBytes;
    blocks -= step;
  }
  OPENSSL_cleanse(stream.data(), stream.size());
}

}  // namespace

Status sm4_gcm(GcmDirection direction, BytesView key, const AeadNonce& nonce, BytesView associated_data, BytesView in,
               std::uint8_t* out, std::span<std::uint8_t, kAeadTagBytes> tag) {
  CHANCERY_CHECK(key.size() == kBlockBytes);
  const auto failed = [] { return fail(Reason::kCryptoFailed, "OpenSSL refused SM4-GCM"); };
  const EvpCipherCtxPtr sm4(EVP_CIPHER_CTX_new());
  if (!sm4 || EVP_EncryptInit_ex2(sm4.get(), EVP_sm4_ecb(), key.data(), nullptr, nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(sm4.get(), 0) != 1) {
    return failed();
  }
  const std::unique_ptr<GCM128_CONTEXT, GcmFree> gcm(CRYPTO_gcm128_new(sm4.get(), one_block));
  if (!gcm) return failed();
  CRYPTO_gcm128_setiv(gcm.get(), nonce.data(), nonce.size());
  if (CRYPTO_gcm128_aad(gcm.get(), associated_data.data(), associated_data.size()) != 0) return failed();
  const auto run = direction == GcmDirection::kSeal ? CRYPTO_gcm128_encrypt_ctr32 : CRYPTO_gcm128_decrypt_ctr32;
  if (!in.empty() && run(gcm.get(), in.data(), out, in.size(), counter_blocks) != 0) return failed();
  CRYPTO_gcm128_tag(gcm.get(), tag.data(), tag.size());
  return {};
}

}  // namespace chancery::crypto
