#include "merkle/state_branch.h"

#include <gtest/gtest.h>

#include "merkle/reference_tree.h"

namespace chancery::merkle {
namespace {

using testing::random_digest;
using testing::ReferenceTree;

struct Cut {
  std::vector<StateTree::Leaf> leaves;
  std::vector<StateBranch> branches;
  Digest root;
};

/// All leaves of a random tree, cut into 2^depth branches, the last of them cut once more.
Cut cut(crypto::HashAlgorithm hash, std::size_t leaves, std::uint32_t depth, std::uint64_t seed) {
  SeededRandom random(seed);
  ReferenceTree tree(hash);
  for (std::size_t i = 0; i < leaves; ++i) tree.values[random_digest(random)] = random_digest(random);
  Cut out{.leaves = {}, .branches = {}, .root = tree.root()};
  for (const auto& [key, value] : tree.values) out.leaves.push_back({key, value});
  const auto add = [&](std::uint32_t at, std::uint64_t prefix) {
    std::vector<StateTree::Leaf> own;
    for (const auto& leaf : out.leaves) {
      if (in_branch(at, prefix, leaf.key_hash)) own.push_back(leaf);
    }
    out.branches.push_back({at, prefix, own.size(), branch_digest(hash, at, prefix, own).value()});
  };
  const std::uint64_t last = (std::uint64_t{1} << depth) - 1;
  for (std::uint64_t prefix = 0; prefix < last; ++prefix) add(depth, prefix);
  add(depth + 1, last << 1);
  add(depth + 1, last << 1 | 1);
  return out;
}

TEST(StateBranch, BranchesFoldToTheRootOfTheTree) {
  for (const auto hash : {crypto::HashAlgorithm::kSha256, crypto::HashAlgorithm::kSm3}) {
    for (const std::size_t leaves : {0U, 1U, 2U, 3U, 7U, 40U, 300U}) {
      for (const std::uint32_t depth : {0U, 1U, 3U, 6U}) {
        const Cut whole = cut(hash, leaves, depth, 11 + leaves + depth);
        const auto root = root_of_branches(hash, whole.branches);
        ASSERT_TRUE(root.has_value()) << root.error().message();
        EXPECT_EQ(*root, whole.root) << leaves << " leaves, depth " << depth;
      }
    }
  }
}

TEST(StateBranch, RefusesBranchesThatAreMissingDoubledOrInAnotherOrder) {
  const auto hash = crypto::HashAlgorithm::kSha256;
  const Cut whole = cut(hash, 60, 3, 5);
  for (std::size_t i = 0; i < whole.branches.size(); ++i) {
    auto missing = whole.branches;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(root_of_branches(hash, missing).has_value());
    auto doubled = whole.branches;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), doubled[i]);
    EXPECT_FALSE(root_of_branches(hash, doubled).has_value());
    auto swapped = whole.branches;
    std::swap(swapped[i], swapped[(i + 1) % swapped.size()]);
    EXPECT_FALSE(root_of_branches(hash, swapped).has_value());
  }
}

TEST(StateBranch, AnotherDigestGivesAnotherRoot) {
  const auto hash = crypto::HashAlgorithm::kSha256;
  const Cut whole = cut(hash, 60, 3, 5);
  for (std::size_t i = 0; i < whole.branches.size(); ++i) {
    auto changed = whole.branches;
    changed[i].digest[7] ^= 1;
    const auto root = root_of_branches(hash, changed);
    EXPECT_TRUE(!root || *root != whole.root);
  }
}

TEST(StateBranch, RefusesLeavesOfAnotherBranchOrOutOfOrder) {
  const auto hash = crypto::HashAlgorithm::kSha256;
  const Cut whole = cut(hash, 20, 1, 3);
  EXPECT_FALSE(branch_digest(hash, 1, 0, whole.leaves).has_value());
  auto reversed = whole.leaves;
  std::ranges::reverse(reversed);
  EXPECT_FALSE(branch_digest(hash, 0, 0, reversed).has_value());
  auto doubled = whole.leaves;
  doubled.insert(doubled.begin(), doubled.front());
  EXPECT_FALSE(branch_digest(hash, 0, 0, doubled).has_value());
  EXPECT_EQ(branch_digest(hash, 0, 0, whole.leaves).value(), whole.root);
}

TEST(StateBranch, RefusesDepthsBeyondTheLimit) {
  const auto hash = crypto::HashAlgorithm::kSha256;
  const std::vector<StateBranch> deep = {{kMaxBranchDepth + 1, 0, 0, {}}};
  EXPECT_FALSE(root_of_branches(hash, deep).has_value());
  const std::vector<StateBranch> absurd = {{4'000'000'000U, 0, 0, {}}};
  EXPECT_FALSE(root_of_branches(hash, absurd).has_value());
}

}  // namespace
}  // namespace chancery::merkle
