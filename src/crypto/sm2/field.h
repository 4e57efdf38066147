#pragma once
// Numbers modulo p of the SM2 curve (GB/T 32918.5-2017), kept as a * 2^256 mod p (Montgomery form) in four 64-bit
// words, least significant first. Time depends on the numbers: for public ones only, never for a secret. Private to
// crypto/.

#include <array>
#include <cstdint>
#include <span>

#include "crypto/limbs.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace chancery::crypto::sm2 {

using Word = unsigned long long;
__extension__ using Wide = unsigned __int128;

/// A number below p, in Montgomery form unless a name says "plain".
struct FieldElement {
  Limbs limbs{};
  bool operator==(const FieldElement&) const = default;
  bool is_zero() const { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }
};

/// p = 2^256 - 2^224 - 2^96 + 2^64 - 1.
inline constexpr Limbs kPrime = {0xffffffffffffffff, 0xffffffff00000000, 0xffffffffffffffff, 0xfffffffeffffffff};
/// 2^256 mod p: the number 1.
inline constexpr FieldElement kOne = {{0x0000000000000001, 0x00000000ffffffff, 0x0000000000000000, 0x0000000100000000}};
/// 2^512 mod p: times this, a plain number gets its Montgomery form.
inline constexpr FieldElement kToMontgomery = {
    {0x0000000200000003, 0x00000002ffffffff, 0x0000000100000001, 0x0000000400000002}};

/// a + b + carry; the carry out replaces `carry`.
inline Word add_with_carry(Word a, Word b, Word& carry) {
#if defined(__x86_64__)
  Word sum;
  carry = _addcarry_u64(static_cast<unsigned char>(carry), a, b, &sum);
  return sum;
#else
  const Wide sum = Wide{a} + b + carry;
  carry = static_cast<Word>(sum >> 64);
  return static_cast<Word>(sum);
#endif
}

/// a - b - borrow; the borrow out (0 or 1) replaces `borrow`.
inline Word subtract_with_borrow(Word a, Word b, Word& borrow) {
#if defined(__x86_64__)
  Word difference;
  borrow = _subborrow_u64(static_cast<unsigned char>(borrow), a, b, &difference);
  return difference;
#else
  const Wide difference = Wide{a} - b - borrow;
  borrow = static_cast<Word>(difference >> 64) & 1U;
  return static_cast<Word>(difference);
#endif
}

/// The 256-bit sum; gives the carry out.
inline Word add_limbs(const Limbs& a, const Limbs& b, Limbs& sum) {
  Word carry = 0;
  sum[0] = add_with_carry(a[0], b[0], carry);
  sum[1] = add_with_carry(a[1], b[1], carry);
  sum[2] = add_with_carry(a[2], b[2], carry);
  sum[3] = add_with_carry(a[3], b[3], carry);
  return carry;
}

/// The 256-bit difference; gives the borrow out.
inline Word subtract_limbs(const Limbs& a, const Limbs& b, Limbs& difference) {
  Word borrow = 0;
  difference[0] = subtract_with_borrow(a[0], b[0], borrow);
  difference[1] = subtract_with_borrow(a[1], b[1], borrow);
  difference[2] = subtract_with_borrow(a[2], b[2], borrow);
  difference[3] = subtract_with_borrow(a[3], b[3], borrow);
  return borrow;
}

/// carry * 2^256 + a, which is below 2p, modulo p.
inline FieldElement reduce_once(const Limbs& a, Word carry) {
  Limbs less;
  const Word borrow = subtract_limbs(a, kPrime, less);
  // All ones where the difference is the answer.
  const Word take = 0ULL - (carry | (borrow ^ 1U));
  return {{(less[0] & take) | (a[0] & ~take), (less[1] & take) | (a[1] & ~take), (less[2] & take) | (a[2] & ~take),
           (less[3] & take) | (a[3] & ~take)}};
}

inline FieldElement add(const FieldElement& a, const FieldElement& b) {
  Limbs sum;
  const Word carry = add_limbs(a.limbs, b.limbs, sum);
  return reduce_once(sum, carry);
}

inline FieldElement subtract(const FieldElement& a, const FieldElement& b) {
  Limbs difference;
  const Word mask = 0ULL - subtract_limbs(a.limbs, b.limbs, difference);
  FieldElement out;
  add_limbs(difference, {kPrime[0] & mask, kPrime[1] & mask, kPrime[2] & mask, kPrime[3] & mask}, out.limbs);
  return out;
}

inline FieldElement negate(const FieldElement& a) {
  return subtract({}, a);
}

inline FieldElement twice(const FieldElement& a) {
  return add(a, a);
}

/// The words above the lowest one when that one, m, is cleared: since p = -1 mod 2^64, by adding m * p, which carries
/// m * (p + 1) / 2^64 = m * (2^192 - 2^160 - 2^32 + 1) into `t1`..`t4` and takes no multiplication. `over` is the bit
/// that stands above t4, before and after.
inline void clear_word(Word m, Word& t1, Word& t2, Word& t3, Word& t4, Word& over) {
  const Word low = m << 32;
  const Word high = m >> 32;
  Word borrow = 0;
  const Word d0 = subtract_with_borrow(m, low, borrow);
  const Word d1 = subtract_with_borrow(0, high, borrow);
  const Word d2 = subtract_with_borrow(0, low, borrow);
  const Word d3 = m - high - borrow + over;  // below 2^64 - 2^31
  Word carry = 0;
  t1 = add_with_carry(t1, d0, carry);
  t2 = add_with_carry(t2, d1, carry);
  t3 = add_with_carry(t3, d2, carry);
  t4 = add_with_carry(t4, d3, carry);
  over = carry;
}

