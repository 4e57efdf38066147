#pragma once
// The upper nodes of the state tree, one array a level, from the root (level 0) down to the buckets' own nodes.

#include <sys/mman.h>

#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "base/bytes.h"

namespace chancery::merkle {

class TopLevels {
 public:
  /// Levels 0 to `deepest`, all empty.
  explicit TopLevels(std::uint32_t deepest) {
    for (std::uint32_t level = 0; level <= deepest; ++level) add_level();
  }

  std::uint32_t deepest() const { return static_cast<std::uint32_t>(levels_.size()) - 1; }
  const Digest& at(std::uint32_t level, std::uint64_t index) const { return levels_[level][index]; }
  Digest& at(std::uint32_t level, std::uint64_t index) { return levels_[level][index]; }

  /// Zeroed pages come from the operating system as they are first used; siblings share a cache line, and huge pages
  /// spare most of the address translations of random access.
  void add_level() {
    const std::size_t bytes = sizeof(Digest) << levels_.size();
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    if (bytes >= kLeastHugeBytes) madvise(memory, bytes, MADV_HUGEPAGE);
    levels_.emplace_back(static_cast<Digest*>(memory), Unmap{bytes});
  }

  std::uint64_t memory_bytes() const { return sizeof(Digest) << levels_.size(); }

 private:
  static constexpr std::size_t kLeastHugeBytes = 4 << 20;
  struct Unmap {
    std::size_t bytes;
    void operator()(Digest* memory) const { munmap(memory, bytes); }
  };
  std::vector<std::unique_ptr<Digest[], Unmap>> levels_;
};

}  // namespace chancery::merkle
