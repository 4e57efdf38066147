#include "merkle/tree_update.h"

#include <algorithm>

#include "base/result.h"
#include "merkle/key_bits.h"

namespace chancery::merkle {

namespace {

/// Dividing buckets is spread over blocks, so that none waits for a whole level.
constexpr std::uint64_t kLeastSplitsAtOnce = 64;
constexpr std::size_t kPrefetchSlotAhead = 16;
constexpr std::size_t kPrefetchEntriesAhead = 8;
constexpr std::size_t kPrefetchNodesAhead = 16;

}  // namespace

TreeUpdate::TreeUpdate(BatchHasher& hasher, const LeafBuckets& buckets, const TopLevels& top)
    : hasher_(hasher), buckets_(buckets), top_(top), subtrees_(hasher) {}

TreeUpdate::~TreeUpdate() {
  for (BucketBlock* block : replaced_) buckets_.arena().give_back(block);
}

std::vector<LeafEntry> TreeUpdate::hash_leaves(BatchHasher& hasher, std::span<const StateTree::Change> changes) {
  std::vector<LeafEntry> leaves(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    leaves[i].key_hash = changes[i].key_hash;
    if (!changes[i].value_hash) continue;
    hasher.add(BatchHasher::kLeafTag, changes[i].key_hash, *changes[i].value_hash, &leaves[i].leaf_hash);
  }
  hasher.flush();
  return leaves;
}

std::unique_ptr<Undo> TreeUpdate::compute(std::span<const StateTree::Change> sorted_changes) {
  auto undo = std::make_unique<Undo>();
  undo->root_before = top_.at(0, 0);
  undo->floor = undo_floor(buckets_.geometry());
  undo->old_leaves.reserve(sorted_changes.size());
  plan_split(sorted_changes.size());
  merge_buckets(hash_leaves(hasher_, sorted_changes), *undo);
  subtrees_.run();
  nodes_.resize(deepest_ + 1);
  for (std::uint32_t level = deepest_;; --level) {
    add_bucket_nodes(level);
    drop_unchanged(level);
    if (level == 0) break;
    raise(level);
  }
  record_nodes(*undo);
  return undo;
}

void TreeUpdate::plan_split(std::size_t change_count) {
  const BucketGeometry& geometry = buckets_.geometry();
  const std::uint64_t wanted = buckets_.leaf_count() / kLeavesPerBucket;
  std::uint64_t splits = wanted > geometry.bucket_count() ? wanted - geometry.bucket_count() : 0;
  splits = std::min(splits, 2 * change_count + kLeastSplitsAtOnce);
  splits = std::min(splits, (std::uint64_t{1} << geometry.depth) - geometry.split);
  if (!geometry.can_grow()) splits = 0;
  new_split_ = geometry.split + splits;
  deepest_ = geometry.depth + (new_split_ > 0 ? 1 : 0);
}

void TreeUpdate::merge(std::span<const LeafEntry> old_leaves, std::span<const LeafEntry> changes,
                       std::vector<LeafEntry>& merged, Undo& undo) {
  merged.clear();
  auto old = old_leaves.begin();
  for (const LeafEntry& change : changes) {
    while (old != old_leaves.end() && old->key_hash < change.key_hash) merged.push_back(*old++);
    const bool present = old != old_leaves.end() && old->key_hash == change.key_hash;
    undo.old_leaves.push_back({change.key_hash, present ? old->leaf_hash : kEmptySubtree});
    if (present) ++old;
    if (change.leaf_hash != kEmptySubtree) merged.push_back(change);
  }
  merged.insert(merged.end(), old, old_leaves.end());
}

void TreeUpdate::merge_buckets(std::span<const LeafEntry> changes, Undo& undo) {
  const BucketGeometry& geometry = buckets_.geometry();
  std::vector<LeafEntry> merged;
  std::uint64_t split = geometry.split;
  for (std::size_t i = 0; i < changes.size() || split < new_split_;) {
    if (i + kPrefetchSlotAhead < changes.size()) {
      buckets_.prefetch_slot(geometry.bucket_of(changes[i + kPrefetchSlotAhead].key_hash));
      buckets_.prefetch_entries(geometry.bucket_of(changes[i + kPrefetchEntriesAhead].key_hash));
    }
    // The next bucket in order: one with changes, or one that is to be divided, or both.
    BucketId id{geometry.depth, split};
    bool divide = split < new_split_;
    if (i < changes.size()) {
      const BucketId changed = geometry.bucket_of(changes[i].key_hash);
      if (!divide || changed.depth > geometry.depth || changed.index < split) {
        id = changed;
        divide = false;
      }
    }
    std::size_t end = i;
    while (end < changes.size() && prefix_of(changes[end].key_hash, id.depth) == id.index) ++end;
    merge(buckets_.entries(id), changes.subspan(i, end - i), merged, undo);
    i = end;
    if (!divide) {
      add_bucket(id, merged);
      continue;
    }
    ++split;
    const auto middle = std::partition_point(merged.begin(), merged.end(),
                                             [&](const LeafEntry& leaf) { return !bit_at(leaf.key_hash, id.depth); });
    add_bucket({id.depth + 1, 2 * id.index}, {merged.begin(), middle});
    add_bucket({id.depth + 1, 2 * id.index + 1}, {middle, merged.end()});
  }
}

void TreeUpdate::add_bucket(BucketId id, std::span<const LeafEntry> leaves) {
  new_buckets_.push_back({id, buckets_.arena().make(leaves), subtrees_.add(leaves, id.depth), leaves.size()});
}

void TreeUpdate::add_bucket_nodes(std::uint32_t level) {
  // Divided buckets have the lower prefixes, so what was raised from them stands before the others.
  for (const NewBucket& bucket : new_buckets_) {
    if (bucket.id.depth != level) continue;
    prefetch(level, bucket.id.index);
    nodes_[level].push_back({.index = static_cast<std::uint32_t>(bucket.id.index),
                             .leaves = static_cast<std::uint8_t>(std::min<std::uint64_t>(bucket.leaf_count, 2)),
                             .hash = subtrees_.digest(bucket.node)});
  }
}

Digest TreeUpdate::stored(std::uint32_t level, std::uint64_t index) const {
  return level <= top_.deepest() ? top_.at(level, index) : kEmptySubtree;
}

void TreeUpdate::prefetch(std::uint32_t level, std::uint64_t index) const {
  if (level <= top_.deepest()) __builtin_prefetch(&top_.at(level, index));
}

/// Nothing above an unchanged node changes through it. The halves of a bucket that is being divided stay in any case:
/// what is stored of them says nothing yet, and it is their parent that may turn out unchanged.
void TreeUpdate::drop_unchanged(std::uint32_t level) {
  const BucketGeometry& geometry = buckets_.geometry();
  std::erase_if(nodes_[level], [&](const Node& node) {
    if (level > geometry.depth && node.index / 2 >= geometry.split) return false;
    return stored(level, node.index) == node.hash;
  });
}

void TreeUpdate::raise(std::uint32_t level) {
  const std::vector<Node>& children = nodes_[level];
  std::vector<Node>& parents = nodes_[level - 1];
  parents.reserve(children.size() + new_buckets_.size());
  for (std::size_t i = 0; i < children.size();) {
    const Node& child = children[i];
    if (i + kPrefetchNodesAhead < children.size()) prefetch(level - 1, children[i + kPrefetchNodesAhead].index / 2);
    const bool both = i + 1 < children.size() && children[i + 1].index == (child.index ^ 1);
    const Digest sibling = both ? children[i + 1].hash : stored(level, child.index ^ 1);
    i += both ? 2 : 1;
    // How many leaves the other side has matters only when this side has none, or one.
    const int sibling_leaves = both                       ? children[i - 1].leaves
                               : sibling == kEmptySubtree ? 0
                               : child.leaves == 0        ? buckets_.count_up_to_two(level, child.index ^ 1)
                                                          : 1;
    const int leaves = std::min(child.leaves + sibling_leaves, 2);
    parents.push_back({.index = child.index / 2, .leaves = static_cast<std::uint8_t>(leaves), .hash = {}});
    Digest& out = parents.back().hash;
    if (leaves < 2) {
      out = child.leaves > 0 ? child.hash : sibling;
    } else if (child.index % 2 == 0) {
      hasher_.add(BatchHasher::kInnerTag, child.hash, sibling, &out);
    } else {
      hasher_.add(BatchHasher::kInnerTag, sibling, child.hash, &out);
    }
  }
  hasher_.flush();
}

void TreeUpdate::record_nodes(Undo& undo) const {
  for (std::uint32_t level = 0; level <= undo.floor; ++level) {
    undo.begin_level();
    for (const Node& node : nodes_[level]) undo.add_node(node.index, top_.at(level, node.index));
  }
  undo.begin_level();
}

void TreeUpdate::install(LeafBuckets& buckets, TopLevels& top) {
  const BucketGeometry geometry = buckets.geometry();
  if (new_split_ > geometry.split) buckets.prepare_split();
  if (deepest_ > top.deepest()) top.add_level();
  replaced_.reserve(new_buckets_.size() + new_split_ - geometry.split);
  for (std::uint64_t divided = geometry.split; divided < new_split_; ++divided) {
    replaced_.push_back(buckets.replace({geometry.depth, divided}, nullptr));
  }
  for (NewBucket& bucket : new_buckets_) replaced_.push_back(buckets.replace(bucket.id, bucket.bucket));
  for (std::uint32_t level = 0; level < nodes_.size(); ++level) {
    for (const Node& node : nodes_[level]) top.at(level, node.index) = node.hash;
  }
  buckets.advance_split(new_split_);
}

}  // namespace chancery::merkle
