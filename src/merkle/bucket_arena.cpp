#include "merkle/bucket_arena.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace chancery::merkle {

namespace {
constexpr std::size_t kPageBytes = 1 << 20;
}

// Large buckets are freed by their owner, LeafBuckets, which gives every block back first.
BucketArena::~BucketArena() = default;

void* BucketArena::take(std::uint64_t count) {
  const std::size_t bytes = bytes_for(count);
  if (count > kMostListed) {
    void* memory = std::malloc(bytes);
    if (memory == nullptr) throw std::bad_alloc();
    large_bytes_ += bytes;
    return memory;
  }
  if (FreeBlock* block = free_[count]) {
    free_[count] = block->next;
    __builtin_prefetch(block->next, 1);
    return block;
  }
  if (page_left_bytes_ < bytes) {
    // Not zeroed: the operating system gives pages as blocks are carved off.
    pages_.push_back(std::make_unique_for_overwrite<std::byte[]>(kPageBytes));
    page_left_bytes_ = kPageBytes;
    page_bytes_ += kPageBytes;
  }
  void* memory = pages_.back().get() + (kPageBytes - page_left_bytes_);
  page_left_bytes_ -= bytes;
  return memory;
}

BucketBlock* BucketArena::make(std::span<const LeafEntry> entries) {
  if (entries.empty()) return nullptr;
  auto* block = new (take(entries.size())) BucketBlock{entries.size()};
  std::memcpy(block->entries(), entries.data(), entries.size_bytes());
  return block;
}

void BucketArena::give_back(BucketBlock* block) {
  if (block == nullptr) return;
  const std::uint64_t count = block->count;
  if (count > kMostListed) {
    large_bytes_ -= bytes_for(count);
    std::free(block);
    return;
  }
  free_[count] = new (block) FreeBlock{free_[count]};
}

}  // namespace chancery::merkle
