#include "merkle/state_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "merkle/reference_tree.h"

namespace chancery::merkle {
namespace {

using crypto::HashAlgorithm;
using testing::random_digest;
using testing::ReferenceTree;
using testing::root_of;

std::vector<StateTree::Change> sorted(std::map<Digest, std::optional<Digest>> changes) {
  std::vector<StateTree::Change> list;
  for (const auto& [key, value] : changes) list.push_back({key, value});
  return list;
}

/// Random inserts, updates and deletions, some of keys that are not there, some of keys that share long prefixes.
std::vector<StateTree::Change> random_block(Random& random, const ReferenceTree& reference, std::size_t inserts,
                                            std::size_t others) {
  std::map<Digest, std::optional<Digest>> changes;
  for (std::size_t i = 0; i < inserts; ++i) {
    Digest key = random_digest(random);
    if (!reference.values.empty() && random.below(4) == 0) {
      auto near = reference.values.lower_bound(key);
      if (near == reference.values.end()) near = reference.values.begin();
      std::copy_n(near->first.begin(), random.below(32), key.begin());
    }
    changes[key] = random_digest(random);
  }
  for (std::size_t i = 0; i < others && !reference.values.empty(); ++i) {
    auto at = reference.values.lower_bound(random_digest(random));
    if (at == reference.values.end()) at = reference.values.begin();
    changes[at->first] = random.below(2) == 0 ? std::optional(random_digest(random)) : std::nullopt;
  }
  if (random.below(3) == 0) changes[random_digest(random)] = std::nullopt;
  return sorted(std::move(changes));
}

class StateTreeTest : public ::testing::TestWithParam<HashAlgorithm> {
 protected:
  /// One random absent key and one present key at this version. The reference is slow: it is asked for one path only,
  /// the others are checked by the root that they lead to.
  void expect_same(const StateTree& tree, std::uint64_t version, const ReferenceTree& reference, const Digest& root,
                   Random& random) {
    ASSERT_EQ(*tree.root_at(version), root) << "version " << version;
    const Digest key = random_digest(random);
    const auto right = reference.values.lower_bound(key);
    const auto neighbours = tree.neighbours(version, key);
    ASSERT_TRUE(neighbours.has_value());
    ASSERT_EQ(tree.path(version, key).error().reason, Reason::kNotFound);
    ASSERT_EQ(neighbours->left.has_value(), right != reference.values.begin());
    if (neighbours->left) {
      ASSERT_EQ(neighbours->left->key_hash, std::prev(right)->first);
      ASSERT_EQ(root_of(GetParam(), *neighbours->left), root);
    }
    ASSERT_EQ(neighbours->right.has_value(), right != reference.values.end());
    if (!neighbours->right) return;
    const auto path = tree.path(version, right->first);
    ASSERT_TRUE(path.has_value());
    expect_path(*neighbours->right, *path, root);
    expect_path(*path, *reference.path(right->first), root);
    ASSERT_EQ(tree.neighbours(version, right->first).error().reason, Reason::kAlreadyExists);
  }

  void expect_path(const Path& path, const Path& expected, const Digest& root) {
    ASSERT_EQ(path.key_hash, expected.key_hash);
    ASSERT_EQ(path.leaf_hash, expected.leaf_hash);
    ASSERT_EQ(path.siblings, expected.siblings);
    ASSERT_EQ(root_of(GetParam(), path), root);
  }
};

INSTANTIATE_TEST_SUITE_P(BothHashes, StateTreeTest, ::testing::Values(HashAlgorithm::kSha256, HashAlgorithm::kSm3),
                         [](const auto& test) { return std::string(crypto::to_string(test.param)); });

TEST_P(StateTreeTest, AnEmptyTreeHasTheZeroRootAndNoNeighbours) {
  StateTree tree(GetParam());
  EXPECT_EQ(tree.root(), Digest{});
  EXPECT_EQ(tree.size(), 0u);
  const auto neighbours = tree.neighbours(0, Digest{});
  ASSERT_TRUE(neighbours.has_value());
  EXPECT_FALSE(neighbours->left || neighbours->right);
}

TEST_P(StateTreeTest, EveryVersionOfARandomHistoryEqualsTheDefinition) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SeededRandom random(seed);
    StateTree tree(GetParam());
    ReferenceTree reference(GetParam());
    std::vector<ReferenceTree> versions{reference};
    std::vector<Digest> roots{reference.root()};
    for (std::uint64_t version = 1; version <= 20; ++version) {
      const auto changes = random_block(random, reference, random.below(seed * 6 + 2), random.below(20));
      reference.apply(changes);
      roots.push_back(reference.root());
      ASSERT_EQ(tree.apply(version, changes), roots.back()) << "seed " << seed << " version " << version;
      ASSERT_EQ(tree.size(), reference.values.size());
      versions.push_back(reference);
    }
    for (std::uint64_t version = 0; version <= 20; ++version) {
      expect_same(tree, version, versions[version], roots[version], random);
      if (HasFatalFailure()) return;
    }
  }
}

