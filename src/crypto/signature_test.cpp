#include "crypto/signature.h"

#include <gtest/gtest.h>

#include <thread>

#include "crypto/curve.h"
#include "crypto/ec_sign.h"
#include "crypto/spki.h"
#include "crypto/wycheproof_file.h"

namespace chancery::crypto {
namespace {

constexpr SignatureAlgorithm kAll[] = {SignatureAlgorithm::kEd25519, SignatureAlgorithm::kEcdsaP256Sha256,
                                       SignatureAlgorithm::kSm2Sm3};

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}

class Signatures : public EachBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, Signatures, testing::ValuesIn(kEveryBackend), backend_name);

TEST_P(Signatures, HoldForTheirMessageAndKeyOnly) {
  SeededRandom random(11);
  for (const SignatureAlgorithm algorithm : kAll) {
    SCOPED_TRACE(to_string(algorithm));
    const PrivateKey key = PrivateKey::generate(algorithm, random).value();
    const PrivateKey other = PrivateKey::generate(algorithm, random).value();
    for (const std::size_t bytes : {0U, 1U, 55U, 64U, 250U, 20000U}) {
      Bytes message = random.bytes(bytes);
      Signature signature = key.sign(message).value();
      EXPECT_TRUE(verify(key.public_key(), message, signature));
      EXPECT_FALSE(verify(other.public_key(), message, signature));
      message.push_back(0);
      EXPECT_FALSE(verify(key.public_key(), message, signature));
      message.pop_back();
      signature[bytes % 64] ^= 0x10;
      EXPECT_FALSE(verify(key.public_key(), message, signature));
      EXPECT_FALSE(verify(key.public_key(), message, BytesView(signature).first(63)));
      EXPECT_FALSE(verify(key.public_key(), message, {}));
    }
  }
}

TEST_P(Signatures, AreTheSameFromBothBackends) {
  SeededRandom random(12);
  for (const SignatureAlgorithm algorithm : kAll) {
    const PrivateKey key = PrivateKey::generate(algorithm, random).value();
    const Bytes message = random.bytes(100);
    const Signature mine = key.sign(message).value();
    force_backend_for_test(Backend::kOpenSsl);
    EXPECT_EQ(key.sign(message).value(), mine) << to_string(algorithm);
    force_backend_for_test(GetParam());
  }
}

TEST_P(Signatures, OfABatchVerifyAndAreHedged) {
  SeededRandom random(13);
  for (const SignatureAlgorithm algorithm : kAll) {
    SCOPED_TRACE(to_string(algorithm));
    const PrivateKey key = PrivateKey::generate(algorithm, random).value();
    std::vector<Bytes> messages;
    for (std::size_t i = 0; i < 19; ++i) messages.push_back(random.bytes(i == 5 ? 20000 : i * 13));
    const std::vector<BytesView> views(messages.begin(), messages.end());
    const auto signatures = sign_batch(key, views, random).value();
    for (std::size_t i = 0; i < views.size(); ++i) EXPECT_TRUE(verify(key.public_key(), views[i], signatures[i])) << i;
    const bool same = signatures[3] == key.sign(views[3]).value();
    EXPECT_EQ(same, algorithm == SignatureAlgorithm::kEd25519);
  }
}

TEST_P(Signatures, OfABatchAreJudgedOneByOne) {
  SeededRandom random(14);
  std::vector<PrivateKey> keys;
  for (int i = 0; i < 9; ++i) keys.push_back(PrivateKey::generate(kAll[i % 3], random).value());
  for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 40U, 131U}) {
    std::vector<Bytes> messages;
    std::vector<Signature> signatures;
    for (std::size_t i = 0; i < count; ++i) {
      messages.push_back(random.bytes(i * 31 % 400));
      signatures.push_back(keys[i * i % 9].sign(messages[i]).value());
      if (i % 5 == 2) signatures[i][(i * 7) % 64] ^= 1;
      if (i % 11 == 3) messages[i].push_back(1);
    }
    std::vector<VerifyItem> items;
    for (std::size_t i = 0; i < count; ++i)
      items.push_back({&keys[i * i % 9].public_key(), messages[i], signatures[i]});
    std::vector<std::uint8_t> ok(count, 7);
    verify_batch(items, ok);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(ok[i], i % 5 == 2 || i % 11 == 3 ? 0 : 1) << i;
      EXPECT_EQ(ok[i] == 1, verify(*items[i].key, items[i].message, items[i].signature)) << i;
    }
  }
}

