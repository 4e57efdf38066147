#include "crypto/evp_key.h"

#include <openssl/core_names.h>

#include "crypto/secret.h"

namespace chancery::crypto {

EvpPkeyPtr evp_raw_public(int type, BytesView key) {
  return EvpPkeyPtr(EVP_PKEY_new_raw_public_key(type, nullptr, key.data(), key.size()));
}

EvpPkeyPtr evp_raw_private(int type, BytesView secret) {
  return EvpPkeyPtr(EVP_PKEY_new_raw_private_key(type, nullptr, secret.data(), secret.size()));
}

EvpPkeyPtr evp_ec(const Curve& curve, BytesView point, BytesView secret) {
  SecretBytes native(secret.rbegin(), secret.rend());  // OSSL_PARAM integers are in the machine's order
  OSSL_PARAM parameters[4] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(curve.openssl_name), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<std::uint8_t*>(point.data()), point.size()),
      OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end()};
  if (!native.empty()) {
    parameters[2] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native.data(), native.size());
  }
  const int selection = native.empty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR;
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, curve.key_type, nullptr));
  EVP_PKEY* made = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, selection, parameters) != 1) {
    return nullptr;
  }
  return EvpPkeyPtr(made);
}

EvpPkeyPtr to_evp(const PrivateKey& key) {
  if (key.algorithm() == SignatureAlgorithm::kEd25519) return evp_raw_private(EVP_PKEY_ED25519, key.secret());
  return evp_ec(curve_of(key.algorithm()), key.public_key().bytes, key.secret());
}

}  // namespace chancery::crypto
