#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "crypto/openssl_ptr.h"

namespace chancery::crypto {
namespace {

constexpr AeadAlgorithm kBoth[] = {AeadAlgorithm::kAes256Gcm, AeadAlgorithm::kSm4Gcm};

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}

TEST(Sm4, GivesTheExampleOfTheStandard) {
  // GB/T 32907-2016 appendix A.1, on the cipher under our GCM.
  const Bytes key = hex("0123456789abcdeffedcba9876543210");
  const EvpCipherCtxPtr context(EVP_CIPHER_CTX_new());
  ASSERT_EQ(EVP_EncryptInit_ex2(context.get(), EVP_sm4_ecb(), key.data(), nullptr, nullptr), 1);
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  Bytes block = key;
  int written = 0;
  ASSERT_EQ(EVP_EncryptUpdate(context.get(), block.data(), &written, block.data(), 16), 1);
  EXPECT_EQ(to_hex(block), "681edf34d206965e86b3e94f536e4246");
}

TEST(Sm4Gcm, GivesTheExampleOfRfc8998) {
  // RFC 8998 appendix A.1.
  AeadNonce nonce;
  std::ranges::copy(hex("00001234567800000000abcd"), nonce.begin());
  const Bytes plaintext =
      hex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffff"
          "eeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
  const Bytes sealed = seal(AeadAlgorithm::kSm4Gcm, hex("0123456789abcdeffedcba9876543210"), nonce,
                            hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"), plaintext)
                           .value();
  EXPECT_EQ(to_hex(sealed),
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15"
            "a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec");
}

TEST(Aead, OpensWhatItSealedAndNothingElse) {
  SeededRandom random(41);
  for (const AeadAlgorithm algorithm : kBoth) {
    for (const std::size_t bytes : {0U, 1U, 15U, 16U, 17U, 1023U, 1024U, 1025U, 5000U}) {
      const Bytes key = random.bytes(aead_key_bytes(algorithm));
      const Bytes data = random.bytes(bytes % 50);
      const Bytes plaintext = random.bytes(bytes);
      AeadNonce nonce;
      random.fill(nonce);
      Bytes sealed = seal(algorithm, key, nonce, data, plaintext).value();
      EXPECT_EQ(sealed.size(), bytes + kAeadTagBytes);
      EXPECT_EQ(open(algorithm, key, nonce, data, sealed).value(), plaintext);
      EXPECT_FALSE(open(algorithm, key, nonce, as_bytes("other"), sealed));
      EXPECT_FALSE(open(algorithm, key, nonce, data, BytesView(sealed).first(sealed.size() - 1)));
      sealed[random.below(sealed.size())] ^= 1;
      EXPECT_EQ(open(algorithm, key, nonce, data, sealed).error().reason, Reason::kProofInvalid);
    }
    EXPECT_FALSE(open(algorithm, Bytes(aead_key_bytes(algorithm)), {}, {}, Bytes(15)));
    EXPECT_EQ(seal(algorithm, Bytes(8), {}, {}, {}).error().reason, Reason::kInvalidValue);
  }
}

}  // namespace
}  // namespace chancery::crypto
