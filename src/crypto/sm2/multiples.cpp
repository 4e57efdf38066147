#include "crypto/sm2/multiples.h"

#include <array>

#include "base/result.h"

namespace chancery::crypto::sm2 {

namespace {

constexpr unsigned kScalarBits = 256;
constexpr unsigned kBasePointWindowBits = 8;
constexpr std::size_t kMostWindows = windows_of(2);
/// While a digit's point is added, the next ones are on their way from memory.
constexpr std::size_t kFetchedAhead = 4;

/// `count` bits from `first` on; those above the 256th are zero.
unsigned bits_of(const Limbs& scalar, unsigned first, unsigned count) {
  const unsigned word = first / 64;
  const unsigned shift = first % 64;
  if (word >= 4) return 0;
  unsigned long long bits = scalar[word] >> shift;
  if (shift + count > 64 && word + 1 < 4) bits |= scalar[word + 1] << (64 - shift);
  return static_cast<unsigned>(bits & ((1ULL << count) - 1));
}

constexpr unsigned kNafBits = 5;
constexpr std::size_t kOddMultiples = std::size_t{1} << (kNafBits - 2);

/// Non-adjacent form of width 5: digits are 0 or odd, between -15 and 15, with at least four zeros between them.
std::array<std::int8_t, kScalarBits + 1> non_adjacent_form(Limbs scalar) {
  std::array<std::int8_t, kScalarBits + 1> digits{};
  unsigned carry = 0;
  for (unsigned bit = 0; bit <= kScalarBits;) {
    if ((bits_of(scalar, bit, 1) ^ carry) == 0) {
      ++bit;
      continue;
    }
    int digit = static_cast<int>(bits_of(scalar, bit, kNafBits) + carry);
    carry = digit > (1 << (kNafBits - 1)) ? 1 : 0;
    if (carry != 0) digit -= 1 << kNafBits;
    digits[bit] = static_cast<std::int8_t>(digit);
    bit += kNafBits;
  }
  return digits;
}

}  // namespace

void signed_digits(const Limbs& scalar, unsigned window_bits, std::span<Digit> digits) {
  const Word half = Word{1} << (window_bits - 1);
  Word carry = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const Word value = bits_of(scalar, static_cast<unsigned>(i) * window_bits, window_bits) + carry;  // 0 to 2 half
    carry = (half - value) >> 63;  // 1 when it is above half
    const Word digit = value - carry * 2 * half;
    digits[i].negative = 0ULL - carry;
    digits[i].magnitude = (digit ^ digits[i].negative) - digits[i].negative;
  }
}

Multiples::Multiples(const AffinePoint& point, unsigned window_bits)
    : window_bits_(window_bits), windows_(windows_of(window_bits)) {
  CHANCERY_CHECK(window_bits >= 2 && window_bits <= 8);
  std::vector<JacobianPoint> bases(windows_);
  bases[0] = to_jacobian(point);
  for (std::size_t window = 1; window < windows_; ++window) {
    bases[window] = bases[window - 1];
    for (unsigned i = 0; i < window_bits; ++i) bases[window] = twice(bases[window]);
  }
  const std::vector<AffinePoint> flat_bases = to_affine(bases);
  const std::size_t digits = std::size_t{1} << (window_bits - 1);
  std::vector<JacobianPoint> points;
  points.reserve(windows_ * digits);
  for (const AffinePoint& base : flat_bases) {
    points.push_back(to_jacobian(base));
    for (std::size_t digit = 2; digit <= digits; ++digit) points.push_back(add(points.back(), base));
  }
  points_ = to_affine(points);
}

JacobianPoint Multiples::add_multiple(JacobianPoint sum, const Limbs& scalar) const {
  std::array<Digit, kMostWindows> digits;
  const std::span<Digit> used(digits.data(), windows_);
  signed_digits(scalar, window_bits_, used);
  const auto entry = [&](std::size_t number) -> const AffinePoint& {
    return window(number)[used[number].magnitude - 1];
  };
  for (std::size_t i = 0; i < windows_; ++i) {
    if (const std::size_t next = i + kFetchedAhead; next < windows_ && used[next].magnitude != 0) {
      __builtin_prefetch(&entry(next));
    }
    if (used[i].magnitude == 0) continue;
    sum = add(sum, used[i].negative != 0 ? negate(entry(i)) : entry(i));
  }
  return sum;
}

const Multiples& Multiples::of_base_point() {
  static const Multiples multiples(base_point(), kBasePointWindowBits);
  return multiples;
}

JacobianPoint multiply(const AffinePoint& point, const Limbs& scalar) {
  std::array<JacobianPoint, kOddMultiples> odd;
  odd[0] = to_jacobian(point);
  const JacobianPoint two = twice(odd[0]);
  for (std::size_t i = 1; i < odd.size(); ++i) odd[i] = add(odd[i - 1], two);
  const auto digits = non_adjacent_form(scalar);
  JacobianPoint sum;
  for (std::size_t bit = digits.size(); bit-- > 0;) {
    if (!sum.at_infinity()) sum = twice(sum);
    const int digit = digits[bit];
    if (digit > 0) sum = add(sum, odd[static_cast<std::size_t>(digit / 2)]);
    if (digit < 0) sum = add(sum, negate(odd[static_cast<std::size_t>(-digit / 2)]));
  }
  return sum;
}

}  // namespace chancery::crypto::sm2
