#include <array>
#include <limits>
#include <vector>

#include "crypto/hash.h"
#include "crypto/lane_groups.h"
#include "crypto/signature.h"

#ifdef HAVE_CRYPTO_MB
#include <crypto_mb/sm3.h>
#endif

namespace chancery::crypto {

namespace {

#ifdef HAVE_CRYPTO_MB

constexpr std::size_t kLanes = 16;
// Fewer inputs than this are quicker one by one: sixteen lanes cost about as much as three single hashes.
constexpr std::size_t kFewestWorthLanes = 4;
constexpr std::size_t kMostLaneBytes = std::numeric_limits<int>::max();

/// At most sixteen inputs with equal numbers of whole blocks, see lane_groups.h.
void sm3_lanes(std::span<const BytesView> inputs, std::span<Digest> out, std::span<const std::uint32_t> indices) {
  static constexpr std::uint8_t kEmpty = 0;
  std::array<const int8u*, kLanes> message;
  std::array<int, kLanes> length;
  std::array<int8u*, kLanes> result;
  Digest unused;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const BytesView input = inputs[indices[lane < indices.size() ? lane : 0]];
    message[lane] = input.empty() ? &kEmpty : input.data();
    length[lane] = static_cast<int>(input.size());
    result[lane] = lane < indices.size() ? out[indices[lane]].data() : unused.data();
  }
  CHANCERY_CHECK(mbx_sm3_msg_digest_mb16(message.data(), length.data(), result.data()) == MBX_STATUS_OK);
}

void sm3_batch(std::span<const BytesView> inputs, std::span<Digest> out) {
  thread_local std::vector<std::uint32_t> order;
  order.clear();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].size() <= kMostLaneBytes) {
      order.push_back(static_cast<std::uint32_t>(i));
    } else {
      out[i] = hash(HashAlgorithm::kSm3, inputs[i]);
    }
  }
  const auto blocks_of = [&](std::uint32_t i) { return whole_blocks(inputs[i]); };
  for_each_lane_group(order, kLanes, blocks_of, [&](std::span<const std::uint32_t> indices) {
    if (indices.size() >= kFewestWorthLanes) {
      sm3_lanes(inputs, out, indices);
    } else {
      for (const std::uint32_t i : indices) out[i] = hash(HashAlgorithm::kSm3, inputs[i]);
    }
  });
}

#endif

}  // namespace

void hash_batch(HashAlgorithm algorithm, std::span<const BytesView> inputs, std::span<Digest> out) {
  CHANCERY_CHECK(inputs.size() == out.size());
#ifdef HAVE_CRYPTO_MB
  if (algorithm == HashAlgorithm::kSm3 && inputs.size() >= kFewestWorthLanes &&
      inputs.size() <= std::numeric_limits<std::uint32_t>::max() && active_backend() == Backend::kCryptoMb) {
    sm3_batch(inputs, out);
    return;
  }
#endif
  for (std::size_t i = 0; i < inputs.size(); ++i) out[i] = hash(algorithm, inputs[i]);
}

}  // namespace chancery::crypto
