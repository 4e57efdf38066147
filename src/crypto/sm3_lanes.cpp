#include "crypto/sm3_lanes.h"

#include <array>
#include <bit>
#include <cstring>

#include "base/result.h"
#include "crypto/lane_groups.h"

namespace chancery::crypto {

namespace {

constexpr std::size_t kSm3BlockBytes = 64;
constexpr std::size_t kSm3LengthBytes = 8;

/// One 32-bit word of each lane.
using Words = std::uint32_t __attribute__((vector_size(4 * kSm3Lanes)));

struct LaneState {
  std::array<Words, 8> words;
};

constexpr std::array<std::uint32_t, 8> kInitial = {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
                                                   0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};

std::uint32_t read_u32_be(const std::uint8_t* at) {
  static_assert(std::endian::native == std::endian::little);
  std::uint32_t word;
  std::memcpy(&word, at, sizeof word);
  return __builtin_bswap32(word);
}

// Macros, because vectors passed to functions change their calling convention with the target.
#define ROTATE(x, bits) ((x) << (bits) | (x) >> (32 - (bits)))
#define P0(x) ((x) ^ ROTATE(x, 9) ^ ROTATE(x, 17))
#define P1(x) ((x) ^ ROTATE(x, 15) ^ ROTATE(x, 23))

/// The compression function CF of section 5.3 over one block of every lane.
[[gnu::always_inline]] inline void compress(LaneState& state,
                                            const std::array<const std::uint8_t*, kSm3Lanes>& blocks) {
  Words w[68];
  for (std::size_t j = 0; j < 16; ++j) {
    for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) w[j][lane] = read_u32_be(blocks[lane] + 4 * j);
  }
  for (std::size_t j = 16; j < 68; ++j) {
    const Words mixed = w[j - 16] ^ w[j - 9] ^ ROTATE(w[j - 3], 15);
    w[j] = P1(mixed) ^ ROTATE(w[j - 13], 7) ^ w[j - 6];
  }
  auto [a, b, c, d, e, f, g, h] = state.words;
  for (unsigned j = 0; j < 64; ++j) {
    const std::uint32_t constant = std::rotl(j < 16 ? 0x79cc4519U : 0x7a879d8aU, static_cast<int>(j % 32));
    const Words a12 = ROTATE(a, 12);
    const Words sum = a12 + e + constant;
    const Words ss1 = ROTATE(sum, 7);
    const Words ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const Words gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const Words tt1 = ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4]);
    const Words tt2 = gg + h + ss1 + w[j];
    d = c;
    c = ROTATE(b, 9);
    b = a;
    a = tt1;
    h = g;
    g = ROTATE(f, 19);
    f = e;
    e = P0(tt2);
  }
  const std::array<Words, 8> mixed = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state.words[i] ^= mixed[i];
}

#undef P1
#undef P0
#undef ROTATE

using Compress = void (*)(LaneState&, const std::array<const std::uint8_t*, kSm3Lanes>&);

void compress_portable(LaneState& state, const std::array<const std::uint8_t*, kSm3Lanes>& blocks) {
  compress(state, blocks);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void compress_avx2(LaneState& state, const std::array<const std::uint8_t*, kSm3Lanes>& blocks) {
  compress(state, blocks);
}
#endif

Compress best_compress() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return compress_avx2;
#endif
  return compress_portable;
}

/// What follows the whole blocks of an input: its rest, a bit, zeros, its length in bits.
struct Tail {
  std::array<std::uint8_t, 2 * kSm3BlockBytes> bytes{};
  std::size_t blocks = 1;

  explicit Tail(BytesView input) {
    const BytesView rest = input.last(input.size() % kSm3BlockBytes);
    std::copy(rest.begin(), rest.end(), bytes.begin());
    bytes[rest.size()] = 0x80;
    if (rest.size() + 1 + kSm3LengthBytes > kSm3BlockBytes) blocks = 2;
    const auto bits = u64_be(std::uint64_t{input.size()} * 8);
    std::copy(bits.begin(), bits.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(blocks * kSm3BlockBytes - kSm3LengthBytes));
  }
  Tail() : Tail(BytesView{}) {}
};

Digest digest_of(const LaneState& state, std::size_t lane) {
  Digest out;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint32_t word = __builtin_bswap32(state.words[i][lane]);
    std::memcpy(out.data() + 4 * i, &word, sizeof word);
  }
  return out;
}

}  // namespace

void sm3_lanes(std::span<const BytesView> inputs, std::span<Digest> out, std::span<const std::uint32_t> indices) {
  CHANCERY_CHECK(!indices.empty() && indices.size() <= kSm3Lanes);
  static const Compress compress_blocks = best_compress();
  LaneState state;
  for (std::size_t i = 0; i < 8; ++i) state.words[i] = Words{} + kInitial[i];
  // Lanes without an input repeat the first one.
  std::array<BytesView, kSm3Lanes> input;
  std::array<Tail, kSm3Lanes> tail;
  for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) {
    input[lane] = inputs[indices[lane < indices.size() ? lane : 0]];
    tail[lane] = Tail(input[lane]);
  }
  const std::size_t whole = whole_blocks(input[0]);
  std::array<const std::uint8_t*, kSm3Lanes> blocks;
  for (std::size_t block = 0; block < whole; ++block) {
    for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) blocks[lane] = input[lane].data() + block * kSm3BlockBytes;
    compress_blocks(state, blocks);
  }
  for (std::size_t block = 0; block < 2; ++block) {
    for (std::size_t lane = 0; lane < kSm3Lanes; ++lane)
      blocks[lane] = tail[lane].bytes.data() + block * kSm3BlockBytes;
    compress_blocks(state, blocks);
    bool more = false;
    for (std::size_t lane = 0; lane < indices.size(); ++lane) {
      if (tail[lane].blocks == block + 1) out[indices[lane]] = digest_of(state, lane);
      more = more || tail[lane].blocks > block + 1;
    }
    if (!more) break;
  }
}

}  // namespace chancery::crypto
