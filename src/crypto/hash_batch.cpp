#include <array>
#include <limits>
#include <vector>

#include "crypto/hash.h"
#include "crypto/lane_groups.h"
#include "crypto/signature.h"
#include "crypto/sm3_lanes.h"

#ifdef HAVE_CRYPTO_MB
#include <crypto_mb/sm3.h>
#endif

namespace chancery::crypto {

namespace {

// Fewer inputs than this are quicker one by one: a full set of lanes costs about as much as three single hashes.
constexpr std::size_t kFewestWorthLanes = 4;
constexpr std::size_t kMostLaneBytes = std::numeric_limits<int>::max();

using HashLanes = void (*)(std::span<const BytesView> inputs, std::span<Digest> out,
                           std::span<const std::uint32_t> indices);

#ifdef HAVE_CRYPTO_MB

constexpr std::size_t kCryptoMbLanes = 16;

/// At most sixteen inputs with equal numbers of whole blocks, see lane_groups.h.
void sm3_crypto_mb(std::span<const BytesView> inputs, std::span<Digest> out, std::span<const std::uint32_t> indices) {
  static constexpr std::uint8_t kEmpty = 0;
  std::array<const int8u*, kCryptoMbLanes> message;
  std::array<int, kCryptoMbLanes> length;
  std::array<int8u*, kCryptoMbLanes> result;
  Digest unused;
  for (std::size_t lane = 0; lane < kCryptoMbLanes; ++lane) {
    const BytesView input = inputs[indices[lane < indices.size() ? lane : 0]];
    message[lane] = input.empty() ? &kEmpty : input.data();
    length[lane] = static_cast<int>(input.size());
    result[lane] = lane < indices.size() ? out[indices[lane]].data() : unused.data();
  }
  CHANCERY_CHECK(mbx_sm3_msg_digest_mb16(message.data(), length.data(), result.data()) == MBX_STATUS_OK);
}

#endif

void sm3_batch(std::span<const BytesView> inputs, std::span<Digest> out, std::size_t lanes, HashLanes hash_lanes) {
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
  for_each_lane_group(order, lanes, blocks_of, [&](std::span<const std::uint32_t> indices) {
    if (indices.size() >= kFewestWorthLanes) {
      hash_lanes(inputs, out, indices);
    } else {
      for (const std::uint32_t i : indices) out[i] = hash(HashAlgorithm::kSm3, inputs[i]);
    }
  });
}

}  // namespace

void hash_batch(HashAlgorithm algorithm, std::span<const BytesView> inputs, std::span<Digest> out) {
  CHANCERY_CHECK(inputs.size() == out.size());
  const bool worth_lanes = algorithm == HashAlgorithm::kSm3 && inputs.size() >= kFewestWorthLanes &&
                           inputs.size() <= std::numeric_limits<std::uint32_t>::max();
  if (worth_lanes && active_backend() == Backend::kTables) return sm3_batch(inputs, out, kSm3Lanes, sm3_lanes);
#ifdef HAVE_CRYPTO_MB
  if (worth_lanes && active_backend() == Backend::kCryptoMb) {
    return sm3_batch(inputs, out, kCryptoMbLanes, sm3_crypto_mb);
  }
#endif
  for (std::size_t i = 0; i < inputs.size(); ++i) out[i] = hash(algorithm, inputs[i]);
}

}  // namespace chancery::crypto
