#include <algorithm>
#include <utility>

#include "merkle/batch_hasher.h"
#include "merkle/key_bits.h"
#include "merkle/leaf_buckets.h"
#include "merkle/state_tree.h"
#include "merkle/top_levels.h"
#include "merkle/tree_undo.h"
#include "merkle/tree_update.h"

namespace chancery::merkle {

/// The tree as it was at one version; lives under the shared lock. Nodes come from the arrays and the undos down to
/// the version's undo floor; what lies below such a node is hashed again from its leaves.
class StateTree::Snapshot {
 public:
  Snapshot(const StateTree& tree, std::uint64_t version) : tree_(tree) {
    first_undo_ = std::partition_point(tree.undos_.begin(), tree.undos_.end(),
                                       [&](const auto& undo) { return undo->version <= version; });
    floor_ = first_undo_ == tree.undos_.end() ? undo_floor(tree.buckets_->geometry()) : (*first_undo_)->floor;
  }

  Digest root() const { return node(0, 0); }
  std::optional<Path> path(const Digest& key_hash) const;
  std::optional<Path> path_to_the_left(const Digest& key_hash) const;
  std::optional<Path> path_to_the_right(const Digest& key_hash) const;

 private:
  using Group = std::vector<LeafEntry>;

  Digest node(std::uint32_t level, std::uint64_t index) const;
  std::vector<Digest> siblings_above(std::uint64_t group_index) const;
  Group group(std::uint64_t index) const;
  std::optional<std::uint64_t> next_group(std::uint64_t index, bool to_the_right) const;
  Path path_in(const Group& leaves, const Digest& key_hash) const;

