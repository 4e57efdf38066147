#pragma once
// Which inputs may go through crypto_mb side by side. Private to this folder.
//
// The SM3 kernels of crypto_mb 2026.2.0 go on reading in lanes whose input is over while others still have whole blocks
// of 64 bytes: up to 64 bytes beyond the end (mbx_sm3_*_mb16), or at a null pointer (mbx_sm2_ecdsa_*_mb8). So all lanes
// of a call must have the same number of whole blocks, and unused lanes repeat a used one.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace chancery::crypto {

/// Whole blocks that SM3 takes from the input itself, behind `before` bytes that were hashed already.
constexpr std::size_t whole_blocks(BytesView input, std::size_t before = 0) {
  return (input.size() + before) / 64;
}
/// Z comes before the message in SM2.
constexpr std::size_t whole_blocks_after_z(BytesView message) {
  return whole_blocks(message, 32);
}

/// Sorts `order` by `blocks_of(index)` and calls `run(indices)` for groups of at most `lanes` with equal numbers of
/// blocks.
template <class BlocksOf, class Run>
void for_each_lane_group(std::vector<std::uint32_t>& order, std::size_t lanes, BlocksOf blocks_of, Run run) {
  if (!std::ranges::is_sorted(order, {}, blocks_of)) std::ranges::stable_sort(order, {}, blocks_of);
  const std::span<const std::uint32_t> all(order);
  for (std::size_t start = 0; start < all.size();) {
    std::size_t end = start + 1;
    while (end < all.size() && end - start < lanes && blocks_of(all[end]) == blocks_of(all[start])) ++end;
    run(all.subspan(start, end - start));
    start = end;
  }
}

}  // namespace chancery::crypto
