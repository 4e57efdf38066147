#pragma once
// Memory for buckets: free lists by number of leaves over large pages. Every block of transactions replaces thousands
// of buckets of a few hundred bytes at random places, where a general allocator spends its time joining and splitting
// chunks.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace chancery::merkle {

struct LeafEntry {
  Digest key_hash;
  Digest leaf_hash;
};

/// A bucket's memory: the count, then the entries.
struct BucketBlock {
  std::uint64_t count;
  LeafEntry* entries() { return reinterpret_cast<LeafEntry*>(this + 1); }
  const LeafEntry* entries() const { return reinterpret_cast<const LeafEntry*>(this + 1); }
};

/// Used by the writer alone. Pages are given back when the arena goes.
class BucketArena {
 public:
  BucketArena() = default;
  ~BucketArena();
  BucketArena(const BucketArena&) = delete;
  BucketArena& operator=(const BucketArena&) = delete;

  /// A copy of these entries; null for none.
  BucketBlock* make(std::span<const LeafEntry> entries);
  /// Null is allowed.
  void give_back(BucketBlock* block);

  std::uint64_t memory_bytes() const { return page_bytes_ + large_bytes_; }

 private:
  static constexpr std::uint64_t kMostListed = 32;  ///< Larger buckets are rare and go to the general allocator.
  static std::size_t bytes_for(std::uint64_t count) { return sizeof(BucketBlock) + count * sizeof(LeafEntry); }

  struct FreeBlock {
    FreeBlock* next;
  };
  void* take(std::uint64_t count);

  std::array<FreeBlock*, kMostListed + 1> free_{};
  std::vector<std::unique_ptr<std::byte[]>> pages_;
  std::size_t page_left_bytes_ = 0;
  std::uint64_t page_bytes_ = 0;
  std::uint64_t large_bytes_ = 0;
};

}  // namespace chancery::merkle
