#pragma once
// Builds buckets and upper levels from sorted leaves in one pass.

#include <memory>
#include <span>
#include <vector>

#include "merkle/batch_hasher.h"
#include "merkle/leaf_buckets.h"
#include "merkle/top_levels.h"

namespace chancery::merkle {

class TreeBuilder {
 public:
  TreeBuilder(BatchHasher& hasher, BucketGeometry geometry);

  /// Strictly increasing key hashes, also from call to call.
  void add(std::span<const LeafEntry> sorted);
  /// After this the two parts can be taken.
  void finish();

  std::unique_ptr<LeafBuckets> buckets;
  std::unique_ptr<TopLevels> top;

 private:
  void store(std::span<const LeafEntry> whole_buckets);
  void raise(std::uint32_t level);

  BatchHasher& hasher_;
  SubtreeBatch subtrees_;
  std::vector<LeafEntry> pending_;
};

}  // namespace chancery::merkle
