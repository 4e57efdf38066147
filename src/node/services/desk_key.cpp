#include "node/services/desk_key.h"

#include "crypto/hash.h"
#include "node/files.h"

namespace chancery::node {

namespace {

constexpr std::size_t kKeyFileBytes = 16U << 10;
constexpr std::size_t kDerivedBytes = 32;
/// A scalar outside the group's range is as good as impossible; a few tries are more than enough.
constexpr int kTries = 8;

Result<crypto::SecretBytes> derive(BytesView secret, std::string_view purpose, int counter) {
  const std::string info = std::string(purpose) + "/" + std::to_string(counter);
  ASSIGN_OR_RETURN(Bytes out, crypto::hkdf(crypto::HashAlgorithm::kSha256, secret, as_bytes("chancery/desk-key/1"),
                                           as_bytes(info), kDerivedBytes));
  crypto::SecretBytes derived = crypto::to_secret(out);
  crypto::wipe(out.data(), out.size());
  return derived;
}

template <class Key, class Make>
Result<Key> derive_key(BytesView secret, std::string_view purpose, const Make& make) {
  for (int counter = 0; counter < kTries; ++counter) {
    ASSIGN_OR_RETURN(const crypto::SecretBytes derived, derive(secret, purpose, counter));
    auto key = make(BytesView(derived.data(), derived.size()));
    if (key.has_value()) return key;
  }
  return fail(Reason::kCryptoFailed, "no key can be derived from the desk key");
}

Result<crypto::PrivateKey> open_or_make(const std::string& path, std::string_view passphrase, Random& random) {
  const auto pem = read_file(path, kKeyFileBytes);
  if (pem.has_value()) return crypto::PrivateKey::from_pkcs8_pem(*pem, passphrase);
  if (pem.error().reason != Reason::kNotFound) return std::unexpected(pem.error());
  ASSIGN_OR_RETURN(crypto::PrivateKey key, crypto::PrivateKey::generate(crypto::SignatureAlgorithm::kEd25519, random));
  ASSIGN_OR_RETURN(const std::string fresh, key.to_pkcs8_pem(passphrase, random));
  TRY(write_file(path, fresh));
  return key;
}

}  // namespace

Result<DeskKey> DeskKey::open(const std::string& keys_directory, std::string_view passphrase,
                              const crypto::Suite& suite, Random& random) {
  ASSIGN_OR_RETURN(const crypto::PrivateKey root, open_or_make(keys_directory + "/desk.p8", passphrase, random));
  const auto agreement = suite.aead == crypto::AeadAlgorithm::kSm4Gcm ? crypto::AgreementAlgorithm::kSm2
                                                                      : crypto::AgreementAlgorithm::kX25519;
  ASSIGN_OR_RETURN(crypto::ReaderPrivateKey reader,
                   derive_key<crypto::ReaderPrivateKey>(root.secret(), "reader", [&](BytesView secret) {
                     return crypto::ReaderPrivateKey::from_secret(agreement, secret);
                   }));
  ASSIGN_OR_RETURN(crypto::PrivateKey sd_jwt_key,
                   derive_key<crypto::PrivateKey>(root.secret(), "sd-jwt", [](BytesView secret) {
                     return crypto::PrivateKey::from_secret(crypto::SignatureAlgorithm::kEcdsaP256Sha256, secret);
                   }));
  return DeskKey(crypto::to_secret(root.secret()), suite.hash, std::move(reader), std::move(sd_jwt_key));
}

Result<crypto::PrivateKey> DeskKey::signing_key(std::string_view purpose, crypto::SignatureAlgorithm algorithm) const {
  return derive_key<crypto::PrivateKey>(
      {secret_.data(), secret_.size()}, "signing/" + std::string(purpose),
      [&](BytesView secret) { return crypto::PrivateKey::from_secret(algorithm, secret); });
}

Digest DeskKey::keyed_hash(std::string_view purpose, BytesView data) const {
  const auto key = derive({secret_.data(), secret_.size()}, purpose, 0);
  CHANCERY_CHECK(key.has_value());
  return crypto::hmac(hash_, {key->data(), key->size()}, data);
}

}  // namespace chancery::node
