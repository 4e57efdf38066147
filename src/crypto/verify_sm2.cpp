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

bool holds(const VerifyItem& item, const Digest& digest) {
  const Limbs e = to_limbs(modulo_order(curve_of(SignatureAlgorithm::kSm2Sm3), digest));
  const Limbs r = to_limbs(item.signature.first<32>());
  const Limbs s = to_limbs(item.signature.last<32>());
  const Limbs t = add_modulo_order(r, s);
  const auto key = BytesView(item.key->bytes).last<64>();
  const auto table = sm2::multiples_of_key(key);
  const JacobianPoint of_key = table ? table->add_multiple({}, t) : sm2::multiply(sm2::point_from_bytes(key), t);
  return has_x(sm2::Multiples::of_base_point().add_multiple(of_key, s), subtract_modulo_order(r, e));
}

}  // namespace

void sm2_digests(std::span<const VerifyItem> items, std::span<Digest> out) {
  thread_local Bytes joined;
  joined.clear();
  std::array<std::size_t, kSignatureLanes> start;
  for (std::size_t lane = 0; lane < items.size(); ++lane) {
    start[lane] = joined.size();
    append(joined, known_sm2_z(*items[lane].key));
    append(joined, items[lane].message);
  }
  std::array<BytesView, kSignatureLanes> inputs;
  for (std::size_t lane = 0; lane < items.size(); ++lane) {
    inputs[lane] = BytesView(joined).subspan(start[lane], std::tuple_size_v<Digest> + items[lane].message.size());
  }
  hash_batch(HashAlgorithm::kSm3, {inputs.data(), items.size()}, out);
}

std::uint8_t verify_with_sm2_tables(std::span<const VerifyItem> items) {
  std::array<Digest, kSignatureLanes> digest;
  sm2_digests(items, {digest.data(), items.size()});
  unsigned good = 0;
  for (std::size_t lane = 0; lane < items.size(); ++lane) {
    if (holds(items[lane], digest[lane])) good |= 1U << lane;
  }
  return static_cast<std::uint8_t>(good);
}

}  // namespace chancery::crypto
