#include "merkle/tree_undo.h"

#include <algorithm>

#include "merkle/key_bits.h"

namespace chancery::merkle {

void Undo::add_node(std::uint64_t index, const Digest& old_hash) {
  indexes.push_back(static_cast<std::uint32_t>(index));
  old_hashes.push_back(old_hash);
}

const Digest* Undo::old_node(std::uint32_t level, std::uint64_t index) const {
  const auto first = indexes.begin() + level_begin[level];
  const auto last = indexes.begin() + level_begin[level + 1];
  const auto found = std::lower_bound(first, last, index);
  if (found == last || *found != index) return nullptr;
  return &old_hashes[static_cast<std::size_t>(found - indexes.begin())];
}

std::span<const LeafEntry> Undo::old_leaves_below(std::uint32_t level, std::uint64_t index) const {
  const auto first = std::partition_point(old_leaves.begin(), old_leaves.end(), [&](const LeafEntry& leaf) {
    return prefix_of(leaf.key_hash, level) < index;
  });
  const auto last = std::partition_point(
      first, old_leaves.end(), [&](const LeafEntry& leaf) { return prefix_of(leaf.key_hash, level) == index; });
  return {first, last};
}

std::uint64_t Undo::memory_bytes() const {
  return sizeof(Undo) + level_begin.capacity() * 4 + indexes.capacity() * 4 + old_hashes.capacity() * sizeof(Digest) +
         old_leaves.capacity() * sizeof(LeafEntry);
}

}  // namespace chancery::merkle
