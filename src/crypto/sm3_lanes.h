#pragma once
// SM3 (GB/T 32905-2016) over eight inputs side by side, in the vectors that every compiler target has. Private to this
// folder.

#include <span>

#include "base/bytes.h"

namespace chancery::crypto {

inline constexpr std::size_t kSm3Lanes = 8;

/// out[indices[i]] = SM3(inputs[indices[i]]) for one to eight indices, whose inputs have equal numbers of whole blocks
/// of 64 bytes (lane_groups.h).
void sm3_lanes(std::span<const BytesView> inputs, std::span<Digest> out, std::span<const std::uint32_t> indices);

}  // namespace chancery::crypto
