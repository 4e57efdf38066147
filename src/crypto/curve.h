#pragma once
// The two prime curves of our suites, P-256 (FIPS 186-5, SP 800-186) and SM2 (GB/T 32918.5-2017): constants, ranges and
// point checks. Private to this folder.

#include "crypto/openssl_ptr.h"
#include "crypto/signature.h"

namespace chancery::crypto {

struct Curve {
  const char* openssl_name;  ///< Of the group; also of the key type for SM2.
  const char* key_type;
  int nid;
  Digest order;  ///< n, big-endian
};

/// kEcdsaP256Sha256 or kSm2Sm3; another one is a bug.
const Curve& curve_of(SignatureAlgorithm algorithm);

inline constexpr std::size_t kScalarBytes = 32;
inline constexpr std::size_t kCoordinateBytes = 32;
inline constexpr std::size_t kUncompressedPointBytes = 65;
inline constexpr std::size_t kCompressedPointBytes = 33;

/// 1 <= scalar < n, for 32 bytes big-endian. Not constant time: for public numbers only.
bool scalar_in_range(const Curve& curve, BytesView scalar);
/// (a + b) mod n = 0 for a and b in range.
bool sum_is_order(const Curve& curve, BytesView a, BytesView b);

/// A number of 256 bits modulo n, which takes one subtraction at most: both curves have n > 2^255.
Digest modulo_order(const Curve& curve, const Digest& number);

/// Coordinates below the field prime and on the curve; 65 bytes uncompressed or 33 compressed. Gives 65 bytes.
/// nullopt otherwise (also for the point at infinity and the hybrid prefixes 6 and 7).
std::optional<Bytes> decode_point(const Curve& curve, BytesView encoded);

/// OpenSSL's objects for one curve; one a thread, never freed before the thread ends.
struct CurveContext {
  EcGroupPtr group;
  BnCtxPtr scratch;
  EcPointPtr point;
  BignumPtr order;
  BignumPtr order_minus_2;
  BnMontPtr montgomery;  ///< Modulo the order.
};
CurveContext& curve_context(const Curve& curve);

}  // namespace chancery::crypto
