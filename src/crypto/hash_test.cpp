#include "crypto/hash.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "crypto/wycheproof_file.h"

namespace chancery::crypto {
namespace {

class HashBatch : public EachBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, HashBatch, testing::ValuesIn(kEveryBackend), backend_name);

constexpr HashAlgorithm kBoth[] = {HashAlgorithm::kSha256, HashAlgorithm::kSm3};

TEST(Hash, GivesThePublishedValues) {
  // FIPS 180-4 and GB/T 32905-2016 appendix A.
  EXPECT_EQ(to_hex(hash(HashAlgorithm::kSha256, as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(hash(HashAlgorithm::kSm3, as_bytes("abc"))),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string long_text;
  for (int i = 0; i < 16; ++i) long_text += "abcd";
  EXPECT_EQ(to_hex(hash(HashAlgorithm::kSm3, as_bytes(long_text))),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(Hash, PiecesEqualTheWhole) {
  SeededRandom random(1);
  for (const HashAlgorithm algorithm : kBoth) {
    const Bytes input = random.bytes(1000);
    Hasher hasher(algorithm);
    for (std::size_t at = 0; at < input.size(); at += 37) {
      hasher.update(BytesView(input).subspan(at, std::min<std::size_t>(37, input.size() - at)));
    }
    EXPECT_EQ(hasher.finish(), hash(algorithm, input));
    EXPECT_EQ(hasher.finish(), hash(algorithm, {})) << "it starts afresh after finish()";
  }
}

TEST(Hash, TwoHashersAtOnceDoNotMix) {
  for (const HashAlgorithm algorithm : kBoth) {
    Hasher first(algorithm);
    first.update(as_bytes("a"));
    Hasher second(algorithm);
    second.update(as_bytes("x"));
    first.update(as_bytes("b"));
    EXPECT_EQ(first.finish(), hash(algorithm, as_bytes("ab")));
    EXPECT_EQ(second.finish(), hash(algorithm, as_bytes("x")));
  }
}

TEST_P(HashBatch, EqualsOneByOneForEveryLengthAndCount) {
  SeededRandom random(2);
  for (const HashAlgorithm algorithm : kBoth) {
    for (const std::size_t count : {0U, 1U, 3U, 4U, 15U, 16U, 17U, 33U, 300U}) {
      for (const bool alike : {true, false}) {
        std::vector<Bytes> inputs;
        for (std::size_t i = 0; i < count; ++i) inputs.push_back(random.bytes(alike ? 65 : (i * 7) % 260));
        const std::vector<BytesView> views(inputs.begin(), inputs.end());
        std::vector<Digest> out(count);
        hash_batch(algorithm, views, out);
        for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(out[i], hash(algorithm, inputs[i])) << i << " of " << count;
      }
    }
  }
}

TEST_P(HashBatch, TakesAHugeInputAmongSmallOnes) {
  std::vector<Bytes> inputs(20, Bytes(10, 0x61));
  inputs[7] = Bytes(3 << 20, 0x62);
  const std::vector<BytesView> views(inputs.begin(), inputs.end());
  std::vector<Digest> out(inputs.size());
  hash_batch(HashAlgorithm::kSm3, views, out);
  EXPECT_EQ(out[7], hash(HashAlgorithm::kSm3, inputs[7]));
  EXPECT_EQ(out[19], hash(HashAlgorithm::kSm3, inputs[19]));
}

TEST(DomainHash, HasTheDocumentedPreImage) {
  Bytes pre_image = {4, 't', 'e', 's', 't'};
  append_u64_be(pre_image, 2);
  append(pre_image, as_bytes("ab"));
  append_u64_be(pre_image, 0);
  for (const HashAlgorithm algorithm : kBoth) {
    EXPECT_EQ(domain_hash(algorithm, "test", {as_bytes("ab"), BytesView()}), hash(algorithm, pre_image));
  }
}

TEST(DomainHash, MovingABoundaryChangesTheHash) {
  const auto of = [](std::string_view domain, std::initializer_list<BytesView> parts) {
    return domain_hash(HashAlgorithm::kSha256, domain, parts);
  };
  EXPECT_NE(of("t", {as_bytes("ab"), as_bytes("c")}), of("t", {as_bytes("a"), as_bytes("bc")}));
  EXPECT_NE(of("t", {as_bytes("ab")}), of("t", {as_bytes("ab"), BytesView()}));
  EXPECT_NE(of("t1", {}), of("t", {as_bytes("1")}));
}

TEST(Hkdf, RefusesMoreThan255Blocks) {
  EXPECT_TRUE(hkdf(HashAlgorithm::kSm3, as_bytes("k"), {}, {}, 8160));
  EXPECT_EQ(hkdf(HashAlgorithm::kSm3, as_bytes("k"), {}, {}, 8161).error().reason, Reason::kInvalidValue);
  EXPECT_TRUE(hkdf(HashAlgorithm::kSm3, as_bytes("k"), {}, {}, 0).value().empty());
}

}  // namespace
}  // namespace chancery::crypto
