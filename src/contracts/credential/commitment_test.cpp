#include "contracts/credential/commitment.h"

#include <algorithm>

#include "contracts/testing/expect.h"

namespace chancery::contracts::credential {
namespace {

using testing::refused;
using testing::succeeds;

constexpr auto kSm3 = crypto::HashAlgorithm::kSm3;

Salt salt_of(std::uint8_t byte) {
  Salt out;
  out.fill(byte);
  return out;
}

std::vector<Digest> commitments_of(crypto::HashAlgorithm hash, std::size_t count) {
  std::vector<Digest> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(field_commitment(hash, salt_of(static_cast<std::uint8_t>(i)), "field-" + std::to_string(i), i));
  }
  return out;
}

TEST(Commitments, DependOnEverything) {
  const Digest base = field_commitment(kSm3, salt_of(1), "name", "林某某");
  EXPECT_NE(base, field_commitment(kSm3, salt_of(2), "name", "林某某"));
  EXPECT_NE(base, field_commitment(kSm3, salt_of(1), "name2", "林某某"));
  EXPECT_NE(base, field_commitment(kSm3, salt_of(1), "name", "林某"));
  EXPECT_NE(base, field_commitment(crypto::HashAlgorithm::kSha256, salt_of(1), "name", "林某某"));
  EXPECT_NE(field_commitment(kSm3, salt_of(1), "ab", "c"), field_commitment(kSm3, salt_of(1), "a", "bc"));
  EXPECT_NE(field_commitment(kSm3, salt_of(1), "a", 1), field_commitment(kSm3, salt_of(1), "a", "1"));
  EXPECT_NE(holder_commitment(kSm3, salt_of(1), "name", "x"), field_commitment(kSm3, salt_of(1), "name", "x"));
}

TEST(Commitments, DontDependOnTheOrderOfMembers) {
  const Json one = Json::parse(R"({"street":"a","number":1})");
  const Json two = Json::parse(R"({"number":1.0e0,"street":"a"})");
  EXPECT_EQ(field_commitment(kSm3, salt_of(1), "address", one), field_commitment(kSm3, salt_of(1), "address", two));
}

TEST(Commitments, ProveOneFieldAndNoOther) {
  for (const auto hash : {kSm3, crypto::HashAlgorithm::kSha256}) {
    for (const std::size_t count : {1U, 2U, 3U, 7U, 8U, 21U, 256U}) {
      const auto commitments = commitments_of(hash, count);
      const auto root = fields_root(hash, commitments);
      ASSERT_TRUE(succeeds(root));
      for (std::size_t i = 0; i < count; i += count / 5 + 1) {
        const Salt salt = salt_of(static_cast<std::uint8_t>(i));
        const std::string name = "field-" + std::to_string(i);
        auto proof = prove_field(hash, commitments, commitments[i]);
        ASSERT_TRUE(succeeds(proof));
        EXPECT_TRUE(succeeds(verify_field(hash, *root, *proof, salt, name, i)));
        EXPECT_TRUE(refused(verify_field(hash, *root, *proof, salt, name, i + 1), Reason::kProofInvalid));
        EXPECT_TRUE(refused(verify_field(hash, *root, *proof, salt_of(0xEE), name, i), Reason::kProofInvalid));
        EXPECT_TRUE(refused(verify_field(hash, Digest{}, *proof, salt, name, i), Reason::kProofInvalid));
        proof->path.push_back(Digest{});
        EXPECT_TRUE(refused(verify_field(hash, *root, *proof, salt, name, i), Reason::kProofInvalid));
      }
    }
  }
}

TEST(Commitments, GiveOneRootWhateverTheirOrder) {
  auto commitments = commitments_of(kSm3, 9);
  const auto root = fields_root(kSm3, commitments);
  std::ranges::reverse(commitments);
  EXPECT_EQ(fields_root(kSm3, commitments).value(), root.value());
}

TEST(Commitments, RefuseNoneTooManyAndTwice) {
  EXPECT_TRUE(refused(fields_root(kSm3, {}), Reason::kInvalidValue));
  EXPECT_TRUE(refused(fields_root(kSm3, commitments_of(kSm3, 257)), Reason::kTooLarge));
  auto twice = commitments_of(kSm3, 2);
  twice.push_back(twice.front());
  EXPECT_TRUE(refused(fields_root(kSm3, twice), Reason::kInvalidValue));
  EXPECT_TRUE(refused(prove_field(kSm3, commitments_of(kSm3, 2), Digest{}), Reason::kNotFound));
}

}  // namespace
}  // namespace chancery::contracts::credential