/// t / 2^256 mod p for t < p * 2^256.
inline FieldElement montgomery_reduce(Word t0, Word t1, Word t2, Word t3, Word t4, Word t5, Word t6, Word t7) {
  Word over = 0;
  clear_word(t0, t1, t2, t3, t4, over);
  clear_word(t1, t2, t3, t4, t5, over);
  clear_word(t2, t3, t4, t5, t6, over);
  clear_word(t3, t4, t5, t6, t7, over);
  return reduce_once({t4, t5, t6, t7}, over);
}

/// a * b + sum + carry, which never exceeds two words: the low one, the high one replaces `carry`.
inline Word multiply_add(Word a, Word b, Word sum, Word& carry) {
  const Wide product = Wide{a} * b + sum + carry;
  carry = static_cast<Word>(product >> 64);
  return static_cast<Word>(product);
}

// Written out word by word: compilers keep the words in registers then.
inline FieldElement multiply(const FieldElement& a, const FieldElement& b) {
  const auto [a0, a1, a2, a3] = a.limbs;
  const auto [b0, b1, b2, b3] = b.limbs;
  Word t4 = 0;
  const Word t0 = multiply_add(a0, b0, 0, t4);
  Word t1 = multiply_add(a0, b1, 0, t4);
  Word t2 = multiply_add(a0, b2, 0, t4);
  Word t3 = multiply_add(a0, b3, 0, t4);
  Word t5 = 0;
  t1 = multiply_add(a1, b0, t1, t5);
  t2 = multiply_add(a1, b1, t2, t5);
  t3 = multiply_add(a1, b2, t3, t5);
  t4 = multiply_add(a1, b3, t4, t5);
  Word t6 = 0;
  t2 = multiply_add(a2, b0, t2, t6);
  t3 = multiply_add(a2, b1, t3, t6);
  t4 = multiply_add(a2, b2, t4, t6);
  t5 = multiply_add(a2, b3, t5, t6);
  Word t7 = 0;
  t3 = multiply_add(a3, b0, t3, t7);
  t4 = multiply_add(a3, b1, t4, t7);
  t5 = multiply_add(a3, b2, t5, t7);
  t6 = multiply_add(a3, b3, t6, t7);
  return montgomery_reduce(t0, t1, t2, t3, t4, t5, t6, t7);
}

inline FieldElement square(const FieldElement& a) {
  const auto [a0, a1, a2, a3] = a.limbs;
  // The products of different words once...
  Word t4 = 0;
  Word t1 = multiply_add(a0, a1, 0, t4);
  Word t2 = multiply_add(a0, a2, 0, t4);
  Word t3 = multiply_add(a0, a3, 0, t4);
  Word t5 = 0;
  t3 = multiply_add(a1, a2, t3, t5);
  t4 = multiply_add(a1, a3, t4, t5);
  Word t6 = 0;
  t5 = multiply_add(a2, a3, t5, t6);
  // ... then doubled, and the squares added.
  Word t7 = t6 >> 63;
  t6 = t6 << 1 | t5 >> 63;
  t5 = t5 << 1 | t4 >> 63;
  t4 = t4 << 1 | t3 >> 63;
  t3 = t3 << 1 | t2 >> 63;
  t2 = t2 << 1 | t1 >> 63;
  t1 <<= 1;
  const Wide s0 = Wide{a0} * a0;
  const Wide s1 = Wide{a1} * a1;
  const Wide s2 = Wide{a2} * a2;
  const Wide s3 = Wide{a3} * a3;
  Word carry = 0;
  t1 = add_with_carry(t1, static_cast<Word>(s0 >> 64), carry);
  t2 = add_with_carry(t2, static_cast<Word>(s1), carry);
  t3 = add_with_carry(t3, static_cast<Word>(s1 >> 64), carry);
  t4 = add_with_carry(t4, static_cast<Word>(s2), carry);
  t5 = add_with_carry(t5, static_cast<Word>(s2 >> 64), carry);
  t6 = add_with_carry(t6, static_cast<Word>(s3), carry);
  t7 = add_with_carry(t7, static_cast<Word>(s3 >> 64), carry);
  return montgomery_reduce(static_cast<Word>(s0), t1, t2, t3, t4, t5, t6, t7);
}

/// The Montgomery form of a plain number below p.
inline FieldElement from_plain(const Limbs& plain) {
  return multiply({plain}, kToMontgomery);
}

/// The plain number.
inline Limbs to_plain(const FieldElement& a) {
  return montgomery_reduce(a.limbs[0], a.limbs[1], a.limbs[2], a.limbs[3], 0, 0, 0, 0).limbs;
}

/// 1/a; 0 for 0. By Fermat: a^(p-2).
inline FieldElement inverse(const FieldElement& a) {
  Limbs exponent = kPrime;
  exponent[0] -= 2;
  FieldElement power = kOne;
  for (std::size_t bit = 256; bit-- > 0;) {
    power = square(power);
    if ((exponent[bit / 64] >> bit % 64 & 1U) != 0) power = multiply(power, a);
  }
  return power;
}

}  // namespace chancery::crypto::sm2
