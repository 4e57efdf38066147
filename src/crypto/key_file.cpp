// Private keys as files: PKCS#8 (RFC 5958) in PEM and PKCS#12 (RFC 7292). Encryption and parsing are OpenSSL's.
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/curve.h"
#include "crypto/evp_key.h"
#include "crypto/openssl_ptr.h"
#include "crypto/signature.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kShortestPassphraseBytes = 8;
constexpr std::size_t kMostFileBytes = 65536;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kInitialVectorBytes = 16;  // of AES-CBC and SM4-CBC
// 16 MiB of memory and a fifth of a second. OpenSSL refuses scrypt above 32 MiB when it reads.
constexpr std::uint64_t kScryptN = 1 << 14;
constexpr std::uint64_t kScryptR = 8;
constexpr std::uint64_t kScryptP = 5;
constexpr int kPbkdf2Rounds = 600'000;
constexpr int kMacRounds = 600'000;

std::unexpected<Error> openssl_failed(const char* what) {
  ERR_clear_error();
  return fail(Reason::kCryptoFailed, std::string("OpenSSL could not ") + what);
}
std::unexpected<Error> no_key_file() {
  ERR_clear_error();
  return fail(Reason::kMalformed, "this is not a private key file that can be read");
}
std::unexpected<Error> wrong_passphrase() {
  ERR_clear_error();
  return fail(Reason::kForbidden, "the passphrase does not open this key file");
}

Status check_passphrase(std::string_view passphrase) {
  if (passphrase.size() < kShortestPassphraseBytes) {
    return fail(Reason::kInvalidValue, "a passphrase has at least 8 bytes");
  }
  if (passphrase.size() > 1024) return fail(Reason::kInvalidValue, "a passphrase has at most 1,024 bytes");
  return {};
}

std::optional<SignatureAlgorithm> algorithm_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return SignatureAlgorithm::kEd25519;
  char group[64] = {};
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, nullptr) != 1) {
    return std::nullopt;
  }
  const std::string_view name(group);
  if (name == "prime256v1" || name == "P-256") return SignatureAlgorithm::kEcdsaP256Sha256;
  if (name == "SM2") return SignatureAlgorithm::kSm2Sm3;
  return std::nullopt;
}

/// The secret inside; the public half is computed again, never believed.
Result<PrivateKey> from_evp(EVP_PKEY* key) {
  const auto algorithm = algorithm_of(key);
  if (!algorithm) return fail(Reason::kMalformed, "the file holds another kind of key than Ed25519, P-256 or SM2");
  SecretBytes secret(kScalarBytes);
  if (*algorithm == SignatureAlgorithm::kEd25519) {
    std::size_t size = secret.size();
    if (EVP_PKEY_get_raw_private_key(key, secret.data(), &size) != 1 || size != secret.size()) return no_key_file();
  } else {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &raw) != 1) return no_key_file();
    const BignumPtr scalar(raw);
    if (BN_bn2binpad(scalar.get(), secret.data(), static_cast<int>(secret.size())) < 0) return no_key_file();
  }
  return PrivateKey::from_secret(*algorithm, {secret.data(), secret.size()});
}

}  // namespace

Result<std::string> PrivateKey::to_pkcs8_pem(std::string_view passphrase, Random& random) const {
  TRY(check_passphrase(passphrase));
  const EvpPkeyPtr key = to_evp(*this);
  const Pkcs8InfoPtr info(key ? EVP_PKEY2PKCS8(key.get()) : nullptr);
  if (!info) return openssl_failed("encode the key");
  Bytes salt = random.bytes(kSaltBytes);
  Bytes initial_vector = random.bytes(kInitialVectorBytes);
  const EVP_CIPHER* const cipher = algorithm() == SignatureAlgorithm::kSm2Sm3 ? EVP_sm4_cbc() : EVP_aes_256_cbc();
  X509_ALGOR* const scheme = PKCS5_pbe2_set_scrypt(cipher, salt.data(), static_cast<int>(salt.size()),
                                                   initial_vector.data(), kScryptN, kScryptR, kScryptP);
  if (scheme == nullptr) return openssl_failed("set up the encryption of the key");
  const X509SigPtr sealed(PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()), info.get(), scheme));
  if (!sealed) {
    X509_ALGOR_free(scheme);
    return openssl_failed("encrypt the key");
  }
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (!out || PEM_write_bio_PKCS8(out.get(), sealed.get()) != 1) return openssl_failed("write the key");
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(length));
}

Result<PrivateKey> PrivateKey::from_pkcs8_pem(std::string_view pem, std::string_view passphrase) {
  if (pem.size() > kMostFileBytes) return no_key_file();
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!in) return no_key_file();
  Pkcs8InfoPtr info;
  if (passphrase.empty()) {
    info.reset(PEM_read_bio_PKCS8_PRIV_KEY_INFO(in.get(), nullptr, nullptr, nullptr));
    if (!info) return no_key_file();
  } else {
    const X509SigPtr sealed(PEM_read_bio_PKCS8(in.get(), nullptr, nullptr, nullptr));
    if (!sealed) return no_key_file();
    info.reset(PKCS8_decrypt(sealed.get(), passphrase.data(), static_cast<int>(passphrase.size())));
    if (!info) return wrong_passphrase();
  }
  const EvpPkeyPtr key(EVP_PKCS82PKEY(info.get()));
  if (!key) return no_key_file();
  return from_evp(key.get());
}

Result<Bytes> PrivateKey::to_pkcs12(std::string_view passphrase, std::string_view friendly_name) const {
  TRY(check_passphrase(passphrase));
  const EvpPkeyPtr key = to_evp(*this);
  const std::string zero_ended_passphrase(passphrase);
  const std::string zero_ended_name(friendly_name);
  const Pkcs12Ptr bag(key ? PKCS12_create(zero_ended_passphrase.c_str(), zero_ended_name.c_str(), key.get(), nullptr,
                                          nullptr, NID_aes_256_cbc, NID_aes_256_cbc, kPbkdf2Rounds, -1, 0)
                          : nullptr);
  if (!bag || PKCS12_set_mac(bag.get(), zero_ended_passphrase.c_str(), -1, nullptr, 0, kMacRounds, EVP_sha256()) != 1) {
    return openssl_failed("make the PKCS#12 file");
  }
  std::uint8_t* der = nullptr;
  const int length = i2d_PKCS12(bag.get(), &der);
  if (length <= 0) return openssl_failed("write the PKCS#12 file");
  Bytes out(der, der + length);
  OPENSSL_free(der);
  return out;
}

Result<PrivateKey> PrivateKey::from_pkcs12(BytesView der, std::string_view passphrase) {
  if (der.size() > kMostFileBytes) return no_key_file();
  const std::uint8_t* at = der.data();
  const Pkcs12Ptr bag(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
  if (!bag || at != der.data() + der.size()) return no_key_file();
  const std::string zero_ended(passphrase);
  if (PKCS12_verify_mac(bag.get(), zero_ended.c_str(), -1) != 1) return wrong_passphrase();
  EVP_PKEY* raw_key = nullptr;
  X509* raw_certificate = nullptr;
  if (PKCS12_parse(bag.get(), zero_ended.c_str(), &raw_key, &raw_certificate, nullptr) != 1) return no_key_file();
  const EvpPkeyPtr key(raw_key);
  const X509Ptr certificate(raw_certificate);
  if (!key) return no_key_file();
  return from_evp(key.get());
}

}  // namespace chancery::crypto
