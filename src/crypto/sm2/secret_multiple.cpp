// Additions by the complete formulas of Renes, Costello and Batina ("Complete addition formulas for prime order
// elliptic curves", 2016, algorithm 5: a = -3, mixed): they hold for every pair of points, so that no case needs a
// branch.
#include "crypto/sm2/secret_multiple.h"

#include "crypto/secret.h"
#include "crypto/sm2/multiples.h"

namespace chancery::crypto::sm2 {

namespace {

constexpr unsigned kWindowBits = 5;
constexpr std::size_t kWindows = windows_of(kWindowBits);
constexpr std::size_t kEntries = std::size_t{1} << (kWindowBits - 1);

/// (x / z, y / z); infinity is (0 : 1 : 0).
struct HomogeneousPoint {
  FieldElement x;
  FieldElement y;
  FieldElement z;
};

FieldElement curve_b() {
  static const FieldElement b =
      from_plain({0xddbcbd414d940e93, 0xf39789f515ab8f92, 0x4d5a9e4bcf6509a7, 0x28e9fa9e9d9f5e34});
  return b;
}

/// All ones when a and b, both small, are equal; else zero.
Word equal_mask(Word a, Word b) {
  return 0ULL - (((a ^ b) - 1) >> 63);
}

FieldElement select(Word mask, const FieldElement& where_ones, const FieldElement& where_zeros) {
  FieldElement out;
  for (std::size_t i = 0; i < 4; ++i) out.limbs[i] = (where_ones.limbs[i] & mask) | (where_zeros.limbs[i] & ~mask);
  return out;
}

/// Reads every point of the window.
AffinePoint look_up(std::span<const AffinePoint> window, const Digit& digit) {
  AffinePoint found;
  for (std::size_t entry = 0; entry < kEntries; ++entry) {
    const Word mask = equal_mask(entry + 1, digit.magnitude);
    for (std::size_t i = 0; i < 4; ++i) {
      found.x.limbs[i] |= window[entry].x.limbs[i] & mask;
      found.y.limbs[i] |= window[entry].y.limbs[i] & mask;
    }
  }
  found.y = select(digit.negative, negate(found.y), found.y);
  return found;
}

HomogeneousPoint add_complete(const HomogeneousPoint& p, const AffinePoint& q, const FieldElement& b) {
  const FieldElement xx = multiply(p.x, q.x);
  const FieldElement yy = multiply(p.y, q.y);
  const FieldElement cross = subtract(multiply(add(q.x, q.y), add(p.x, p.y)), add(xx, yy));
  const FieldElement y_sum = add(multiply(q.y, p.z), p.y);
  const FieldElement x_sum = add(multiply(q.x, p.z), p.x);
  const FieldElement z3 = add(twice(p.z), p.z);
  const FieldElement u = subtract(x_sum, multiply(b, p.z));
  const FieldElement u3 = add(twice(u), u);
  const FieldElement minus = subtract(yy, u3);
  const FieldElement plus = add(yy, u3);
  const FieldElement v = subtract(subtract(multiply(b, x_sum), z3), xx);
  const FieldElement v3 = add(twice(v), v);
  const FieldElement w = subtract(add(twice(xx), xx), z3);
  return {subtract(multiply(plus, cross), multiply(y_sum, v3)), add(multiply(plus, minus), multiply(w, v3)),
          add(multiply(y_sum, minus), multiply(cross, w))};
}

}  // namespace

Limbs secret_multiple_x(const Limbs& secret) {
  static const Multiples table(base_point(), kWindowBits);
  const FieldElement b = curve_b();
  std::array<Digit, kWindows> digits;
  signed_digits(secret, kWindowBits, digits);
  HomogeneousPoint sum{{}, kOne, {}};
  for (std::size_t window = 0; window < kWindows; ++window) {
    const HomogeneousPoint next = add_complete(sum, look_up(table.window(window), digits[window]), b);
    // A digit of zero found no point; what came of adding it is dropped.
    const Word keep = equal_mask(digits[window].magnitude, 0);
    sum = {select(keep, sum.x, next.x), select(keep, sum.y, next.y), select(keep, sum.z, next.z)};
  }
  const Limbs x = to_plain(multiply(sum.x, inverse(sum.z)));
  wipe(digits.data(), sizeof digits);
  wipe(&sum, sizeof sum);
  return x;
}

}  // namespace chancery::crypto::sm2
