#include "crypto/envelope.h"

#include <gtest/gtest.h>

#include "crypto/der.h"

namespace chancery::crypto {
namespace {

constexpr AgreementAlgorithm kReaders[] = {AgreementAlgorithm::kX25519, AgreementAlgorithm::kEcdhP256,
                                           AgreementAlgorithm::kSm2};

TEST(Envelope, OpensForEachOfItsReaders) {
  SeededRandom random(51);
  for (const AeadAlgorithm aead : {AeadAlgorithm::kAes256Gcm, AeadAlgorithm::kSm4Gcm}) {
    const DataKey key = DataKey::generate(aead, random);
    const Bytes document = random.bytes(3000);
    const Bytes sealed = seal_document(key, as_bytes("doc-1"), document, random).value();
    for (const AgreementAlgorithm algorithm : kReaders) {
      SCOPED_TRACE(to_string(algorithm));
      const ReaderPrivateKey reader = ReaderPrivateKey::generate(algorithm, random).value();
      const Bytes wrapped = wrap_key(key, as_bytes("doc-1"), reader.public_key(), random).value();
      EXPECT_EQ(reader_of(wrapped).value(), key_id(reader.public_key()));
      const auto opened = unwrap_key(wrapped, as_bytes("doc-1"), reader);
      ASSERT_TRUE(opened) << opened.error().message();
      EXPECT_EQ(open_document(*opened, as_bytes("doc-1"), sealed).value(), document);
    }
  }
}

TEST(Envelope, StaysShutForOthers) {
  SeededRandom random(52);
  const DataKey key = DataKey::generate(AeadAlgorithm::kSm4Gcm, random);
  for (const AgreementAlgorithm algorithm : kReaders) {
    const ReaderPrivateKey reader = ReaderPrivateKey::generate(algorithm, random).value();
    const ReaderPrivateKey other = ReaderPrivateKey::generate(algorithm, random).value();
    const Bytes wrapped = wrap_key(key, as_bytes("doc-1"), reader.public_key(), random).value();
    EXPECT_EQ(unwrap_key(wrapped, as_bytes("doc-1"), other).error().reason, Reason::kForbidden);
    EXPECT_EQ(unwrap_key(wrapped, as_bytes("doc-2"), reader).error().reason, Reason::kProofInvalid);
  }
}

TEST(Envelope, NoticesEveryChangedByte) {
  SeededRandom random(53);
  const DataKey key = DataKey::generate(AeadAlgorithm::kAes256Gcm, random);
  const Bytes sealed = seal_document(key, as_bytes("c"), as_bytes("text"), random).value();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 1;
    EXPECT_FALSE(open_document(key, as_bytes("c"), changed)) << i;
  }
  for (const AgreementAlgorithm algorithm : kReaders) {
    const ReaderPrivateKey reader = ReaderPrivateKey::generate(algorithm, random).value();
    const Bytes wrapped = wrap_key(key, as_bytes("c"), reader.public_key(), random).value();
    for (std::size_t i = 0; i < wrapped.size(); ++i) {
      Bytes changed = wrapped;
      changed[i] ^= 1;
      EXPECT_FALSE(unwrap_key(changed, as_bytes("c"), reader)) << to_string(algorithm) << " " << i;
      EXPECT_FALSE(unwrap_key(BytesView(wrapped).first(i), as_bytes("c"), reader));
    }
  }
}

TEST(Sm2Encryption, OpensTheExampleOfTheStandard) {
  // GB/T 32918.5-2017 appendix C.2.
  const ReaderPrivateKey reader =
      ReaderPrivateKey::from_secret(
          AgreementAlgorithm::kSm2,
          from_hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8").value())
          .value();
  const Bytes ciphertext = der::sequence(
      {der::unsigned_integer(from_hex("04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73").value()),
       der::unsigned_integer(from_hex("E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0").value()),
       der::octet_string(from_hex("59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766").value()),
       der::octet_string(from_hex("21886CA989CA9C7D58087307CA93092D651EFA").value())});
  const auto opened = sm2_decrypt(reader, ciphertext);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(as_text({opened->data(), opened->size()}), "encryption standard");
  Bytes longer = ciphertext;
  longer.push_back(0);
  EXPECT_EQ(sm2_decrypt(reader, longer).error().reason, Reason::kMalformed);
}

TEST(Sm2Encryption, RefusesNothingAndTooMuch) {
  SeededRandom random(54);
  const ReaderPrivateKey reader = ReaderPrivateKey::generate(AgreementAlgorithm::kSm2, random).value();
  EXPECT_FALSE(sm2_encrypt(reader.public_key(), {}));
  EXPECT_FALSE(sm2_encrypt(reader.public_key(), Bytes(4097)));
  EXPECT_FALSE(agree(reader, reader.public_key()));
}

}  // namespace
}  // namespace chancery::crypto
