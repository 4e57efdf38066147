#pragma once
// Strict DER (X.690 section 10): enough for keys, signatures, X.509 and CMS. Reading never copies and never aborts.
// Lengths are definite and minimal; an element never reaches beyond its parent; tag numbers stay below 31.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::crypto {

namespace der {
inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kBitString = 0x03;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kNull = 0x05;
inline constexpr std::uint8_t kObjectIdentifier = 0x06;
inline constexpr std::uint8_t kUtf8String = 0x0c;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kSet = 0x31;
/// [n] EXPLICIT or constructed IMPLICIT, n < 31.
constexpr std::uint8_t context(unsigned n) {
  return static_cast<std::uint8_t>(0xa0U | n);
}
/// [n] IMPLICIT of a primitive type, n < 31.
constexpr std::uint8_t context_primitive(unsigned n) {
  return static_cast<std::uint8_t>(0x80U | n);
}
}  // namespace der

/// Reads elements one after another from borrowed bytes. All errors are kMalformed.
class DerReader {
 public:
  explicit DerReader(BytesView bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  /// The tag byte of the next element; 0 at the end.
  std::uint8_t peek_tag() const { return rest_.empty() ? std::uint8_t{0} : rest_[0]; }
  BytesView rest() const { return rest_; }

  struct Element {
    std::uint8_t tag = 0;
    BytesView content;
    BytesView whole;  ///< With tag and length.
  };
  Result<Element> next();
  /// The content of the next element, which must have this tag.
  Result<BytesView> expect(std::uint8_t tag);
  /// A reader of the content of the next element.
  Result<DerReader> enter(std::uint8_t tag);

  /// An INTEGER >= 0, minimal: its magnitude without a leading zero byte (one zero byte for 0).
  Result<BytesView> unsigned_integer();
  /// An INTEGER in [0, 2^63).
  Result<std::int64_t> small_integer();
  /// A BIT STRING of whole bytes.
  Result<BytesView> bit_string();
  /// An OBJECT IDENTIFIER of at most 64 bytes in dotted form, e.g. "1.2.156.10197.1.301".
  Result<std::string> object_identifier();
  Result<bool> boolean();
  Status null();
  /// kMalformed when something is left.
  Status end() const;

 private:
  BytesView rest_;
};

/// Builds DER from the inside out: each function returns a whole element.
namespace der {
Bytes element(std::uint8_t tag, BytesView content);
/// Elements are joined in the given order.
Bytes sequence(std::initializer_list<BytesView> elements);
/// SET OF: elements are sorted as DER demands (X.690 section 11.6).
Bytes set_of(std::vector<Bytes> elements);
/// A magnitude in big-endian; leading zeros are dropped, a sign byte is added where needed. Empty means 0.
Bytes unsigned_integer(BytesView magnitude);
Bytes integer(std::uint64_t value);
Bytes bit_string(BytesView whole_bytes);
Bytes octet_string(BytesView content);
/// Dotted form of our own constants; a wrong one is a bug.
Bytes object_identifier(std::string_view dotted);
Bytes boolean(bool value);
Bytes null();
}  // namespace der

}  // namespace chancery::crypto
