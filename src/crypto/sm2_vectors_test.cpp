// tests/vectors/sm2_sm3_adversarial_test.json against both backends; tools/make_sm2_vectors.py says what is in it.
#include <deque>

#include "crypto/spki.h"
#include "crypto/wycheproof_file.h"

namespace chancery::crypto {
namespace {

using nlohmann::json;

constexpr const char* kVectors = "tests/vectors/sm2_sm3_adversarial_test.json";

class Sm2Vectors : public EachBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, Sm2Vectors, testing::ValuesIn(kEveryBackend), backend_name);

std::optional<Bytes> p1363_of(const json& group, const json& test) {
  const Bytes encoded = hex_of(test, "sig");
  if (group.at("encoding") == "p1363") return encoded;
  const auto signature = der_to_p1363(encoded);
  if (!signature) return std::nullopt;
  return Bytes(signature->begin(), signature->end());
}

TEST(Sm2VectorFile, IsThereAndLargeEnough) {
  const auto file = read_vectors(kVectors);
  ASSERT_TRUE(file);
  EXPECT_GE(file->at("numberOfTests").get<int>(), 300);
}

TEST_P(Sm2Vectors, AreJudgedAsTheStandardSays) {
  for_each_vector(kVectors, [](const json& group, const json& test) {
    const auto key = public_key_from_spki(hex_of(group, "publicKeyDer"));
    const auto signature = p1363_of(group, test);
    if (!key || !signature) return expect_result(test, false);
    const Bytes message = hex_of(test, "msg");
    const Bytes id = hex_of(group, "id");
    const bool standard_id = as_text(id) == kSm2DefaultId;
    if (standard_id) expect_result(test, verify(*key, message, *signature));
    expect_result(test, verify_sm2_with_id(*key, id, message, *signature));
  });
}

TEST_P(Sm2Vectors, AreJudgedTheSameInABatch) {
  std::deque<PublicKey> keys;
  std::deque<std::pair<Bytes, Bytes>> parts;
  std::vector<VerifyItem> items;
  std::vector<json> tests;
  for_each_vector(kVectors, [&](const json& group, const json& test) {
    const auto key = public_key_from_spki(hex_of(group, "publicKeyDer"));
    const auto signature = p1363_of(group, test);
    if (!key || !signature || as_text(hex_of(group, "id")) != kSm2DefaultId) return;
    keys.push_back(*key);
    parts.emplace_back(hex_of(test, "msg"), *signature);
    items.push_back({&keys.back(), parts.back().first, parts.back().second});
    tests.push_back(test);
  });
  std::vector<std::uint8_t> ok(items.size());
  verify_batch(items, ok);
  for (std::size_t i = 0; i < items.size(); ++i) {
    SCOPED_TRACE(tests[i].at("tcId").dump() + " " + tests[i].at("comment").get<std::string>());
    expect_result(tests[i], ok[i] == 1);
  }
}

TEST_P(Sm2Vectors, BadKeysAreRefusedAlsoWithoutParsing) {
  for_each_vector(kVectors, [](const json& group, const json& test) {
    if (test.at("flags").at(0) != "InvalidKey") return;
    const Bytes spki = hex_of(group, "publicKeyDer");
    EXPECT_FALSE(public_key_from_spki(spki));
    const auto signature = p1363_of(group, test);
    // Whatever bytes end up in a key without going through the door.
    for (const std::size_t tail : {65U, 64U, 33U, 1U}) {
      if (spki.size() < tail || to_hex(spki).find("06082a811ccf5501822d0342") == std::string::npos) continue;
      const PublicKey key{SignatureAlgorithm::kSm2Sm3,
                          Bytes(spki.end() - static_cast<std::ptrdiff_t>(tail), spki.end())};
      if (PublicKey::parse(key.algorithm, key.bytes)) continue;  // the key is good and its wrapping bad
      EXPECT_FALSE(verify(key, hex_of(test, "msg"), *signature));
    }
  });
}

}  // namespace
}  // namespace chancery::crypto