// A bucket that loses all its leaves in the very block that divides it (seed 19, version 10) once kept its old hash.
TEST_P(StateTreeTest, ALongHistoryOfManyDeletionsEqualsTheDefinitionWhileBucketsAreDivided) {
  SeededRandom random(19);
  StateTree tree(GetParam());
  ReferenceTree reference(GetParam());
  for (std::uint64_t version = 1; version <= 80; ++version) {
    const auto changes = random_block(random, reference, 50, 30 + random.below(50));
    reference.apply(changes);
    ASSERT_EQ(tree.apply(version, changes), reference.root()) << "version " << version;
  }
}

TEST_P(StateTreeTest, DeletingEverythingLeadsBackToTheZeroRootAndOldVersionsStay) {
  SeededRandom random(7);
  StateTree tree(GetParam());
  ReferenceTree reference(GetParam());
  for (std::uint64_t version = 1; version <= 8; ++version) {
    const auto changes = random_block(random, reference, 60, 0);
    reference.apply(changes);
    tree.apply(version, changes);
  }
  const ReferenceTree full = reference;
  std::uint64_t version = 8;
  while (!reference.values.empty()) {
    std::map<Digest, std::optional<Digest>> changes;
    for (const auto& [key, value] : reference.values) {
      if (reference.values.size() < 4 || random.below(3) == 0) changes[key] = std::nullopt;
      if (reference.values.size() < 4) break;
    }
    const auto list = sorted(changes);
    reference.apply(list);
    const Digest root = reference.root();
    ASSERT_EQ(tree.apply(++version, list), root);
    expect_same(tree, version, reference, root, random);
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(tree.root(), Digest{});
  for (int i = 0; i < 3; ++i) expect_same(tree, 8, full, full.root(), random);
}

TEST_P(StateTreeTest, GrowsOverManyDepthsAndABulkLoadGivesTheSameRoot) {
  SeededRandom random(11);
  StateTree tree(GetParam());
  std::map<Digest, Digest> values;
  std::vector<Digest> roots{tree.root()};
  // Small blocks divide bucket by bucket; the two large ones build anew.
  for (const std::size_t inserts : {1, 0, 3, 10, 30, 100, 300, 400, 400, 400, 9000, 700, 700, 700, 70000, 5000, 5000}) {
    std::map<Digest, std::optional<Digest>> changes;
    for (std::size_t i = 0; i < inserts; ++i) changes[random_digest(random)] = random_digest(random);
    for (const auto& [key, value] : changes) values[key] = *value;
    roots.push_back(tree.apply(roots.size(), sorted(changes)));
    std::vector<StateTree::Leaf> leaves;
    for (const auto& [key, value] : values) leaves.push_back({key, value});
    StateTree loaded(GetParam());
    ASSERT_EQ(*loaded.load(1, leaves), roots.back()) << "after " << inserts;
    ASSERT_EQ(loaded.size(), tree.size());
    const Digest key = leaves[random.below(leaves.size())].key_hash;
    ASSERT_EQ(loaded.path(1, key)->siblings, tree.path(roots.size() - 1, key)->siblings);
  }
  for (std::uint64_t version = 0; version < roots.size(); ++version) EXPECT_EQ(*tree.root_at(version), roots[version]);
  const Digest& key = values.begin()->first;
  for (std::uint64_t version = 1; version < roots.size(); ++version) {
    const auto path = tree.path(version, key);
    if (!path.has_value()) continue;
    EXPECT_EQ(root_of(GetParam(), *path), roots[version]) << "version " << version;
  }
}

TEST_P(StateTreeTest, LoadsInChunksOfAnySizeAndRefusesDisorder) {
  SeededRandom random(13);
  std::map<Digest, Digest> values;
  for (int i = 0; i < 40'000; ++i) values[random_digest(random)] = random_digest(random);
  std::vector<StateTree::Leaf> leaves;
  for (const auto& [key, value] : values) leaves.push_back({key, value});
  StateTree whole(GetParam());
  const Digest root = *whole.load(5, leaves);
  StateTree tree(GetParam());
  StateTree::Loader loader(tree);
  for (std::span<const StateTree::Leaf> rest = leaves; !rest.empty();) {
    const std::size_t chunk = std::min<std::size_t>(rest.size(), random.below(3000));
    ASSERT_TRUE(loader.add(rest.first(chunk)).has_value());
    rest = rest.subspan(chunk);
  }
  EXPECT_EQ(loader.finish(5), root);
  EXPECT_EQ(tree.version(), 5u);

  StateTree other(GetParam());
  StateTree::Loader refusing(other);
  ASSERT_TRUE(refusing.add(std::span(leaves).first(10)).has_value());
  EXPECT_EQ(refusing.add(std::span(leaves).subspan(9, 5)).error().reason, Reason::kCorrupt);
}

TEST_P(StateTreeTest, ForgottenVersionsAreGoneAndFutureOnesAreNotThere) {
  SeededRandom random(17);
  StateTree tree(GetParam());
  ReferenceTree reference(GetParam());
  for (std::uint64_t version = 10; version <= 50; version += 10) {
    const auto changes = random_block(random, reference, 20, 5);
    reference.apply(changes);
    tree.apply(version, changes);
  }
  const Digest at_30 = *tree.root_at(30);
  tree.forget_before(30);
  EXPECT_EQ(tree.root_at(29).error().reason, Reason::kGone);
  EXPECT_EQ(*tree.root_at(30), at_30);
  EXPECT_EQ(*tree.root_at(39), at_30);
  EXPECT_EQ(tree.root_at(51).error().reason, Reason::kNotFound);
  tree.forget_before(1000);
  EXPECT_EQ(*tree.root_at(50), tree.root());
  EXPECT_EQ(tree.memory().undo_bytes, 0u);
}

TEST_P(StateTreeTest, ReadersSeeWholeVersionsBesideTheWriter) {
  StateTree tree(GetParam());
  std::atomic<bool> done = false;
  std::atomic<std::uint64_t> proofs = 0;
  std::vector<std::thread> readers;
  for (std::uint64_t id = 0; id < 2; ++id) {
    readers.emplace_back([&, id] {
      SeededRandom random(100 + id);
      while (!done) {
        const std::uint64_t newest = tree.version();
        const std::uint64_t version = newest - random.below(std::min<std::uint64_t>(newest + 1, 5));
        const auto root = tree.root_at(version);
        const auto found = tree.neighbours(version, random_digest(random));
        if (!root || !found) continue;  // Forgotten between the two calls.
        for (const auto& path : {found->left, found->right}) {
          if (path && root_of(GetParam(), *path) != *root) ADD_FAILURE() << "a torn version";
        }
        ++proofs;
      }
    });
  }
  SeededRandom random(19);
  ReferenceTree reference(GetParam());
  for (std::uint64_t version = 1; version <= 60 || (proofs < 50 && version < 5000); ++version) {
    const auto changes = random_block(random, reference, 50, 30);
    reference.apply(changes);
    tree.apply(version, changes);
    if (version > 8) tree.forget_before(version - 8);
  }
  done = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(tree.root(), reference.root());
  EXPECT_GT(proofs, 0u);
}

}  // namespace
}  // namespace chancery::merkle
