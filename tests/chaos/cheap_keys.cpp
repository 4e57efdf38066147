#include "cheap_keys.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <filesystem>
#include <memory>

#include "cli/files.h"

namespace chancery::chaos {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

Result<std::string> reencrypt(const std::string& pem, const std::string& passphrase) {
  constexpr std::uint64_t kN = 2;
  constexpr std::uint64_t kR = 1;
  constexpr std::uint64_t kP = 1;
  const std::unique_ptr<BIO, Release<BIO_free_all>> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<X509_SIG, Release<X509_SIG_free>> sealed(
      PEM_read_bio_PKCS8(in.get(), nullptr, nullptr, nullptr));
  if (!sealed) return fail(Reason::kMalformed, "no encrypted PKCS#8");
  const auto length = static_cast<int>(passphrase.size());
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>> key(
      PKCS8_decrypt(sealed.get(), passphrase.c_str(), length));
  if (!key) return fail(Reason::kForbidden, "the passphrase does not open the key");
  X509_ALGOR* cheap = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, kN, kR, kP);
  if (cheap == nullptr) return fail(Reason::kCryptoFailed, "no scrypt");
  const std::unique_ptr<X509_SIG, Release<X509_SIG_free>> resealed(
      PKCS8_set0_pbe(passphrase.c_str(), length, key.get(), cheap));
  const std::unique_ptr<BIO, Release<BIO_free_all>> out(BIO_new(BIO_s_mem()));
  if (!resealed || PEM_write_bio_PKCS8(out.get(), resealed.get()) != 1) return fail(Reason::kCryptoFailed, "no PEM");
  char* text = nullptr;
  const long bytes = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(bytes));
}

}  // namespace

Status make_keys_cheap(const std::string& keys_directory, const std::string& passphrase) {
  for (const auto& entry : std::filesystem::directory_iterator(keys_directory)) {
    if (entry.path().extension() != ".p8") continue;
    ASSIGN_OR_RETURN(const std::string pem, cli::read_text(entry.path().string()));
    ASSIGN_OR_RETURN(const std::string cheap, reencrypt(pem, passphrase));
    TRY(cli::write_file(entry.path().string(), as_bytes(cheap), cli::Overwrite::kAllow, cli::Access::kOwnerOnly));
  }
  return {};
}

}  // namespace chancery::chaos
