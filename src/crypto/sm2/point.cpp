// Formulas: explicit-formulas database of Bernstein and Lange, short Weierstrass curves with a = -3, Jacobian
// coordinates.
#include "crypto/sm2/point.h"

namespace chancery::crypto::sm2 {

namespace {

struct Difference {
  FieldElement h;  ///< x2 - x1, with both points brought to one z
  FieldElement r;  ///< y2 - y1
};

/// The part that all additions share: (x1, y1, z1) + (x2, y2, z2) with x and y already on a common denominator, and
/// z = z1 z2. Neither is at infinity and h is not zero.
JacobianPoint add_different(const FieldElement& x1, const FieldElement& y1, const FieldElement& z,
                            const Difference& d) {
  const FieldElement hh = square(d.h);
  const FieldElement hhh = multiply(hh, d.h);
  const FieldElement v = multiply(x1, hh);
  JacobianPoint out;
  out.x = subtract(subtract(square(d.r), hhh), twice(v));
  out.y = subtract(multiply(d.r, subtract(v, out.x)), multiply(y1, hhh));
  out.z = multiply(z, d.h);
  return out;
}

}  // namespace

JacobianPoint negate(const JacobianPoint& p) {
  return {p.x, negate(p.y), p.z};
}

// "dbl-2001-b". No point of this curve has y = 0 (its order is an odd prime); infinity stays infinity.
JacobianPoint twice(const JacobianPoint& p) {
  const FieldElement delta = square(p.z);
  const FieldElement gamma = square(p.y);
  const FieldElement beta = multiply(p.x, gamma);
  const FieldElement product = multiply(subtract(p.x, delta), add(p.x, delta));
  const FieldElement alpha = add(twice(product), product);
  const FieldElement beta4 = twice(twice(beta));
  JacobianPoint out;
  out.x = subtract(square(alpha), twice(beta4));
  out.z = subtract(subtract(square(add(p.y, p.z)), gamma), delta);
  out.y = subtract(multiply(alpha, subtract(beta4, out.x)), twice(twice(twice(square(gamma)))));
  return out;
}

JacobianPoint add(const JacobianPoint& p, const AffinePoint& q) {
  if (p.at_infinity()) return to_jacobian(q);
  const FieldElement zz = square(p.z);
  const Difference d{subtract(multiply(q.x, zz), p.x), subtract(multiply(q.y, multiply(zz, p.z)), p.y)};
  if (d.h.is_zero()) return d.r.is_zero() ? twice(p) : JacobianPoint{};
  return add_different(p.x, p.y, p.z, d);
}

JacobianPoint add(const JacobianPoint& p, const JacobianPoint& q) {
  if (p.at_infinity()) return q;
  if (q.at_infinity()) return p;
  const FieldElement pzz = square(p.z);
  const FieldElement qzz = square(q.z);
  const FieldElement x1 = multiply(p.x, qzz);
  const FieldElement y1 = multiply(p.y, multiply(qzz, q.z));
  const Difference d{subtract(multiply(q.x, pzz), x1), subtract(multiply(q.y, multiply(pzz, p.z)), y1)};
  if (d.h.is_zero()) return d.r.is_zero() ? twice(p) : JacobianPoint{};
  return add_different(x1, y1, multiply(p.z, q.z), d);
}

std::vector<AffinePoint> to_affine(std::span<const JacobianPoint> points) {
  // before[i] = z_0 z_1 ... z_(i-1); the inverse of the whole product is then unrolled from the end.
  std::vector<FieldElement> before(points.size());
  FieldElement product = kOne;
  for (std::size_t i = 0; i < points.size(); ++i) {
    before[i] = product;
    product = multiply(product, points[i].z);
  }
  FieldElement inverted = inverse(product);
  std::vector<AffinePoint> out(points.size());
  for (std::size_t i = points.size(); i-- > 0;) {
    const FieldElement inverse_z = multiply(inverted, before[i]);
    inverted = multiply(inverted, points[i].z);
    const FieldElement inverse_zz = square(inverse_z);
    out[i] = {multiply(points[i].x, inverse_zz), multiply(points[i].y, multiply(inverse_zz, inverse_z))};
  }
  return out;
}

AffinePoint point_from_bytes(std::span<const std::uint8_t, 64> bytes) {
  return {from_plain(to_limbs(bytes.first<32>())), from_plain(to_limbs(bytes.last<32>()))};
}

const AffinePoint& base_point() {
  static const AffinePoint point = {
      from_plain({0x715a4589334c74c7, 0x8fe30bbff2660be1, 0x5f9904466a39c994, 0x32c4ae2c1f198119}),
      from_plain({0x02df32e52139f0a0, 0xd0a9877cc62a4740, 0x59bdcee36b692153, 0xbc3736a2f4f6779c})};
  return point;
}

}  // namespace chancery::crypto::sm2
