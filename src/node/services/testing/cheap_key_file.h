#pragma once
// A key file under a scrypt that costs nothing: a test opens dozens of them, and how strong real ones are is tested in
// crypto/.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <map>
#include <string>
#include <string_view>

#include "base/random.h"
#include "crypto/signature.h"

namespace chancery::node::testing {

/// Sealed once a process and key.
inline const std::string& cheap_key_file(const crypto::PrivateKey& key, std::string_view passphrase) {
  static std::map<Bytes, std::string> files;
  std::string& file = files[key.public_key().bytes];
  if (!file.empty()) return file;
  SystemRandom random;
  const std::string strong = *key.to_pkcs8_pem(passphrase, random);
  const auto length = static_cast<int>(passphrase.size());
  BIO* in = BIO_new_mem_buf(strong.data(), static_cast<int>(strong.size()));
  X509_SIG* sealed = PEM_read_bio_PKCS8(in, nullptr, nullptr, nullptr);
  PKCS8_PRIV_KEY_INFO* opened = PKCS8_decrypt(sealed, passphrase.data(), length);
  X509_ALGOR* scrypt = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, 2, 1, 1);
  X509_SIG* cheap = PKCS8_set0_pbe(passphrase.data(), length, opened, scrypt);
  BIO* out = BIO_new(BIO_s_mem());
  CHANCERY_CHECK(cheap != nullptr && PEM_write_bio_PKCS8(out, cheap) == 1);
  char* text = nullptr;
  const auto bytes = static_cast<std::size_t>(BIO_get_mem_data(out, &text));
  file.assign(text, bytes);
  BIO_free(out);
  X509_SIG_free(cheap);
  PKCS8_PRIV_KEY_INFO_free(opened);
  X509_SIG_free(sealed);
  BIO_free(in);
  return file;
}

}  // namespace chancery::node::testing