TEST_P(Signatures, OfKeysThatNobodyParsedAreRefusedWhenTheKeyIsBad) {
  SeededRandom random(15);
  for (const SignatureAlgorithm algorithm : kAll) {
    const PrivateKey key = PrivateKey::generate(algorithm, random).value();
    const Bytes message = random.bytes(10);
    const Signature signature = key.sign(message).value();
    PublicKey bad = key.public_key();
    bad.bytes.pop_back();
    EXPECT_FALSE(verify(bad, message, signature));
    bad = key.public_key();
    bad.bytes.back() ^= 1;
    EXPECT_FALSE(verify(bad, message, signature));
    bad.bytes.clear();
    EXPECT_FALSE(verify(bad, message, signature));
    bad = key.public_key();
    bad.algorithm = static_cast<SignatureAlgorithm>(99);
    EXPECT_FALSE(verify(bad, message, signature));
  }
}

TEST_P(Signatures, Ed25519KeysOfSmallOrderSignNothing) {
  // With such a key, S = 0 and a fitting R verify for many messages in lax implementations.
  for (const char* text : {"0100000000000000000000000000000000000000000000000000000000000000",
                           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                           "0000000000000000000000000000000000000000000000000000000000000000",
                           "0000000000000000000000000000000000000000000000000000000000000080",
                           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
    SCOPED_TRACE(text);
    const PublicKey key{SignatureAlgorithm::kEd25519, hex(text)};
    EXPECT_FALSE(PublicKey::parse(key.algorithm, key.bytes));
    Signature signature{};
    for (const int first : {0x00, 0x01, 0xec}) {
      signature[0] = static_cast<std::uint8_t>(first);
      for (int i = 0; i < 16; ++i) {
        const std::string message = std::to_string(i);
        EXPECT_FALSE(verify(key, as_bytes(message), signature));
      }
    }
  }
}

TEST(Nonces, AreThoseOfRfc6979) {
  // RFC 6979 appendix A.2.5, P-256 with SHA-256.
  const PrivateKey key =
      PrivateKey::from_secret(SignatureAlgorithm::kEcdsaP256Sha256,
                              hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"))
          .value();
  EXPECT_EQ(to_hex(key.sign(as_bytes("sample")).value()),
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  EXPECT_EQ(to_hex(key.sign(as_bytes("test")).value()),
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");
}

TEST(Sm2, GivesTheExampleOfTheStandard) {
  // GB/T 32918.5-2017 appendix A.2.
  const Bytes secret = hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
  const Bytes nonce = hex("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21");
  const PrivateKey key = PrivateKey::from_secret(SignatureAlgorithm::kSm2Sm3, secret).value();
  EXPECT_EQ(to_hex(key.public_key().bytes),
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
  EXPECT_EQ(to_hex(sm2_z(key.public_key(), kSm2DefaultId)),
            "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3");
  const Digest e = ec_message_digest(key.public_key(), as_bytes("message digest"));
  EXPECT_EQ(to_hex(e), "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640");
  const auto signature = ec_sign_with_nonce(SignatureAlgorithm::kSm2Sm3, secret, e, nonce);
  ASSERT_TRUE(signature);
  EXPECT_EQ(to_hex(*signature),
            "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
            "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
  EXPECT_TRUE(verify(key.public_key(), as_bytes("message digest"), *signature));
  EXPECT_TRUE(verify_sm2_with_id(key.public_key(), as_bytes(kSm2DefaultId), as_bytes("message digest"), *signature));
  EXPECT_FALSE(
      verify_sm2_with_id(key.public_key(), as_bytes("ALICE123@YAHOO.COM"), as_bytes("message digest"), *signature));
  EXPECT_FALSE(verify_sm2_with_id(key.public_key(), Bytes(8191), as_bytes("message digest"), *signature));
}

TEST(Keys, ComeCompressedAndStayExpanded) {
  SeededRandom random(16);
  for (const SignatureAlgorithm algorithm : {SignatureAlgorithm::kEcdsaP256Sha256, SignatureAlgorithm::kSm2Sm3}) {
    for (int i = 0; i < 8; ++i) {
      const PublicKey key = PrivateKey::generate(algorithm, random).value().public_key();
      Bytes compressed(key.bytes.begin(), key.bytes.begin() + 33);
      compressed[0] = static_cast<std::uint8_t>(2 + (key.bytes.back() & 1));
      EXPECT_EQ(PublicKey::parse(algorithm, compressed).value(), key);
      EXPECT_EQ(PublicKey::parse(algorithm, key.bytes).value(), key);
      EXPECT_EQ(public_key_from_spki(to_spki(key)).value(), key);
    }
  }
  const PublicKey key = PrivateKey::generate(SignatureAlgorithm::kEd25519, random).value().public_key();
  EXPECT_EQ(public_key_from_spki(to_spki(key)).value(), key);
}

TEST(Keys, OffTheCurveOrNotCanonicalAreRefused) {
  SeededRandom random(17);
  for (const SignatureAlgorithm algorithm : {SignatureAlgorithm::kEcdsaP256Sha256, SignatureAlgorithm::kSm2Sm3}) {
    const Bytes good = PrivateKey::generate(algorithm, random).value().public_key().bytes;
    Bytes bad = good;
    bad[64] ^= 1;
    EXPECT_EQ(PublicKey::parse(algorithm, bad).error().reason, Reason::kInvalidValue);
    bad = good;
    std::fill_n(bad.begin() + 1, 32, 0xff);
    EXPECT_FALSE(PublicKey::parse(algorithm, bad));
    for (const int prefix : {0, 1, 2, 3, 5, 6, 7}) {
      bad = good;
      bad[0] = static_cast<std::uint8_t>(prefix);
      EXPECT_EQ(PublicKey::parse(algorithm, bad).error().reason, Reason::kMalformed) << prefix;
    }
    EXPECT_FALSE(PublicKey::parse(algorithm, Bytes{0}));
    EXPECT_FALSE(PublicKey::parse(algorithm, Bytes(65, 0)));
    EXPECT_FALSE(PublicKey::parse(algorithm, {}));
  }
}

TEST(Keys, OutOfRangeAreNoPrivateKeys) {
  const Bytes zero(32);
  Bytes last = to_bytes(curve_of(SignatureAlgorithm::kSm2Sm3).order);
  last.back() -= 1;
  EXPECT_FALSE(PrivateKey::from_secret(SignatureAlgorithm::kSm2Sm3, zero));
  EXPECT_FALSE(PrivateKey::from_secret(SignatureAlgorithm::kSm2Sm3, last)) << "1 + d would be zero";
  last.back() -= 1;
  EXPECT_TRUE(PrivateKey::from_secret(SignatureAlgorithm::kSm2Sm3, last));
  const Digest& order = curve_of(SignatureAlgorithm::kEcdsaP256Sha256).order;
  EXPECT_FALSE(PrivateKey::from_secret(SignatureAlgorithm::kEcdsaP256Sha256, order));
}

TEST(Keys, IdentifiersDependOnAlgorithmAndBytes) {
  const Bytes bytes(65, 4);
  EXPECT_NE(key_id({SignatureAlgorithm::kSm2Sm3, bytes}), key_id({SignatureAlgorithm::kEcdsaP256Sha256, bytes}));
}

TEST(Names, RoundTrip) {
  for (const SignatureAlgorithm algorithm : kAll) {
    EXPECT_EQ(signature_algorithm_from_string(to_string(algorithm)), algorithm);
    EXPECT_EQ(signature_algorithm_from_number(static_cast<std::uint32_t>(algorithm)), algorithm);
  }
  EXPECT_FALSE(signature_algorithm_from_string("rsa"));
  EXPECT_FALSE(signature_algorithm_from_number(0));
  EXPECT_FALSE(signature_algorithm_from_number(4));
}

TEST(Threads, ShareKeysAndVerifyAtOnce) {
  SeededRandom random(18);
  const PrivateKey key = PrivateKey::generate(SignatureAlgorithm::kSm2Sm3, random).value();
  const Signature signature = key.sign(as_bytes("m")).value();
  std::array<bool, 4> good{};
  std::vector<std::thread> threads;
  for (bool& slot : good) {
    threads.emplace_back([&] { slot = verify(key.public_key(), as_bytes("m"), signature); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const bool slot : good) EXPECT_TRUE(slot);
}

}  // namespace
}  // namespace chancery::crypto
