#include "crypto/curve.h"

#include <openssl/obj_mac.h>

#include <cstring>

namespace chancery::crypto {

namespace {

const Curve kP256{
    "P-256", "EC", NID_X9_62_prime256v1, {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                          0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                          0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51}};
const Curve kSm2{"SM2", "SM2", NID_sm2, {0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 0xff, 0xff, 0xff, 0x72, 0x03, 0xdf, 0x6b, 0x21, 0xc6,
                                         0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x23}};

CurveContext make_context(const Curve& curve) {
  CurveContext context;
  context.group.reset(EC_GROUP_new_by_curve_name(curve.nid));
  context.scratch.reset(BN_CTX_secure_new());
  CHANCERY_CHECK(context.group && context.scratch);
  context.point.reset(EC_POINT_new(context.group.get()));
  context.order.reset(BN_bin2bn(curve.order.data(), static_cast<int>(curve.order.size()), nullptr));
  context.order_minus_2.reset(BN_dup(context.order.get()));
  context.montgomery.reset(BN_MONT_CTX_new());
  CHANCERY_CHECK(context.point && context.order && context.order_minus_2 && context.montgomery);
  CHANCERY_CHECK(BN_sub_word(context.order_minus_2.get(), 2) == 1);
  CHANCERY_CHECK(BN_MONT_CTX_set(context.montgomery.get(), context.order.get(), context.scratch.get()) == 1);
  return context;
}

}  // namespace

const Curve& curve_of(SignatureAlgorithm algorithm) {
  CHANCERY_CHECK(algorithm != SignatureAlgorithm::kEd25519);
  return algorithm == SignatureAlgorithm::kSm2Sm3 ? kSm2 : kP256;
}

bool scalar_in_range(const Curve& curve, BytesView scalar) {
  if (scalar.size() != kScalarBytes) return false;
  static constexpr Digest kZero{};
  return std::memcmp(scalar.data(), kZero.data(), kScalarBytes) != 0 &&
         std::memcmp(scalar.data(), curve.order.data(), kScalarBytes) < 0;
}

bool sum_is_order(const Curve& curve, BytesView a, BytesView b) {
  unsigned carry = 0;
  for (std::size_t i = kScalarBytes; i-- > 0;) {
    const unsigned sum = a[i] + b[i] + carry;
    if ((sum & 0xff) != curve.order[i]) return false;
    carry = sum >> 8;
  }
  return carry == 0;
}

Digest modulo_order(const Curve& curve, const Digest& number) {
  if (std::memcmp(number.data(), curve.order.data(), number.size()) < 0) return number;
  Digest out;
  int borrow = 0;
  for (std::size_t i = number.size(); i-- > 0;) {
    const int difference = number[i] - curve.order[i] - borrow;
    borrow = difference < 0 ? 1 : 0;
    out[i] = static_cast<std::uint8_t>(difference & 0xff);
  }
  return out;
}

std::optional<Bytes> decode_point(const Curve& curve, BytesView encoded) {
  const bool uncompressed = encoded.size() == kUncompressedPointBytes && encoded[0] == POINT_CONVERSION_UNCOMPRESSED;
  const bool compressed = encoded.size() == kCompressedPointBytes && (encoded[0] == 2 || encoded[0] == 3);
  if (!uncompressed && !compressed) return std::nullopt;
  CurveContext& context = curve_context(curve);
  // Checks that the coordinates are below p and that the point is on the curve.
  if (EC_POINT_oct2point(context.group.get(), context.point.get(), encoded.data(), encoded.size(),
                         context.scratch.get()) != 1) {
    return std::nullopt;
  }
  if (uncompressed) return to_bytes(encoded);
  Bytes out(kUncompressedPointBytes);
  if (EC_POINT_point2oct(context.group.get(), context.point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(),
                         out.size(), context.scratch.get()) != out.size()) {
    return std::nullopt;
  }
  return out;
}

CurveContext& curve_context(const Curve& curve) {
  thread_local CurveContext p256 = make_context(kP256);
  thread_local CurveContext sm2 = make_context(kSm2);
  return &curve == &kSm2 ? sm2 : p256;
}

}  // namespace chancery::crypto
