#pragma once
// The leaves of the state tree in sorted buckets, one a prefix of the key hash, each packed in one allocation.
//
// The number of buckets follows the number of leaves smoothly (linear hashing): prefixes of `depth` bits below `split`
// are already divided in two buckets of depth + 1 bits, the others not yet. When all are divided, depth grows by one.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "merkle/bucket_arena.h"

namespace chancery::merkle {

struct BucketId {
  std::uint32_t depth;
  std::uint64_t index;

  bool operator==(const BucketId&) const = default;
};

struct BucketGeometry {
  std::uint32_t depth = 0;
  std::uint64_t split = 0;  ///< Below 2^depth.

  /// The geometry with about kLeavesPerBucket leaves in each bucket.
  static BucketGeometry for_leaves(std::uint64_t leaves);

  BucketId bucket_of(const Digest& key_hash) const;
  std::uint64_t bucket_count() const { return (std::uint64_t{1} << depth) + split; }
  /// The deepest level that has nodes of its own.
  std::uint32_t deepest_level() const { return depth + (split > 0 ? 1 : 0); }
  bool can_grow() const;
};

inline constexpr std::uint64_t kLeavesPerBucket = 4;
inline constexpr std::uint32_t kMaxBucketDepth = 24;

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};

class LeafBuckets {
 public:
  explicit LeafBuckets(BucketGeometry geometry);
  /// Every block that was made by arena() must be in place, or given back.
  ~LeafBuckets();
  LeafBuckets(const LeafBuckets&) = delete;
  LeafBuckets& operator=(const LeafBuckets&) = delete;

  const BucketGeometry& geometry() const { return geometry_; }
  std::uint64_t leaf_count() const { return leaf_count_; }
  /// Where the blocks of these buckets come from. The writer's, like everything that is not const.
  BucketArena& arena() const { return *arena_; }

  /// The bucket must be one of the present geometry.
  std::span<const LeafEntry> entries(BucketId id) const;
  /// The leaf hash of a key; null when it is absent.
  const Digest* find(const Digest& key_hash) const;
  /// Hints the processor that this bucket is wanted soon: first its slot, later its entries.
  void prefetch_slot(BucketId id) const;
  void prefetch_entries(BucketId id) const;
  /// Calls visit(entries) for each bucket below a node, in order, until it returns false. `level` <= depth.
  template <class Visit>
  void visit_below(std::uint32_t level, std::uint64_t index, Visit visit) const;
  /// 0, 1, or 2 for two and more leaves below a node; `level` <= the deepest level.
  int count_up_to_two(std::uint32_t level, std::uint64_t index) const;

  /// Puts a bucket in place and returns the old one. While buckets are being divided, also one of depth + 1 bits that
  /// the geometry does not show yet.
  BucketBlock* replace(BucketId id, BucketBlock* bucket);
  /// Makes room for divided buckets; the geometry stays.
  void prepare_split();
  /// From now on prefixes below `new_split` are divided: their halves must be in place, and the undivided ones gone.
  void advance_split(std::uint64_t new_split);

  std::uint64_t memory_bytes() const;

 private:
  using Slots = std::unique_ptr<BucketBlock*[], FreeMemory>;
  static Slots make_slots(std::uint64_t count);
  void release(Slots& slots, std::uint64_t count);
  BucketBlock* block(BucketId id) const;

  BucketGeometry geometry_;
  Slots base_;  ///< 2^depth slots; null where divided.
  Slots half_;  ///< 2^(depth+1) slots, while dividing.
  std::uint64_t leaf_count_ = 0;
  std::unique_ptr<BucketArena> arena_ = std::make_unique<BucketArena>();
};

template <class Visit>
void LeafBuckets::visit_below(std::uint32_t level, std::uint64_t index, Visit visit) const {
  const std::uint32_t shift = geometry_.depth - level;
  const std::uint64_t first = index << shift;
  const std::uint64_t last = (index + 1) << shift;
  for (std::uint64_t i = first; i < last; ++i) {
    if (i < geometry_.split) {
      if (!visit(entries({geometry_.depth + 1, 2 * i}))) return;
      if (!visit(entries({geometry_.depth + 1, 2 * i + 1}))) return;
    } else if (!visit(entries({geometry_.depth, i}))) {
      return;
    }
  }
}

}  // namespace chancery::merkle
