// The vectors of github.com/transparency-dev/merkle in ../shared/data/rfc6962, read where they lie.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "merkle/inclusion.h"

namespace chancery::merkle {
namespace {

namespace fs = std::filesystem;
constexpr auto kHash = crypto::HashAlgorithm::kSha256;

/// nullopt for what is no 32-byte hash: our types cannot carry it, so such a vector is refused at the door.
std::optional<Digest> digest_in(const nlohmann::json& value) {
  return to_digest(*from_base64(value.get<std::string>()));
}

std::optional<std::vector<Digest>> proof_in(const nlohmann::json& value) {
  std::vector<Digest> proof;
  for (const auto& item : value) {
    const auto digest = digest_in(item);
    if (!digest) return std::nullopt;
    proof.push_back(*digest);
  }
  return proof;
}

/// Some consistency vectors, good ones too, have roots of other lengths, because only their equality matters. A hash of
/// such a root stands for it: equal stays equal, unequal stays unequal.
Digest root_in(const nlohmann::json& value) {
  const Bytes bytes = *from_base64(value.get<std::string>());
  return to_digest(bytes).value_or(crypto::hash(kHash, bytes));
}

bool inclusion(const nlohmann::json& v) {
  const auto leaf = digest_in(v.at("leafHash")), root = digest_in(v.at("root"));
  const auto proof = proof_in(v.at("proof"));
  return leaf && root && proof &&
         verify_inclusion(kHash, *leaf, v.at("leafIdx"), v.at("treeSize"), *proof, *root).has_value();
}

bool subtree_inclusion(const nlohmann::json& v) {
  const auto leaf = digest_in(v.at("leafHash")), root = digest_in(v.at("root"));
  const auto proof = proof_in(v.at("proof"));
  return leaf && root && proof &&
         verify_subtree_inclusion(kHash, *leaf, v.at("leafIdx"), v.at("start"), v.at("end"), *proof, *root).has_value();
}

bool consistency(const nlohmann::json& v) {
  const auto proof = proof_in(v.at("proof"));
  return proof &&
         verify_consistency(kHash, v.at("size1"), v.at("size2"), *proof, root_in(v.at("root1")), root_in(v.at("root2")))
             .has_value();
}

bool subtree_consistency(const nlohmann::json& v) {
  const auto proof = proof_in(v.at("proof"));
  return proof && verify_subtree_consistency(kHash, v.at("start"), v.at("end"), v.at("size"), *proof,
                                             root_in(v.at("root1")), root_in(v.at("root2")))
                      .has_value();
}

void run(const std::string& folder, bool (*accepted)(const nlohmann::json&)) {
  const fs::path root = fs::path(CHANCERY_SOURCE_DIR) / ".." / "shared" / "data" / "rfc6962" / "testdata" / folder;
  if (!fs::exists(root)) GTEST_SKIP() << "skipped: no vectors in " << root;
  int good = 0, bad = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    const auto vector = nlohmann::json::parse(file);
    const bool must_fail = vector.at("wantErr");
    EXPECT_EQ(accepted(vector), !must_fail) << entry.path();
    (must_fail ? bad : good)++;
  }
  EXPECT_GT(good, 0);
  EXPECT_GT(bad, 0);
  std::cout << folder << ": " << good << " good, " << bad << " bad\n";
}

TEST(Rfc6962Vectors, EveryInclusionCaseIsJudgedRight) {
  run("inclusion", inclusion);
}
TEST(Rfc6962Vectors, EveryConsistencyCaseIsJudgedRight) {
  run("consistency", consistency);
}
TEST(Rfc6962Vectors, EverySubtreeInclusionCaseIsJudgedRight) {
  run("subtreeinclusion", subtree_inclusion);
}
TEST(Rfc6962Vectors, EverySubtreeConsistencyCaseIsJudgedRight) {
  run("subtreeconsistency", subtree_consistency);
}

}  // namespace
}  // namespace chancery::merkle
