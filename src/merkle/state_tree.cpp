#include "merkle/state_tree.h"

#include <algorithm>

#include "merkle/batch_hasher.h"
#include "merkle/key_bits.h"
#include "merkle/leaf_buckets.h"
#include "merkle/top_levels.h"
#include "merkle/tree_builder.h"
#include "merkle/tree_undo.h"
#include "merkle/tree_update.h"

namespace chancery::merkle {

namespace {

/// A block that multiplies the tree is built anew instead of dividing bucket after bucket.
constexpr std::size_t kLeastChangesToRebuild = 1024;
constexpr std::size_t kRebuildFactor = 4;

struct Rebuilt {
  std::unique_ptr<LeafBuckets> buckets;
  std::unique_ptr<TopLevels> top;
  std::unique_ptr<Undo> undo;
};

Rebuilt rebuild(BatchHasher& hasher, const LeafBuckets& buckets, const TopLevels& top,
                std::span<const StateTree::Change> changes) {
  Rebuilt result{.buckets = nullptr, .top = nullptr, .undo = std::make_unique<Undo>()};
  Undo& undo = *result.undo;
  std::vector<LeafEntry> old_leaves, merged;
  buckets.visit_below(0, 0, [&](std::span<const LeafEntry> bucket) {
    old_leaves.insert(old_leaves.end(), bucket.begin(), bucket.end());
    return true;
  });
  TreeUpdate::merge(old_leaves, TreeUpdate::hash_leaves(hasher, changes), merged, undo);
  // Never coarser than before: older undos speak of the levels that were there.
  BucketGeometry geometry = BucketGeometry::for_leaves(merged.size());
  if (geometry.bucket_count() < buckets.geometry().bucket_count()) geometry = buckets.geometry();
  TreeBuilder builder(hasher, geometry);
  builder.add(merged);
  builder.finish();
  undo.root_before = top.at(0, 0);
  undo.floor = undo_floor(buckets.geometry());
  for (std::uint32_t level = 0; level <= undo.floor; ++level) {
    undo.begin_level();
    for (std::uint64_t i = 0; i < std::uint64_t{1} << level; ++i) {
      if (top.at(level, i) != builder.top->at(level, i)) undo.add_node(i, top.at(level, i));
    }
  }
  undo.begin_level();
  result.buckets = std::move(builder.buckets);
  result.top = std::move(builder.top);
  return result;
}

}  // namespace

StateTree::StateTree(crypto::HashAlgorithm algorithm)
    : algorithm_(algorithm),
      hasher_(std::make_unique<BatchHasher>(algorithm)),
      buckets_(std::make_unique<LeafBuckets>(BucketGeometry{})),
      top_(std::make_unique<TopLevels>(0)) {}

StateTree::~StateTree() = default;

std::shared_lock<std::shared_mutex> StateTree::read_lock() const {
  const std::lock_guard turn(turnstile_);
  return std::shared_lock(mutex_);
}

std::unique_lock<std::shared_mutex> StateTree::write_lock() {
  const std::lock_guard turn(turnstile_);
  return std::unique_lock(mutex_);
}

Digest StateTree::apply(std::uint64_t version, std::span<const Change> changes) {
  CHANCERY_CHECK(version > version_);
  for (std::size_t i = 1; i < changes.size(); ++i) CHANCERY_CHECK(changes[i - 1].key_hash < changes[i].key_hash);

  Rebuilt old;  // Freed after the lock.
  TreeUpdate update(*hasher_, *buckets_, *top_);
  const bool multiplies =
      changes.size() >= kLeastChangesToRebuild && changes.size() > kRebuildFactor * buckets_->leaf_count();
  if (multiplies) {
    old = rebuild(*hasher_, *buckets_, *top_, changes);
  } else {
    old.undo = update.compute(changes);
  }
  old.undo->version = version;

  const auto lock = write_lock();
  if (multiplies) {
    std::swap(buckets_, old.buckets);
    std::swap(top_, old.top);
  } else {
    update.install(*buckets_, *top_);
  }
  undos_.push_back(std::move(old.undo));
  version_ = version;
  return top_->at(0, 0);
}

void StateTree::forget_before(std::uint64_t version) {
  std::vector<std::unique_ptr<Undo>> dropped;  // Freed after the lock.
  const auto lock = write_lock();
  oldest_version_ = std::max(oldest_version_, std::min(version, version_));
  while (!undos_.empty() && undos_.front()->version <= oldest_version_) {
    dropped.push_back(std::move(undos_.front()));
    undos_.pop_front();
  }
}

StateTree::Memory StateTree::memory() const {
  const auto lock = read_lock();
  Memory memory{.leaves_bytes = buckets_->memory_bytes(), .top_bytes = top_->memory_bytes(), .undo_bytes = 0};
  for (const auto& undo : undos_) memory.undo_bytes += undo->memory_bytes();
  return memory;
}

}  // namespace chancery::merkle
