#pragma once
// The changes of one block: all new buckets and hashes, computed beside the tree and then put into it in one short
// step.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "merkle/batch_hasher.h"
#include "merkle/leaf_buckets.h"
#include "merkle/state_tree.h"
#include "merkle/top_levels.h"
#include "merkle/tree_undo.h"

namespace chancery::merkle {

class TreeUpdate {
 public:
  TreeUpdate(BatchHasher& hasher, const LeafBuckets& buckets, const TopLevels& top);
  ~TreeUpdate();
  TreeUpdate(const TreeUpdate&) = delete;
  TreeUpdate& operator=(const TreeUpdate&) = delete;

  /// Reads the tree, changes nothing. The undo is complete but for its version.
  std::unique_ptr<Undo> compute(std::span<const StateTree::Change> sorted_changes);
  /// Puts everything in place; the memory of replaced buckets is freed with this object, after the lock.
  void install(LeafBuckets& buckets, TopLevels& top);

  /// The leaf hash of each change; the zero digest for a deletion.
  static std::vector<LeafEntry> hash_leaves(BatchHasher& hasher, std::span<const StateTree::Change> changes);
  /// `old_leaves` with the changes made; what they replaced goes to `undo`.
  static void merge(std::span<const LeafEntry> old_leaves, std::span<const LeafEntry> changes,
                    std::vector<LeafEntry>& merged, Undo& undo);

 private:
  struct NewBucket {
    BucketId id;
    BucketBlock* bucket;
    SubtreeBatch::Ref node;
    std::uint64_t leaf_count;
  };
  struct Node {
    std::uint32_t index;
    std::uint8_t leaves;  ///< 0, 1, or 2 for two and more.
    Digest hash;
  };

  void plan_split(std::size_t change_count);
  void merge_buckets(std::span<const LeafEntry> changes, Undo& undo);
  void add_bucket(BucketId id, std::span<const LeafEntry> leaves);
  void add_bucket_nodes(std::uint32_t level);
  void drop_unchanged(std::uint32_t level);
  void raise(std::uint32_t level);
  Digest stored(std::uint32_t level, std::uint64_t index) const;
  void prefetch(std::uint32_t level, std::uint64_t index) const;
  void record_nodes(Undo& undo) const;

  BatchHasher& hasher_;
  const LeafBuckets& buckets_;
  const TopLevels& top_;
  SubtreeBatch subtrees_;
  std::uint64_t new_split_ = 0;
  std::uint32_t deepest_ = 0;
  std::vector<NewBucket> new_buckets_;
  std::vector<std::vector<Node>> nodes_;  ///< By level.
  std::vector<BucketBlock*> replaced_;    ///< Given back to the arena with this object.
};

}  // namespace chancery::merkle
