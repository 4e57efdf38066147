#include "crypto/ec_sign.h"

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/limbs.h"
#include "crypto/sm2/secret_multiple.h"

namespace chancery::crypto {

namespace {

// a | b | xG | yG of GB/T 32918.5-2017.
constexpr std::array<std::uint8_t, 128> kSm2Parameters = {
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc, 0x28, 0xe9, 0xfa, 0x9e, 0x9d, 0x9f,
    0x5e, 0x34, 0x4d, 0x5a, 0x9e, 0x4b, 0xcf, 0x65, 0x09, 0xa7, 0xf3, 0x97, 0x89, 0xf5, 0x15, 0xab, 0x8f, 0x92, 0xdd,
    0xbc, 0xbd, 0x41, 0x4d, 0x94, 0x0e, 0x93, 0x32, 0xc4, 0xae, 0x2c, 0x1f, 0x19, 0x81, 0x19, 0x5f, 0x99, 0x04, 0x46,
    0x6a, 0x39, 0xc9, 0x94, 0x8f, 0xe3, 0x0b, 0xbf, 0xf2, 0x66, 0x0b, 0xe1, 0x71, 0x5a, 0x45, 0x89, 0x33, 0x4c, 0x74,
    0xc7, 0xbc, 0x37, 0x36, 0xa2, 0xf4, 0xf6, 0x77, 0x9c, 0x59, 0xbd, 0xce, 0xe3, 0x6b, 0x69, 0x21, 0x53, 0xd0, 0xa9,
    0x87, 0x7c, 0xc6, 0x2a, 0x47, 0x40, 0x02, 0xdf, 0x32, 0xe5, 0x21, 0x39, 0xf0, 0xa0};

BignumPtr to_bignum(BytesView big_endian) {
  BignumPtr number(BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr));
  CHANCERY_CHECK(number);
  return number;
}

BignumPtr to_secret_bignum(BytesView big_endian) {
  BignumPtr number = to_bignum(big_endian);
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  return number;
}

/// Numbers modulo the order of a curve, in Montgomery's form where that matters for timing.
class OrderArithmetic {
 public:
  explicit OrderArithmetic(CurveContext& context) : context_(context) {}

  BignumPtr multiply(const BIGNUM* a, const BIGNUM* b) const {
    BignumPtr product(BN_new());
    CHANCERY_CHECK(product && BN_to_montgomery(product.get(), a, mont(), scratch()) == 1 &&
                   BN_mod_mul_montgomery(product.get(), product.get(), b, mont(), scratch()) == 1);
    return product;
  }
  /// By Fermat, so that the time does not depend on the number.
  BignumPtr invert(const BIGNUM* a) const {
    BignumPtr inverse(BN_new());
    CHANCERY_CHECK(inverse && BN_mod_exp_mont_consttime(inverse.get(), a, context_.order_minus_2.get(),
                                                        context_.order.get(), scratch(), mont()) == 1);
    return inverse;
  }
  BignumPtr add(const BIGNUM* a, const BIGNUM* b) const {
    BignumPtr sum(BN_new());
    CHANCERY_CHECK(sum && BN_mod_add_quick(sum.get(), a, b, context_.order.get()) == 1);
    return sum;
  }
  BignumPtr subtract(const BIGNUM* a, const BIGNUM* b) const {
    BignumPtr difference(BN_new());
    CHANCERY_CHECK(difference && BN_mod_sub_quick(difference.get(), a, b, context_.order.get()) == 1);
    return difference;
  }
  BignumPtr reduce(const BIGNUM* a) const {
    BignumPtr rest(BN_new());
    CHANCERY_CHECK(rest && BN_nnmod(rest.get(), a, context_.order.get(), scratch()) == 1);
    return rest;
  }

