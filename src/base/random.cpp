#include "base/random.h"

#include <sys/random.h>

#include <algorithm>
#include <bit>

#include "base/result.h"

namespace chancery {

Bytes Random::bytes(std::size_t count) {
  Bytes out(count);
  fill(out);
  return out;
}

std::uint64_t Random::next_u64() {
  std::array<std::uint8_t, 8> raw;
  fill(raw);
  return read_u64_be(raw);
}

std::uint64_t Random::below(std::uint64_t bound) {
  CHANCERY_CHECK(bound > 0);
  const std::uint64_t limit = ~std::uint64_t{0} - (~std::uint64_t{0} % bound);
  std::uint64_t value = next_u64();
  while (value >= limit) value = next_u64();
  return value % bound;
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got <= 0) continue;
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

SeededRandom::SeededRandom(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    word = z ^ (z >> 31);
  }
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::uint64_t value = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    const auto raw = u64_be(value);
    const std::size_t take = std::min<std::size_t>(out.size(), raw.size());
    std::copy_n(raw.begin(), take, out.begin());
    out = out.subspan(take);
  }
}

}  // namespace chancery
