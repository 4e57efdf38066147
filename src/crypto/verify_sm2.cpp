// SM2 without special instructions: our own curve arithmetic for public numbers (sm2/), with tables for the keys that
// sign often. No inversion: the signature holds when x = r - e (mod n) for the x of s G + (r + s) P (GB/T 32918.2
// section 7.1), which is asked of X = x Z^2.
#include "crypto/curve.h"
#include "crypto/hash.h"
#include "crypto/public_key.h"
#include "crypto/sm2/key_tables.h"
#include "crypto/verify_lanes.h"

namespace chancery::crypto {

namespace {

using sm2::FieldElement;
using sm2::JacobianPoint;

Limbs order() {
  static const Limbs limbs = to_limbs(curve_of(SignatureAlgorithm::kSm2Sm3).order);
  return limbs;
}

/// a + b and a - b modulo n, for a and b below n.
Limbs add_modulo_order(const Limbs& a, const Limbs& b) {
  Limbs sum;
  Limbs less;
  const bool carry = sm2::add_limbs(a, b, sum) != 0;
  const bool below = sm2::subtract_limbs(sum, order(), less) != 0;
  return carry || !below ? less : sum;
}
Limbs subtract_modulo_order(const Limbs& a, const Limbs& b) {
  Limbs difference;
  if (sm2::subtract_limbs(a, b, difference) != 0) sm2::add_limbs(difference, order(), difference);
  return difference;
}

bool below_prime(const Limbs& number) {
  Limbs ignored;
  return sm2::subtract_limbs(number, sm2::kPrime, ignored) != 0;
}

/// Whether the affine x of the point, taken modulo n, is `wanted`.
bool has_x(const JacobianPoint& point, const Limbs& wanted) {
  if (point.at_infinity()) return false;
  const FieldElement zz = square(point.z);
  if (below_prime(wanted) && multiply(sm2::from_plain(wanted), zz) == point.x) return true;
  // n < p: an x of n or above comes out as x - n.
  Limbs larger;
  if (sm2::add_limbs(wanted, order(), larger) != 0 || !below_prime(larger)) return false;
  return multiply(sm2::from_plain(larger), zz) == point.x;
}

Digest message_digest(const VerifyItem& item) {
  Hasher hasher(HashAlgorithm::kSm3);
  hasher.update(known_sm2_z(*item.key));
  hasher.update(item.message);
  return hasher.finish();
}

}  // namespace

bool verify_with_sm2_tables(const VerifyItem& item) {
  const Digest digest = modulo_order(curve_of(SignatureAlgorithm::kSm2Sm3), message_digest(item));
  const Limbs e = to_limbs(digest);
  const Limbs r = to_limbs(item.signature.first<32>());
  const Limbs s = to_limbs(item.signature.last<32>());
  const Limbs t = add_modulo_order(r, s);
  const auto key = BytesView(item.key->bytes).last<64>();
  const auto table = sm2::multiples_of_key(key);
  const JacobianPoint of_key = table ? table->add_multiple({}, t) : sm2::multiply(sm2::point_from_bytes(key), t);
  return has_x(sm2::Multiples::of_base_point().add_multiple(of_key, s), subtract_modulo_order(r, e));
}

}  // namespace chancery::crypto
