#pragma once
// What one apply() overwrote: enough to read the tree as it was before.

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "merkle/leaf_buckets.h"

namespace chancery::merkle {

/// Nodes are kept for the levels 0 to `floor` only. Below that a reader hashes the leaves again: some dozens, which
/// costs microseconds, while keeping those levels too would double the memory of old versions.
struct Undo {
  std::uint64_t version = 0;  ///< The version that this leads back from.
  Digest root_before{};
  std::uint32_t floor = 0;
  std::vector<std::uint32_t> level_begin;  ///< floor + 2 positions in the two lists below.
  std::vector<std::uint32_t> indexes;      ///< Sorted within each level.
  std::vector<Digest> old_hashes;
  std::vector<LeafEntry> old_leaves;  ///< Sorted; the zero leaf hash means that the key was absent.

  /// Starts the next level.
  void begin_level() { level_begin.push_back(static_cast<std::uint32_t>(indexes.size())); }
  void add_node(std::uint64_t index, const Digest& old_hash);

  /// Null when this node did not change; then nothing below it did either.
  const Digest* old_node(std::uint32_t level, std::uint64_t index) const;
  std::span<const LeafEntry> old_leaves_below(std::uint32_t level, std::uint64_t index) const;
  std::uint64_t memory_bytes() const;
};

/// The deepest level whose nodes are kept for old versions, in a tree of this geometry.
inline std::uint32_t undo_floor(const BucketGeometry& geometry) {
  return geometry.depth < 3 ? 0 : geometry.depth - 3;
}

}  // namespace chancery::merkle
