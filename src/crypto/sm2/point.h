#pragma once
// Points of the SM2 curve, for public numbers only (see field.h). Every function answers for every pair of points,
// equal, opposite and infinite ones too: a forger chooses them. Private to crypto/.

#include <span>
#include <vector>

#include "crypto/sm2/field.h"

namespace chancery::crypto::sm2 {

/// (x, y), on the curve and not at infinity.
struct AffinePoint {
  FieldElement x;
  FieldElement y;
};

/// (x / z^2, y / z^3); at infinity where z = 0.
struct JacobianPoint {
  FieldElement x;
  FieldElement y;
  FieldElement z;

  bool at_infinity() const { return z.is_zero(); }
};

inline JacobianPoint to_jacobian(const AffinePoint& p) {
  return {p.x, p.y, kOne};
}

inline AffinePoint negate(const AffinePoint& p) {
  return {p.x, negate(p.y)};
}

JacobianPoint negate(const JacobianPoint& p);
JacobianPoint twice(const JacobianPoint& p);
JacobianPoint add(const JacobianPoint& p, const AffinePoint& q);
JacobianPoint add(const JacobianPoint& p, const JacobianPoint& q);

/// The same points with z = 1, by one inversion for all of them. None may be at infinity.
std::vector<AffinePoint> to_affine(std::span<const JacobianPoint> points);

/// From 64 bytes x | y, big-endian, which the caller knows to be a point of the curve.
AffinePoint point_from_bytes(std::span<const std::uint8_t, 64> bytes);

/// G, the base point.
const AffinePoint& base_point();

}  // namespace chancery::crypto::sm2
