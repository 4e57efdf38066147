#include "merkle/leaf_buckets.h"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "base/result.h"
#include "merkle/key_bits.h"

namespace chancery::merkle {

BucketGeometry BucketGeometry::for_leaves(std::uint64_t leaves) {
  const std::uint64_t most = std::uint64_t{1} << kMaxBucketDepth;
  const std::uint64_t buckets = std::clamp<std::uint64_t>(leaves / kLeavesPerBucket, 1, most);
  const auto depth = static_cast<std::uint32_t>(std::bit_width(buckets) - 1);
  return {.depth = depth, .split = buckets - (std::uint64_t{1} << depth)};
}

BucketId BucketGeometry::bucket_of(const Digest& key_hash) const {
  const std::uint64_t longer = prefix_of(key_hash, depth + 1);
  if (longer / 2 < split) return {depth + 1, longer};
  return {depth, longer / 2};
}

bool BucketGeometry::can_grow() const {
  return depth < kMaxBucketDepth;
}

// calloc: the operating system gives zero pages as they are first used, so a larger array costs nothing at once.
LeafBuckets::Slots LeafBuckets::make_slots(std::uint64_t count) {
  auto* memory = static_cast<BucketBlock**>(std::calloc(count, sizeof(BucketBlock*)));
  if (memory == nullptr) throw std::bad_alloc();
  return Slots(memory);
}

void LeafBuckets::release(Slots& slots, std::uint64_t count) {
  if (!slots) return;
  for (std::uint64_t i = 0; i < count; ++i) arena_->give_back(slots[i]);
}

LeafBuckets::LeafBuckets(BucketGeometry geometry)
    : geometry_(geometry), base_(make_slots(std::uint64_t{1} << geometry.depth)) {
  if (geometry_.split > 0) prepare_split();
}

LeafBuckets::~LeafBuckets() {
  release(base_, std::uint64_t{1} << geometry_.depth);
  release(half_, std::uint64_t{2} << geometry_.depth);
}

BucketBlock* LeafBuckets::block(BucketId id) const {
  return id.depth == geometry_.depth ? base_[id.index] : half_[id.index];
}

std::span<const LeafEntry> LeafBuckets::entries(BucketId id) const {
  const BucketBlock* found = block(id);
  if (found == nullptr) return {};
  return {found->entries(), found->count};
}

const Digest* LeafBuckets::find(const Digest& key_hash) const {
  for (const LeafEntry& entry : entries(geometry_.bucket_of(key_hash))) {
    if (entry.key_hash == key_hash) return &entry.leaf_hash;
  }
  return nullptr;
}

void LeafBuckets::prefetch_slot(BucketId id) const {
  __builtin_prefetch(id.depth == geometry_.depth ? &base_[id.index] : &half_[id.index]);
}

void LeafBuckets::prefetch_entries(BucketId id) const {
  const auto* start = reinterpret_cast<const char*>(block(id));
  if (start == nullptr) return;
  for (std::size_t line = 0; line < 5; ++line) __builtin_prefetch(start + 64 * line);
}

int LeafBuckets::count_up_to_two(std::uint32_t level, std::uint64_t index) const {
  std::size_t count = 0;
  if (level > geometry_.depth) return static_cast<int>(std::min<std::size_t>(entries({level, index}).size(), 2));
  visit_below(level, index, [&](std::span<const LeafEntry> bucket) {
    count += bucket.size();
    return count < 2;
  });
  return static_cast<int>(std::min<std::size_t>(count, 2));
}

BucketBlock* LeafBuckets::replace(BucketId id, BucketBlock* bucket) {
  BucketBlock*& slot = id.depth == geometry_.depth ? base_[id.index] : half_[id.index];
  if (slot != nullptr) leaf_count_ -= slot->count;
  if (bucket != nullptr) leaf_count_ += bucket->count;
  return std::exchange(slot, bucket);
}

void LeafBuckets::prepare_split() {
  if (!half_) half_ = make_slots(std::uint64_t{2} << geometry_.depth);
}

void LeafBuckets::advance_split(std::uint64_t new_split) {
  CHANCERY_CHECK(new_split >= geometry_.split && new_split <= std::uint64_t{1} << geometry_.depth);
  geometry_.split = new_split;
  if (new_split < std::uint64_t{1} << geometry_.depth) return;
  base_ = std::move(half_);
  ++geometry_.depth;
  geometry_.split = 0;
}

std::uint64_t LeafBuckets::memory_bytes() const {
  const std::uint64_t slots = (std::uint64_t{1} << geometry_.depth) + 2 * geometry_.split;
  return arena_->memory_bytes() + slots * sizeof(BucketBlock*);
}

}  // namespace chancery::merkle
