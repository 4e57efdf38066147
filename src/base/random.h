#pragma once
// Randomness as an interface: the operating system's in production, a seeded stream in simulation.

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace chancery {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  Bytes bytes(std::size_t count);
  std::uint64_t next_u64();
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
};

/// getrandom(2). Thread-safe.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// xoshiro256**, seeded by splitmix64: the same seed gives the same bytes everywhere. Not for keys outside tests.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace chancery
