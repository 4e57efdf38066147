#include <algorithm>

#include "crypto/openssl_ptr.h"
#include "crypto/public_key.h"
#include "crypto/verify_lanes.h"

namespace chancery::crypto {

namespace {

bool verify_ed25519(EVP_PKEY* key, const VerifyItem& item) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), item.signature.data(), item.signature.size(), item.message.data(),
                          item.message.size()) == 1;
}

bool verify_ec(EVP_PKEY* key, const EVP_MD* digest, std::string_view sm2_id, const VerifyItem& item) {
  Signature raw;
  std::copy(item.signature.begin(), item.signature.end(), raw.begin());
  const Bytes der = p1363_to_der(raw);
  const EvpPkeyCtxPtr key_context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (!key_context || !context) return false;
  if (digest == EVP_sm3() &&
      EVP_PKEY_CTX_set1_id(key_context.get(), sm2_id.data(), static_cast<int>(sm2_id.size())) != 1) {
    return false;
  }
  EVP_MD_CTX_set_pkey_ctx(context.get(), key_context.get());
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), der.size(), item.message.data(), item.message.size()) == 1;
}

}  // namespace

bool verify_with_openssl(const VerifyItem& item, std::string_view sm2_id) {
  const EvpPkeyPtr key = to_evp(*item.key);
  if (!key) return false;
  switch (item.key->algorithm) {
    case SignatureAlgorithm::kEd25519:
      return verify_ed25519(key.get(), item);
    case SignatureAlgorithm::kEcdsaP256Sha256:
      return verify_ec(key.get(), EVP_sha256(), {}, item);
    case SignatureAlgorithm::kSm2Sm3:
      return verify_ec(key.get(), EVP_sm3(), sm2_id, item);
  }
  return false;
}

}  // namespace chancery::crypto
