#include "merkle/history_tree.h"

#include <gtest/gtest.h>

#include <bit>

#include "base/random.h"

namespace chancery::merkle {
namespace {

constexpr auto kHash = crypto::HashAlgorithm::kSha256;

class StoredTiles final : public TileSource {
 public:
  std::map<std::pair<std::uint32_t, std::uint64_t>, Bytes> tiles;
  mutable int reads = 0;

  void store(const std::vector<Tile>& more) {
    for (const Tile& tile : more) tiles[{tile.level, tile.index}] = tile.hashes;
  }
  Result<Bytes> full_tile(std::uint32_t level, std::uint64_t index) const override {
    ++reads;
    const auto found = tiles.find({level, index});
    if (found == tiles.end()) return fail(Reason::kNotFound, "no tile");
    return found->second;
  }
};

std::vector<Digest> leaves(std::uint64_t begin, std::uint64_t end) {
  std::vector<Digest> list;
  for (std::uint64_t i = begin; i < end; ++i) list.push_back(leaf_hash(kHash, u64_be(i)));
  return list;
}

/// MTH of RFC 9162 section 2.1.1, as it is written there.
Digest definition(std::span<const Digest> list) {
  if (list.empty()) return empty_root(kHash);
  if (list.size() == 1) return list.front();
  const std::size_t split = std::bit_floor(list.size() - 1);
  return inner_hash(kHash, definition(list.first(split)), definition(list.subspan(split)));
}

TEST(HistoryTreeTest, HasTheRootOfTheDefinitionAtEverySize) {
  const auto all = leaves(0, 1500);
  HistoryTree tree;
  StoredTiles stored;
  EXPECT_EQ(tree.root(), definition({}));
  SeededRandom random(3);
  while (tree.size() < all.size()) {
    const std::size_t count = std::min<std::size_t>(1 + random.below(90), all.size() - tree.size());
    stored.store(tree.append(std::span(all).subspan(tree.size(), count)));
    ASSERT_EQ(tree.root(), definition(std::span(all).first(tree.size()))) << "size " << tree.size();
  }
  for (std::uint64_t size = 0; size <= all.size(); size += 1 + random.below(20)) {
    ASSERT_EQ(*tree.root_at(size, stored), definition(std::span(all).first(size))) << "size " << size;
  }
  EXPECT_EQ(tree.root_at(1501, stored).error().reason, Reason::kNotFound);
}

TEST(HistoryTreeTest, ProvesInclusionAndConsistencyAtEverySmallSize) {
  HistoryTree tree;
  const StoredTiles none;
  const auto all = leaves(0, 40);
  tree.append(all);
  for (std::uint64_t size = 1; size <= all.size(); ++size) {
    const Digest root = definition(std::span(all).first(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = *tree.inclusion_proof(index, size, none);
      ASSERT_TRUE(verify_inclusion(kHash, all[index], index, size, proof, root));
      ASSERT_FALSE(verify_inclusion(kHash, all[index], index ^ 1, size, proof, root) && size > 1);
      ASSERT_FALSE(verify_inclusion(kHash, all[(index + 1) % size], index, size, proof, root) && size > 1);
    }
    for (std::uint64_t old_size = 0; old_size <= size; ++old_size) {
      const Digest old_root = definition(std::span(all).first(old_size));
      const auto proof = *tree.consistency_proof(old_size, size, none);
      ASSERT_EQ(verify_consistency(kHash, old_size, size, proof, old_root, root).has_value(), old_size > 0);
      if (old_size > 0 && old_size < size) {
        ASSERT_FALSE(verify_consistency(kHash, old_size, size, proof, root, root));
        ASSERT_FALSE(verify_consistency(kHash, old_size, size, proof, old_root, old_root));
      }
    }
    EXPECT_FALSE(tree.inclusion_proof(size, size, none));
  }
  EXPECT_EQ(tree.consistency_proof(5, 4, none).error().reason, Reason::kInvalidValue);
  EXPECT_EQ(tree.consistency_proof(5, 41, none).error().reason, Reason::kNotFound);
}

TEST(HistoryTreeTest, ProvesAcrossTileLevelsFromStoredTiles) {
  const auto all = leaves(0, 70'000);
  HistoryTree tree;
  StoredTiles stored;
  for (std::size_t done = 0; done < all.size(); done += 5'000) {
    stored.store(tree.append(std::span(all).subspan(done, 5'000)));
    tree.release_completed_tiles(tree.size());
  }
  EXPECT_EQ(stored.tiles.size(), 273u + 1u);  // As C2SP tlog-tiles counts them for this size.
  EXPECT_EQ(stored.tiles.at({1, 0}).size(), 8192u);
  EXPECT_EQ(tree.tile(0, 273, 112, stored)->size(), 112u * 32);
  EXPECT_EQ(tree.tile(1, 1, 17, stored)->size(), 17u * 32);
  EXPECT_EQ(tree.tile(2, 0, 1, stored)->size(), 32u);
  EXPECT_FALSE(tree.tile(2, 0, 2, stored));
  EXPECT_FALSE(tree.tile(0, 274, 1, stored));
  SeededRandom random(5);
  for (int i = 0; i < 60; ++i) {
    const std::uint64_t size = 1 + random.below(all.size());
    const std::uint64_t index = random.below(size);
    const std::uint64_t old_size = 1 + random.below(size);
    const Digest root = definition(std::span(all).first(size));
    ASSERT_TRUE(verify_inclusion(kHash, all[index], index, size, *tree.inclusion_proof(index, size, stored), root));
    ASSERT_TRUE(verify_consistency(kHash, old_size, size, *tree.consistency_proof(old_size, size, stored),
                                   definition(std::span(all).first(old_size)), root));
  }
}

TEST(HistoryTreeTest, AnswersFromMemoryUntilTilesAreDurable) {
  const auto all = leaves(0, 600);
  HistoryTree tree;
  StoredTiles none;
  const auto completed = tree.append(all);
  ASSERT_EQ(completed.size(), 2u);
  EXPECT_TRUE(tree.inclusion_proof(3, 600, none));
  tree.release_completed_tiles(511);  // The second tile ends at 512.
  EXPECT_FALSE(tree.inclusion_proof(3, 600, none));
  EXPECT_TRUE(tree.tile(0, 1, 256, none));
  tree.release_completed_tiles(512);
  EXPECT_FALSE(tree.tile(0, 1, 256, none));
  none.store(completed);
  EXPECT_TRUE(tree.inclusion_proof(3, 600, none));
}

TEST(HistoryTreeTest, RestoresTheRightEdgeAndGoesOn) {
  const auto all = leaves(0, 67'000);
  for (const std::uint64_t size : {0ull, 1ull, 255ull, 256ull, 257ull, 65'535ull, 65'536ull, 66'000ull}) {
    HistoryTree tree;
    StoredTiles stored;
    stored.store(tree.append(std::span(all).first(size)));
    const auto last = std::span(all).subspan(size - size % 256, size % 256);
    auto restored = HistoryTree::restore(size, stored, last);
    ASSERT_TRUE(restored) << size;
    EXPECT_EQ(restored->root(), tree.root()) << size;
    restored->append(std::span(all).subspan(size, 900));
    tree.append(std::span(all).subspan(size, 900));
    EXPECT_EQ(restored->root(), tree.root()) << size;
  }
  const StoredTiles none;
  EXPECT_EQ(HistoryTree::restore(256, none, {}).error().reason, Reason::kNotFound);
  EXPECT_EQ(HistoryTree::restore(257, none, {}).error().reason, Reason::kCorrupt);
}

TEST(HistoryTreeTest, RefusesATileOfTheWrongLength) {
  const auto all = leaves(0, 300);
  HistoryTree tree;
  StoredTiles stored;
  stored.store(tree.append(all));
  tree.release_completed_tiles(300);
  stored.tiles.begin()->second.pop_back();
  EXPECT_EQ(tree.inclusion_proof(0, 300, stored).error().reason, Reason::kCorrupt);
}

}  // namespace
}  // namespace chancery::merkle
