#include <gtest/gtest.h>

#include "crypto/signature.h"

namespace chancery::crypto {
namespace {

constexpr SignatureAlgorithm kAll[] = {SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256,
                                       SignatureAlgorithm::kSm2Sm3};
constexpr std::string_view kPassphrase = "correct horse 电池";

TEST(KeyFile, Pkcs8ComesBackWithTheSameKey) {
  SeededRandom random(21);
  for (const SignatureAlgorithm algorithm : kAll) {
    SCOPED_TRACE(to_string(algorithm));
    const PrivateKey key = PrivateKey::generate(algorithm, random).value();
    const std::string pem = key.to_pkcs8_pem(kPassphrase, random).value();
    EXPECT_TRUE(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    const auto again = PrivateKey::from_pkcs8_pem(pem, kPassphrase);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(again->public_key(), key.public_key());
    EXPECT_EQ(to_hex(again->secret()), to_hex(key.secret()));
    EXPECT_EQ(PrivateKey::from_pkcs8_pem(pem, "another passphrase").error().reason, Reason::kForbidden);
  }
}

TEST(KeyFile, Pkcs12ComesBackWithTheSameKey) {
  SeededRandom random(22);
  for (const SignatureAlgorithm algorithm : kAll) {
    SCOPED_TRACE(to_string(algorithm));
    const PrivateKey key = PrivateKey::generate(algorithm, random).value();
    Bytes file = key.to_pkcs12(kPassphrase, "clerk 7").value();
    const auto again = PrivateKey::from_pkcs12(file, kPassphrase);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(to_hex(again->secret()), to_hex(key.secret()));
    EXPECT_EQ(PrivateKey::from_pkcs12(file, "another passphrase").error().reason, Reason::kForbidden);
    file.push_back(0);
    EXPECT_EQ(PrivateKey::from_pkcs12(file, kPassphrase).error().reason, Reason::kMalformed);
  }
}

TEST(KeyFile, ReadsAPlainKeyOfAnotherProgram) {
  // Written by `openssl genpkey -algorithm ed25519`.
  const auto key = PrivateKey::from_pkcs8_pem(
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n",
      "");
  ASSERT_TRUE(key);
  // RFC 8032 section 7.1, test 1.
  EXPECT_EQ(to_hex(key->public_key().bytes), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST(KeyFile, RefusesShortPassphrasesAndOtherFiles) {
  SeededRandom random(23);
  const PrivateKey key = PrivateKey::generate(SignatureAlgorithm::kEd25519, random).value();
  EXPECT_EQ(key.to_pkcs8_pem("short", random).error().reason, Reason::kInvalidValue);
  EXPECT_EQ(key.to_pkcs12("", "name").error().reason, Reason::kInvalidValue);
  EXPECT_EQ(PrivateKey::from_pkcs8_pem("", kPassphrase).error().reason, Reason::kMalformed);
  EXPECT_EQ(PrivateKey::from_pkcs8_pem("-----BEGIN CERTIFICATE-----\n", "").error().reason, Reason::kMalformed);
  EXPECT_EQ(PrivateKey::from_pkcs8_pem(std::string(70000, 'x'), "").error().reason, Reason::kMalformed);
  EXPECT_EQ(PrivateKey::from_pkcs12({}, kPassphrase).error().reason, Reason::kMalformed);
}

TEST(KeyFile, DamagedFilesAreRefusedQuietly) {
  SeededRandom random(24);
  const PrivateKey key = PrivateKey::generate(SignatureAlgorithm::kSm2Sm3, random).value();
  const Bytes file = key.to_pkcs12(kPassphrase, "clerk").value();
  for (std::size_t length = 0; length < 60; ++length) {
    EXPECT_FALSE(PrivateKey::from_pkcs12(BytesView(file).first(length), kPassphrase));
  }
}

}  // namespace
}  // namespace chancery::crypto