  const StateTree& tree_;
  std::deque<std::unique_ptr<Undo>>::const_iterator first_undo_;
  std::uint32_t floor_ = 0;
};

Digest StateTree::Snapshot::node(std::uint32_t level, std::uint64_t index) const {
  for (auto undo = first_undo_; undo != tree_.undos_.end(); ++undo) {
    if (const Digest* old = (*undo)->old_node(level, index)) return *old;
  }
  return tree_.top_->at(level, index);
}

/// From the floor to the root. The oldest undo that knows a node has its hash at this version.
std::vector<Digest> StateTree::Snapshot::siblings_above(std::uint64_t group_index) const {
  std::vector<const Digest*> found(floor_ + 1, nullptr);  // By level.
  for (auto undo = first_undo_; undo != tree_.undos_.end(); ++undo) {
    for (std::uint32_t level = 1; level <= floor_; ++level) {
      const std::uint64_t parent = group_index >> (floor_ - level + 1);
      if ((*undo)->old_node(level - 1, parent) == nullptr) break;
      const std::uint64_t sibling = (group_index >> (floor_ - level)) ^ 1;
      if (found[level] == nullptr) found[level] = (*undo)->old_node(level, sibling);
    }
  }
  std::vector<Digest> siblings;
  for (std::uint32_t level = floor_; level > 0; --level) {
    const std::uint64_t sibling = (group_index >> (floor_ - level)) ^ 1;
    siblings.push_back(found[level] != nullptr ? *found[level] : tree_.top_->at(level, sibling));
  }
  return siblings;
}

/// All leaves below a node of the floor level: the present ones, led back undo by undo.
StateTree::Snapshot::Group StateTree::Snapshot::group(std::uint64_t index) const {
  Group leaves;
  tree_.buckets_->visit_below(floor_, index, [&](std::span<const LeafEntry> bucket) {
    leaves.insert(leaves.end(), bucket.begin(), bucket.end());
    return true;
  });
  Group merged;
  Undo unused;
  for (auto undo = tree_.undos_.end(); undo != first_undo_;) {
    --undo;
    const auto old = (*undo)->old_leaves_below(floor_, index);
    if (old.empty()) continue;
    TreeUpdate::merge(leaves, old, merged, unused);
    std::swap(leaves, merged);
  }
  return leaves;
}

/// The nearest group with leaves beside this one.
std::optional<std::uint64_t> StateTree::Snapshot::next_group(std::uint64_t index, bool to_the_right) const {
  for (std::uint32_t level = floor_; level > 0; --level, index /= 2) {
    const bool is_right = index % 2 == 1;
    if (is_right == to_the_right || node(level, index ^ 1) == kEmptySubtree) continue;
    std::uint64_t at = index ^ 1;
    for (std::uint32_t below = level + 1; below <= floor_; ++below) {
      at = 2 * at + (to_the_right ? 0 : 1);
      if (node(below, at) == kEmptySubtree) at ^= 1;
    }
    return at;
  }
  return std::nullopt;
}

/// The key must be one of these leaves, which are its whole group.
Path StateTree::Snapshot::path_in(const Group& leaves, const Digest& key_hash) const {
  BatchHasher hasher(tree_.algorithm_);
  SubtreeBatch subtrees(hasher);
  std::vector<SubtreeBatch::Ref> down;
  std::span<const LeafEntry> mine = leaves;
  for (std::uint32_t depth = floor_; mine.size() > 1; ++depth) {
    const auto middle = std::partition_point(mine.begin(), mine.end(),
                                             [&](const LeafEntry& leaf) { return !bit_at(leaf.key_hash, depth); });
    std::span<const LeafEntry> left(mine.begin(), middle), right(middle, mine.end());
    if (bit_at(key_hash, depth)) std::swap(left, right);
    down.push_back(subtrees.add(right, depth + 1));
    mine = left;
  }
  subtrees.run();
  CHANCERY_CHECK(mine.size() == 1 && mine.front().key_hash == key_hash);
  Path path{.key_hash = key_hash, .leaf_hash = mine.front().leaf_hash, .siblings = {}};
  for (auto ref = down.rbegin(); ref != down.rend(); ++ref) path.siblings.push_back(subtrees.digest(*ref));
  for (const Digest& sibling : siblings_above(prefix_of(key_hash, floor_))) {
    // A leaf that is alone in its subtree stands where the first other leaf joins it.
    if (path.siblings.empty() && sibling == kEmptySubtree) continue;
    path.siblings.push_back(sibling);
  }
  return path;
}

std::optional<Path> StateTree::Snapshot::path(const Digest& key_hash) const {
  const Group leaves = group(prefix_of(key_hash, floor_));
  const auto found = std::ranges::lower_bound(leaves, key_hash, {}, &LeafEntry::key_hash);
  if (found == leaves.end() || found->key_hash != key_hash) return std::nullopt;
  return path_in(leaves, key_hash);
}

std::optional<Path> StateTree::Snapshot::path_to_the_left(const Digest& key_hash) const {
  const std::uint64_t index = prefix_of(key_hash, floor_);
  Group leaves = group(index);
  const auto found = std::ranges::lower_bound(leaves, key_hash, {}, &LeafEntry::key_hash);
  if (found != leaves.begin()) return path_in(leaves, (found - 1)->key_hash);
  const auto other = next_group(index, false);
  if (!other) return std::nullopt;
  leaves = group(*other);
  return path_in(leaves, leaves.back().key_hash);
}

std::optional<Path> StateTree::Snapshot::path_to_the_right(const Digest& key_hash) const {
  const std::uint64_t index = prefix_of(key_hash, floor_);
  Group leaves = group(index);
  const auto found = std::ranges::lower_bound(leaves, key_hash, {}, &LeafEntry::key_hash);
  if (found != leaves.end()) return path_in(leaves, found->key_hash);
  const auto other = next_group(index, true);
  if (!other) return std::nullopt;
  leaves = group(*other);
  return path_in(leaves, leaves.front().key_hash);
}

Status StateTree::check_version(std::uint64_t version) const {
  if (version < oldest_version_) {
    return fail(Reason::kGone, "the state is kept from version " + std::to_string(oldest_version_) + " on");
  }
  if (version > version_) {
    return fail(Reason::kNotFound, "the newest version of the state is " + std::to_string(version_));
  }
  return {};
}

std::uint64_t StateTree::version() const {
  const auto lock = read_lock();
  return version_;
}

Digest StateTree::root() const {
  const auto lock = read_lock();
  return top_->at(0, 0);
}

std::uint64_t StateTree::size() const {
  const auto lock = read_lock();
  return buckets_->leaf_count();
}

bool StateTree::contains(const Digest& key_hash) const {
  const auto lock = read_lock();
  return buckets_->find(key_hash) != nullptr;
}

Result<Digest> StateTree::root_at(std::uint64_t version) const {
  const auto lock = read_lock();
  TRY(check_version(version));
  return Snapshot(*this, version).root();
}

Result<Path> StateTree::path(std::uint64_t version, const Digest& key_hash) const {
  const auto lock = read_lock();
  TRY(check_version(version));
  auto path = Snapshot(*this, version).path(key_hash);
  if (!path) return fail(Reason::kNotFound, "no record with this key at version " + std::to_string(version));
  return *std::move(path);
}

Result<Neighbours> StateTree::neighbours(std::uint64_t version, const Digest& key_hash) const {
  const auto lock = read_lock();
  TRY(check_version(version));
  const Snapshot snapshot(*this, version);
  Neighbours found{.left = snapshot.path_to_the_left(key_hash), .right = snapshot.path_to_the_right(key_hash)};
  if (found.right && found.right->key_hash == key_hash) {
    return fail(Reason::kAlreadyExists, "a record with this key is there at version " + std::to_string(version));
  }
  return found;
}

}  // namespace chancery::merkle
