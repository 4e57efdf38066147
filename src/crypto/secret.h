#pragma once
// Byte strings that are wiped when they go: keys, scalars, passphrases' derivatives.

#include <cstddef>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace chancery::crypto {

/// Overwrites memory in a way that the compiler can't drop.
void wipe(void* memory, std::size_t bytes);

template <class T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <class U>
  WipingAllocator(const WipingAllocator<U>&) {}  // NOLINT(google-explicit-constructor): an allocator rebinds implicitly
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) {
    wipe(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  template <class U>
  bool operator==(const WipingAllocator<U>&) const {
    return true;
  }
};

using SecretBytes = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

inline SecretBytes to_secret(BytesView view) {
  return {view.begin(), view.end()};
}

}  // namespace chancery::crypto
