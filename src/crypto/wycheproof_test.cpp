#include "crypto/wycheproof_file.h"

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/key_agreement.h"
#include "crypto/mldsa.h"
#include "crypto/rsa.h"
#include "crypto/spki.h"

namespace chancery::crypto {
namespace {

using nlohmann::json;

class Wycheproof : public EachBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, Wycheproof, testing::ValuesIn(kEveryBackend), backend_name);

TEST_P(Wycheproof, EcdsaInDer) {
  for_each_vector(wycheproof_path("ecdsa_secp256r1_sha256_test.json"), [](const json& group, const json& test) {
    const auto key = public_key_from_spki(hex_of(group, "publicKeyDer"));
    ASSERT_TRUE(key);
    const auto signature = der_to_p1363(hex_of(test, "sig"));
    expect_result(test, signature && verify(*key, hex_of(test, "msg"), *signature));
  });
}

TEST_P(Wycheproof, EcdsaInP1363) {
  for_each_vector(wycheproof_path("ecdsa_secp256r1_sha256_p1363_test.json"), [](const json& group, const json& test) {
    const auto key = public_key_from_spki(hex_of(group, "publicKeyDer"));
    ASSERT_TRUE(key);
    expect_result(test, verify(*key, hex_of(test, "msg"), hex_of(test, "sig")));
  });
}

TEST_P(Wycheproof, EcdsaInFullLanes) {
  std::vector<PublicKey> keys;
  std::vector<std::pair<Bytes, Bytes>> parts;
  std::vector<json> tests;
  for_each_vector(wycheproof_path("ecdsa_secp256r1_sha256_p1363_test.json"), [&](const json& group, const json& test) {
    keys.push_back(public_key_from_spki(hex_of(group, "publicKeyDer")).value());
    parts.emplace_back(hex_of(test, "msg"), hex_of(test, "sig"));
    tests.push_back(test);
  });
  std::vector<VerifyItem> items;
  for (std::size_t i = 0; i < keys.size(); ++i) items.push_back({&keys[i], parts[i].first, parts[i].second});
  std::vector<std::uint8_t> ok(items.size());
  verify_batch(items, ok);
  for (std::size_t i = 0; i < items.size(); ++i) {
    SCOPED_TRACE(tests[i].at("comment"));
    expect_result(tests[i], ok[i] == 1);
  }
}

TEST_P(Wycheproof, Ed25519) {
  for_each_vector(wycheproof_path("ed25519_test.json"), [](const json& group, const json& test) {
    const auto key = public_key_from_spki(hex_of(group, "publicKeyDer"));
    ASSERT_TRUE(key);
    expect_result(test, verify(*key, hex_of(test, "msg"), hex_of(test, "sig")));
  });
}

void check_aead(AeadAlgorithm algorithm, const json& group, const json& test) {
  const Bytes key = hex_of(test, "key");
  const Bytes iv = hex_of(test, "iv");
  Bytes sealed = hex_of(test, "ct");
  append(sealed, hex_of(test, "tag"));
  if (group.at("tagSize") != 128) return;
  AeadNonce nonce;
  if (key.size() != aead_key_bytes(algorithm) || iv.size() != nonce.size()) {
    // Key and nonce sizes that our interface does not have: refused by length, or by type.
    EXPECT_TRUE(key.size() == aead_key_bytes(algorithm) || !seal(algorithm, key, {}, {}, {}));
    return;
  }
  std::ranges::copy(iv, nonce.begin());
  const auto opened = open(algorithm, key, nonce, hex_of(test, "aad"), sealed);
  expect_result(test, opened && *opened == hex_of(test, "msg"));
  if (test.at("result") == "valid") {
    EXPECT_EQ(seal(algorithm, key, nonce, hex_of(test, "aad"), hex_of(test, "msg")).value(), sealed);
  }
}

TEST(WycheproofAead, AesGcm) {
  for_each_vector(wycheproof_path("aes_gcm_test.json"),
                  [](const json& group, const json& test) { check_aead(AeadAlgorithm::kAes256Gcm, group, test); });
}

TEST(WycheproofAead, Sm4Gcm) {
  for_each_vector(wycheproof_path("sm4_gcm_test.json"),
                  [](const json& group, const json& test) { check_aead(AeadAlgorithm::kSm4Gcm, group, test); });
}

TEST(WycheproofMac, HmacSm3) {
  for_each_vector(wycheproof_path("hmac_sm3_test.json"), [](const json& group, const json& test) {
    const Bytes tag = hex_of(test, "tag");
    ASSERT_EQ(group.at("tagSize").get<std::size_t>(), tag.size() * 8);
    const Digest mine = hmac(HashAlgorithm::kSm3, hex_of(test, "key"), hex_of(test, "msg"));
    expect_result(test, equal_constant_time(BytesView(mine).first(tag.size()), tag));
  });
}

TEST(WycheproofKdf, HkdfSha256) {
  for_each_vector(wycheproof_path("hkdf_sha256_test.json"), [](const json&, const json& test) {
    const auto mine = hkdf(HashAlgorithm::kSha256, hex_of(test, "ikm"), hex_of(test, "salt"), hex_of(test, "info"),
                           test.at("size").get<std::size_t>());
    expect_result(test, mine && *mine == hex_of(test, "okm"));
  });
}

TEST(WycheproofAgreement, EcdhP256) {
  for_each_vector(wycheproof_path("ecdh_secp256r1_test.json"), [](const json&, const json& test) {
    Bytes scalar = hex_of(test, "private");
    while (scalar.size() > 32 && scalar.front() == 0) scalar.erase(scalar.begin());
    scalar.insert(scalar.begin(), 32 - scalar.size(), 0);
    const auto mine = ReaderPrivateKey::from_secret(AgreementAlgorithm::kEcdhP256, scalar);
    ASSERT_TRUE(mine);
    const auto theirs = reader_key_from_spki(hex_of(test, "public"));
    if (!theirs) return expect_result(test, false);
    const auto shared = agree(*mine, *theirs);
    const Bytes expected = hex_of(test, "shared");
    expect_result(test, shared && to_bytes(BytesView(shared->data(), shared->size())) == expected);
  });
}

TEST(WycheproofAgreement, X25519) {
  for_each_vector(wycheproof_path("x25519_test.json"), [](const json&, const json& test) {
    const auto mine = ReaderPrivateKey::from_secret(AgreementAlgorithm::kX25519, hex_of(test, "private"));
    const auto theirs = ReaderPublicKey::parse(AgreementAlgorithm::kX25519, hex_of(test, "public"));
    ASSERT_TRUE(mine);
    ASSERT_TRUE(theirs);
    const auto shared = agree(*mine, *theirs);
    const Bytes expected = hex_of(test, "shared");
    const bool zero = std::ranges::all_of(expected, [](std::uint8_t byte) { return byte == 0; });
    EXPECT_EQ(shared.has_value(), !zero);
    EXPECT_TRUE(!shared || to_bytes(BytesView(shared->data(), shared->size())) == expected);
  });
}

TEST(WycheproofRsa, Pkcs1) {
  for_each_vector(wycheproof_path("rsa_signature_2048_sha256_test.json"), [](const json& group, const json& test) {
    expect_result(test, verify_rsa(RsaPadding::kPkcs1Sha256, hex_of(group, "publicKeyDer"), hex_of(test, "msg"),
                                   hex_of(test, "sig")));
  });
}

TEST(WycheproofRsa, Pss) {
  for_each_vector(wycheproof_path("rsa_pss_2048_sha256_mgf1_32_test.json"), [](const json& group, const json& test) {
    expect_result(test, verify_rsa(RsaPadding::kPssSha256, hex_of(group, "publicKeyDer"), hex_of(test, "msg"),
                                   hex_of(test, "sig")));
  });
}

TEST(WycheproofMlDsa, Verify65) {
  for_each_vector(wycheproof_path("mldsa_65_verify_test.json"), [](const json& group, const json& test) {
    const Bytes context = test.contains("ctx") ? hex_of(test, "ctx") : Bytes();
    expect_result(test, verify_mldsa65(hex_of(group, "publicKey"), hex_of(test, "msg"), context, hex_of(test, "sig")));
  });
}

}  // namespace
}  // namespace chancery::crypto
