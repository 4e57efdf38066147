// The names of variables are those of FIPS 204; algorithm numbers refer to it.
#include "crypto/mldsa.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/result.h"
#include "crypto/openssl_ptr.h"

namespace chancery::crypto {

namespace {

// Table 1, the column ML-DSA-65.
constexpr std::int32_t kQ = 8380417;
constexpr std::size_t kN = 256;
constexpr std::size_t kRows = 6;     // k
constexpr std::size_t kColumns = 5;  // l
constexpr std::size_t kTau = 49;
constexpr std::int32_t kBeta = 196;
constexpr std::int32_t kGamma1 = 1 << 19;
constexpr std::int32_t kGamma2 = (kQ - 1) / 32;
constexpr std::size_t kOmega = 55;
constexpr int kD = 13;
constexpr std::size_t kChallengeBytes = 48;
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kT1RowBytes = kN * 10 / 8;
constexpr std::size_t kZColumnBytes = kN * 20 / 8;
constexpr std::int32_t kInverseOf256 = 8347681;

using Polynomial = std::array<std::int32_t, kN>;  // coefficients in [0, q) unless said otherwise
using Hint = std::array<std::array<bool, kN>, kRows>;

std::int32_t modulo_q(std::int64_t value) {
  const auto rest = static_cast<std::int32_t>(value % kQ);
  return rest < 0 ? rest + kQ : rest;
}
std::int32_t product(std::int32_t a, std::int32_t b) {
  return modulo_q(std::int64_t{a} * b);
}

enum class Shake { k128, k256 };

Bytes shake(Shake which, std::initializer_list<BytesView> parts, std::size_t bytes) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  const EVP_MD* const digest = which == Shake::k128 ? EVP_shake128() : EVP_shake256();
  CHANCERY_CHECK(context && EVP_DigestInit_ex2(context.get(), digest, nullptr) == 1);
  for (const BytesView part : parts) CHANCERY_CHECK(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  Bytes out(bytes);
  CHANCERY_CHECK(EVP_DigestFinalXOF(context.get(), out.data(), out.size()) == 1);
  return out;
}

/// Powers of 1753 in bit-reversed order, appendix B.
const std::array<std::int32_t, kN>& zetas() {
  static const std::array<std::int32_t, kN> table = [] {
    std::array<std::int32_t, kN> powers;
    std::array<std::int32_t, kN> out;
    powers[0] = 1;
    for (std::size_t i = 1; i < kN; ++i) powers[i] = product(powers[i - 1], 1753);
    for (std::size_t i = 0; i < kN; ++i) {
      std::size_t reversed = 0;
      for (int bit = 0; bit < 8; ++bit) reversed |= (i >> bit & 1U) << (7 - bit);
      out[i] = powers[reversed];
    }
    return out;
  }();
  return table;
}

/// Algorithm 41.
void ntt(Polynomial& w) {
  std::size_t m = 0;
  for (std::size_t length = kN / 2; length >= 1; length /= 2) {
    for (std::size_t start = 0; start < kN; start += 2 * length) {
      const std::int32_t zeta = zetas()[++m];
      for (std::size_t j = start; j < start + length; ++j) {
        const std::int32_t t = product(zeta, w[j + length]);
        w[j + length] = modulo_q(std::int64_t{w[j]} - t);
        w[j] = modulo_q(std::int64_t{w[j]} + t);
      }
    }
  }
}

/// Algorithm 42.
void inverse_ntt(Polynomial& w) {
  std::size_t m = kN;
  for (std::size_t length = 1; length < kN; length *= 2) {
    for (std::size_t start = 0; start < kN; start += 2 * length) {
      const std::int32_t zeta = kQ - zetas()[--m];
      for (std::size_t j = start; j < start + length; ++j) {
        const std::int32_t t = w[j];
        w[j] = modulo_q(std::int64_t{t} + w[j + length]);
        w[j + length] = product(zeta, modulo_q(std::int64_t{t} - w[j + length]));
      }
    }
  }
  for (std::int32_t& coefficient : w) coefficient = product(coefficient, kInverseOf256);
}

/// Algorithm 30, RejNTTPoly: one entry of the matrix A, in the NTT's domain.
Polynomial matrix_entry(BytesView rho, std::size_t row, std::size_t column) {
  const std::array<std::uint8_t, 2> place = {static_cast<std::uint8_t>(column), static_cast<std::uint8_t>(row)};
  Polynomial a;
  for (std::size_t bytes = 1008;; bytes *= 2) {  // six blocks are enough but for one case in 2^200
    const Bytes stream = shake(Shake::k128, {rho, place}, bytes);
    std::size_t filled = 0;
    for (std::size_t at = 0; at + 3 <= stream.size() && filled < kN; at += 3) {
      const std::int32_t candidate = stream[at] | stream[at + 1] << 8 | (stream[at + 2] & 0x7f) << 16;
      if (candidate < kQ) a[filled++] = candidate;
    }
    if (filled == kN) return a;
  }
}

/// Algorithm 29, SampleInBall, with -1 as q - 1.
Polynomial challenge_polynomial(BytesView seed) {
  for (std::size_t bytes = 272;; bytes *= 2) {
    const Bytes stream = shake(Shake::k256, {seed}, bytes);
    Polynomial c{};
    std::size_t at = 8;
    std::size_t i = kN - kTau;
    for (; i < kN; ++i, ++at) {
      while (at < stream.size() && stream[at] > i) ++at;
      if (at >= stream.size()) break;
      const std::size_t sign = i + kTau - kN;
      c[i] = c[stream[at]];
      c[stream[at]] = (stream[sign / 8] >> (sign % 8) & 1) != 0 ? kQ - 1 : 1;
    }
    if (i == kN) return c;
  }
}

/// Little-endian numbers of `bits` bits each.
Polynomial unpack(BytesView packed, unsigned bits) {
  Polynomial out;
  std::uint64_t window = 0;
  unsigned held = 0;
  std::size_t at = 0;
  for (std::int32_t& coefficient : out) {
    while (held < bits) {
      window |= std::uint64_t{packed[at++]} << held;
      held += 8;
    }
    coefficient = static_cast<std::int32_t>(window & ((1U << bits) - 1));
    window >>= bits;
    held -= bits;
  }
  return out;
}

/// Algorithm 21, HintBitUnpack: positions in rising order, unused places zero.
std::optional<Hint> unpack_hint(BytesView y) {
  Hint hint{};
  std::size_t index = 0;
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::size_t end = y[kOmega + row];
    if (end < index || end > kOmega) return std::nullopt;
    for (const std::size_t first = index; index < end; ++index) {
      if (index > first && y[index - 1] >= y[index]) return std::nullopt;
      hint[row][y[index]] = true;
    }
  }
  if (!std::ranges::all_of(y.subspan(index, kOmega - index), [](std::uint8_t b) { return b == 0; }))
    return std::nullopt;
  return hint;
}

/// Algorithm 40, UseHint, on top of algorithm 36, Decompose.
std::uint8_t use_hint(bool hint, std::int32_t r) {
  constexpr std::int32_t kM = (kQ - 1) / (2 * kGamma2);
  std::int32_t r0 = r % (2 * kGamma2);
  if (r0 > kGamma2) r0 -= 2 * kGamma2;
  std::int32_t r1 = 0;
  if (r - r0 == kQ - 1) {
    r0 -= 1;
  } else {
    r1 = (r - r0) / (2 * kGamma2);
  }
  if (hint) r1 = (r1 + (r0 > 0 ? 1 : kM - 1)) % kM;
  return static_cast<std::uint8_t>(r1);
}

using ZInNtt = std::array<Polynomial, kColumns>;

/// nullopt when a coefficient is too large: algorithm 8, the norm of z.
std::optional<ZInNtt> unpack_z(BytesView packed) {
  ZInNtt z;
  for (std::size_t column = 0; column < kColumns; ++column) {
    z[column] = unpack(packed.subspan(column * kZColumnBytes, kZColumnBytes), 20);
    for (std::int32_t& coefficient : z[column]) {
      const std::int32_t value = kGamma1 - coefficient;
      if (value >= kGamma1 - kBeta || value <= kBeta - kGamma1) return std::nullopt;
      coefficient = modulo_q(value);
    }
    ntt(z[column]);
  }
  return z;
}

/// Row `row` of w'1 = UseHint(h, A z - c t1 2^d), packed to 4 bits a coefficient.
void append_w1_row(Bytes& out, BytesView public_key, std::size_t row, const ZInNtt& z, const Polynomial& c,
                   const std::array<bool, kN>& hint) {
  Polynomial t1 = unpack(public_key.subspan(kSeedBytes + row * kT1RowBytes, kT1RowBytes), 10);
  for (std::int32_t& coefficient : t1) coefficient = modulo_q(std::int64_t{coefficient} << kD);
  ntt(t1);
  Polynomial w;
  for (std::size_t i = 0; i < kN; ++i) w[i] = modulo_q(-std::int64_t{product(c[i], t1[i])});
  for (std::size_t column = 0; column < kColumns; ++column) {
    const Polynomial a = matrix_entry(public_key.first(kSeedBytes), row, column);
    for (std::size_t i = 0; i < kN; ++i) w[i] = modulo_q(std::int64_t{w[i]} + product(a[i], z[column][i]));
  }
  inverse_ntt(w);
  for (std::size_t i = 0; i < kN; i += 2) {
    out.push_back(static_cast<std::uint8_t>(use_hint(hint[i], w[i]) | use_hint(hint[i + 1], w[i + 1]) << 4));
  }
}

}  // namespace

bool verify_mldsa65(BytesView public_key, BytesView message, BytesView context, BytesView signature) {
  if (public_key.size() != kMlDsa65PublicKeyBytes || signature.size() != kMlDsa65SignatureBytes ||
      context.size() > 255) {
    return false;
  }
  const BytesView challenge = signature.first(kChallengeBytes);
  const auto z = unpack_z(signature.subspan(kChallengeBytes, kColumns * kZColumnBytes));
  const auto hint = unpack_hint(signature.last(kOmega + kRows));
  if (!z || !hint) return false;
  const std::array<std::uint8_t, 2> prefix = {0, static_cast<std::uint8_t>(context.size())};
  const Bytes tr = shake(Shake::k256, {public_key}, 64);
  const Bytes mu = shake(Shake::k256, {tr, prefix, context, message}, 64);
  Polynomial c = challenge_polynomial(challenge);
  ntt(c);
  Bytes w1;
  w1.reserve(kRows * kN / 2);
  for (std::size_t row = 0; row < kRows; ++row) append_w1_row(w1, public_key, row, *z, c, (*hint)[row]);
  return std::ranges::equal(shake(Shake::k256, {mu, w1}, kChallengeBytes), challenge);
}

}  // namespace chancery::crypto