 private:
  BN_MONT_CTX* mont() const { return context_.montgomery.get(); }
  BN_CTX* scratch() const { return context_.scratch.get(); }
  CurveContext& context_;
};

/// The x coordinate of nonce * G.
BignumPtr base_point_x(SignatureAlgorithm algorithm, CurveContext& context, BytesView nonce) {
  if (algorithm == SignatureAlgorithm::kSm2Sm3 && active_backend() == Backend::kTables) {
    Limbs k = to_limbs(nonce.first<32>());
    const Limbs x = sm2::secret_multiple_x(k);
    wipe(k.data(), sizeof k);
    return to_bignum(to_big_endian(x));
  }
  const BignumPtr scalar = to_secret_bignum(nonce);
  BignumPtr x(BN_new());
  CHANCERY_CHECK(x && EC_POINT_mul(context.group.get(), context.point.get(), scalar.get(), nullptr, nullptr,
                                   context.scratch.get()) == 1);
  CHANCERY_CHECK(EC_POINT_get_affine_coordinates(context.group.get(), context.point.get(), x.get(), nullptr,
                                                 context.scratch.get()) == 1);
  return x;
}

}  // namespace

Bytes ec_public_point(const Curve& curve, BytesView secret) {
  CurveContext& context = curve_context(curve);
  const BignumPtr scalar = to_secret_bignum(secret);
  CHANCERY_CHECK(EC_POINT_mul(context.group.get(), context.point.get(), scalar.get(), nullptr, nullptr,
                              context.scratch.get()) == 1);
  Bytes out(kUncompressedPointBytes);
  CHANCERY_CHECK(EC_POINT_point2oct(context.group.get(), context.point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(),
                                    out.size(), context.scratch.get()) == out.size());
  return out;
}

Digest sm2_z(const PublicKey& key, std::string_view id) {
  const std::size_t bits = id.size() * 8;
  const std::array<std::uint8_t, 2> entl = {static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)};
  return Hasher(HashAlgorithm::kSm3)
      .update(entl)
      .update(as_bytes(id))
      .update(kSm2Parameters)
      .update(BytesView(key.bytes).subspan(1))
      .finish();
}

Digest ec_message_digest(const PublicKey& key, BytesView message) {
  if (key.algorithm == SignatureAlgorithm::kEcdsaP256Sha256) return hash(HashAlgorithm::kSha256, message);
  return Hasher(HashAlgorithm::kSm3).update(sm2_z(key, kSm2DefaultId)).update(message).finish();
}

std::optional<Signature> ec_sign_with_nonce(SignatureAlgorithm algorithm, BytesView secret, const Digest& digest,
                                            BytesView nonce) {
  CurveContext& context = curve_context(curve_of(algorithm));
  const OrderArithmetic mod(context);
  const BignumPtr d = to_secret_bignum(secret);
  const BignumPtr k = to_secret_bignum(nonce);
  const BignumPtr e = mod.reduce(to_bignum(digest).get());
  const BignumPtr x = mod.reduce(base_point_x(algorithm, context, nonce).get());
  BignumPtr r;
  BignumPtr s;
  if (algorithm == SignatureAlgorithm::kSm2Sm3) {
    // GB/T 32918.2 section 6.1: r = e + x, s = (1 + d)^-1 (k - r d)
    r = mod.add(e.get(), x.get());
    if (BN_is_zero(r.get()) || BN_is_zero(mod.add(r.get(), k.get()).get())) return std::nullopt;
    const BignumPtr inverse = mod.invert(mod.add(BN_value_one(), d.get()).get());
    s = mod.multiply(inverse.get(), mod.subtract(k.get(), mod.multiply(r.get(), d.get()).get()).get());
  } else {
    // FIPS 186-5 section 6.4.1: r = x, s = k^-1 (e + r d)
    r = mod.reduce(x.get());
    if (BN_is_zero(r.get())) return std::nullopt;
    const BignumPtr inverse = mod.invert(k.get());
    s = mod.multiply(inverse.get(), mod.add(e.get(), mod.multiply(r.get(), d.get()).get()).get());
  }
  if (BN_is_zero(s.get())) return std::nullopt;
  Signature out;
  CHANCERY_CHECK(BN_bn2binpad(r.get(), out.data(), 32) == 32 && BN_bn2binpad(s.get(), out.data() + 32, 32) == 32);
  return out;
}

}  // namespace chancery::crypto
