#pragma once
// Numbers as crypto_mb wants them: four 64-bit words, least significant first. Private to this folder.

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace chancery::crypto {

using Limbs = std::array<unsigned long long, 4>;

inline Limbs to_limbs(std::span<const std::uint8_t, 32> big_endian) {
  static_assert(std::endian::native == std::endian::little);
  Limbs limbs;
  for (std::size_t i = 0; i < 4; ++i) {
    unsigned long long word = 0;
    std::memcpy(&word, big_endian.data() + 8 * (3 - i), 8);
    limbs[i] = __builtin_bswap64(word);
  }
  return limbs;
}

/// The 32 bytes of to_limbs again.
inline std::array<std::uint8_t, 32> to_big_endian(const Limbs& limbs) {
  std::array<std::uint8_t, 32> out;
  for (std::size_t i = 0; i < 4; ++i) {
    const unsigned long long word = __builtin_bswap64(limbs[3 - i]);
    std::memcpy(out.data() + 8 * i, &word, 8);
  }
  return out;
}

}  // namespace chancery::crypto
