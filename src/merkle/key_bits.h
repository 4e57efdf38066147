#pragma once
// The bits of a key hash decide where its leaf stands: bit 0 is the most significant one; 0 goes left, 1 goes right.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace chancery::merkle {

inline constexpr std::uint32_t kKeyBits = 256;
inline constexpr Digest kEmptySubtree{};

inline bool bit_at(const Digest& key_hash, std::uint32_t depth) {
  return ((key_hash[depth / 8] >> (7 - depth % 8)) & 1) != 0;
}

/// The first `bits` (0 to 64) bits as a number: the index of the node on that level.
inline std::uint64_t prefix_of(const Digest& key_hash, std::uint32_t bits) {
  if (bits == 0) return 0;
  std::uint64_t start;
  std::memcpy(&start, key_hash.data(), sizeof start);
  if constexpr (std::endian::native == std::endian::little) start = std::byteswap(start);
  return start >> (64 - bits);
}

/// How many leading bits two different key hashes share.
inline std::uint32_t shared_bits(const Digest& a, const Digest& b) {
  std::uint32_t byte = 0;
  while (byte < 31 && a[byte] == b[byte]) ++byte;
  return byte * 8 + static_cast<std::uint32_t>(std::countl_zero(static_cast<std::uint8_t>(a[byte] ^ b[byte])));
}

}  // namespace chancery::merkle
