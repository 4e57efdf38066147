#include "crypto/rsa.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "crypto/openssl_ptr.h"

namespace chancery::crypto {

namespace {

constexpr int kFewestKeyBits = 2048;
constexpr int kMostKeyBits = 8192;  // above that one verification takes milliseconds
constexpr std::size_t kMostKeyFileBytes = 4096;
constexpr int kSaltBytes = 32;

bool set_padding(EVP_PKEY_CTX* context, RsaPadding padding) {
  if (padding == RsaPadding::kPkcs1Sha256) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, kSaltBytes) == 1;
}

}  // namespace

bool verify_rsa(RsaPadding padding, BytesView spki_der, BytesView message, BytesView signature) {
  if (spki_der.size() > kMostKeyFileBytes) return false;
  const std::uint8_t* at = spki_der.data();
  const EvpPkeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki_der.size())));
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // belongs to `context`
  const bool good =
      key && context && at == spki_der.data() + spki_der.size() && EVP_PKEY_is_a(key.get(), "RSA") == 1 &&
      EVP_PKEY_get_bits(key.get()) >= kFewestKeyBits && EVP_PKEY_get_bits(key.get()) <= kMostKeyBits &&
      EVP_DigestVerifyInit(context.get(), &key_context, EVP_sha256(), nullptr, key.get()) == 1 &&
      set_padding(key_context, padding) &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace chancery::crypto
