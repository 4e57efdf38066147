#include "merkle/merkle_batch.h"

#include <gtest/gtest.h>

#include <bit>

#include "base/random.h"

namespace chancery::merkle {
namespace {

Digest definition(crypto::HashAlgorithm algorithm, std::span<const Digest> items) {
  if (items.size() == 1) return leaf_hash(algorithm, items.front());
  const std::size_t split = std::bit_floor(items.size() - 1);
  return inner_hash(algorithm, definition(algorithm, items.first(split)), definition(algorithm, items.subspan(split)));
}

std::vector<Digest> random_items(std::size_t count) {
  SeededRandom random(count);
  std::vector<Digest> items(count);
  for (Digest& item : items) random.fill(item);
  return items;
}

TEST(MerkleBatchTest, EveryItemIsProvenUnderTheRootOfTheDefinition) {
  for (const auto algorithm : {crypto::HashAlgorithm::kSha256, crypto::HashAlgorithm::kSm3}) {
    for (const std::size_t count : {1, 2, 3, 4, 5, 7, 8, 9, 100, 511, 512, 513, 1000}) {
      const auto items = random_items(count);
      const auto batch = MerkleBatch::build(algorithm, items);
      ASSERT_TRUE(batch);
      ASSERT_EQ(batch->root(), definition(algorithm, items)) << count;
      ASSERT_EQ(*batch_root(algorithm, items), batch->root());
      for (std::size_t i = 0; i < count; ++i) {
        const Digest leaf = leaf_hash(algorithm, items[i]);
        ASSERT_TRUE(verify_inclusion(algorithm, leaf, i, count, batch->proof(i), batch->root())) << count << " " << i;
      }
    }
  }
}

TEST(MerkleBatchTest, RefusesNothingAndTooMuch) {
  EXPECT_EQ(MerkleBatch::build(crypto::HashAlgorithm::kSha256, {}).error().reason, Reason::kInvalidValue);
  const std::vector<Digest> many(kMaxBatchItems + 1);
  EXPECT_EQ(MerkleBatch::build(crypto::HashAlgorithm::kSha256, many).error().reason, Reason::kTooLarge);
}

}  // namespace
}  // namespace chancery::merkle
