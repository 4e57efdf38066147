#pragma once
// Multiples of points by public numbers: with a table for points that come again (the base point, the keys of offices),
// and without one for a key that is seen for the first time. Private to crypto/.

#include <cstddef>
#include <vector>

#include "crypto/sm2/point.h"

namespace chancery::crypto::sm2 {

/// A digit from -2^(bits-1) to 2^(bits-1).
struct Digit {
  Word magnitude = 0;
  Word negative = 0;  ///< all ones when it is below zero
};
/// Digits with scalar = sum of digit[i] * 2^(window_bits * i), one for each window (windows_of). By arithmetic alone:
/// no branch and no index depends on the scalar, which may be a secret.
void signed_digits(const Limbs& scalar, unsigned window_bits, std::span<Digit> digits);
/// How many windows of that width a 256-bit number takes; the last one is for what its highest digit carries.
constexpr std::size_t windows_of(unsigned window_bits) {
  return 256 / window_bits + 1;
}

/// For each window of a 256-bit number, every digit that may stand there times the point: k * P then costs one addition
/// a window and no doubling.
class Multiples {
 public:
  /// Of `point` with windows of `window_bits` (2 to 8): ceil(257 / bits) * 2^(bits - 1) points of 64 bytes. Six bits:
  /// 88 kB, made in about the time of ten verifications.
  Multiples(const AffinePoint& point, unsigned window_bits);

  /// sum + scalar * P for a scalar below the order, 256 bits.
  JacobianPoint add_multiple(JacobianPoint sum, const Limbs& scalar) const;

  /// 1, 2, ... 2^(bits - 1) times 2^(bits * number) * P.
  std::span<const AffinePoint> window(std::size_t number) const {
    const std::size_t digits = std::size_t{1} << (window_bits_ - 1);
    return std::span(points_).subspan(number * digits, digits);
  }

  /// Of the base point, eight bits; made at the first call.
  static const Multiples& of_base_point();

 private:
  unsigned window_bits_;
  std::size_t windows_;
  std::vector<AffinePoint> points_;  ///< One window after another.
};

/// scalar * point without a table.
JacobianPoint multiply(const AffinePoint& point, const Limbs& scalar);

}  // namespace chancery::crypto::sm2
