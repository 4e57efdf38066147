#include "crypto/der.h"

#include <algorithm>
#include <charconv>

namespace chancery::crypto {

namespace {

std::unexpected<Error> malformed(const char* what) {
  return fail(Reason::kMalformed, std::string("DER: ") + what);
}

constexpr std::uint8_t kLongForm = 0x80;
constexpr std::uint8_t kHighTagNumber = 0x1f;
/// The longest in use (below 2.25, or of national registers) take about 20.
constexpr std::size_t kMostObjectIdentifierBytes = 64;

}  // namespace

Result<DerReader::Element> DerReader::next() {
  if (rest_.size() < 2) return malformed("an element is cut short");
  const std::uint8_t tag = rest_[0];
  if ((tag & kHighTagNumber) == kHighTagNumber) return malformed("a tag number above 30");
  if (tag == 0) return malformed("an end-of-contents marker");
  std::size_t header_bytes = 2;
  std::size_t length = rest_[1];
  if ((length & kLongForm) != 0) {
    const std::size_t count = length & 0x7f;
    if (count == 0) return malformed("an indefinite length");
    if (count > 4) return malformed("a length above 4 GiB");
    if (rest_.size() < 2 + count) return malformed("a length is cut short");
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | rest_[2 + i];
    const std::size_t smallest = count == 1 ? 0x80 : std::size_t{1} << (8 * (count - 1));
    if (length < smallest) return malformed("a length that is not minimal");
    header_bytes += count;
  }
  if (length > rest_.size() - header_bytes) return malformed("an element reaches beyond its end");
  const Element element{tag, rest_.subspan(header_bytes, length), rest_.first(header_bytes + length)};
  rest_ = rest_.subspan(header_bytes + length);
  return element;
}

Result<BytesView> DerReader::expect(std::uint8_t tag) {
  if (peek_tag() != tag) return malformed("another element was expected");
  ASSIGN_OR_RETURN(const Element element, next());
  return element.content;
}

Result<DerReader> DerReader::enter(std::uint8_t tag) {
  ASSIGN_OR_RETURN(const BytesView content, expect(tag));
  return DerReader(content);
}

Result<BytesView> DerReader::unsigned_integer() {
  ASSIGN_OR_RETURN(BytesView content, expect(der::kInteger));
  if (content.empty()) return malformed("an empty integer");
  if ((content[0] & 0x80) != 0) return malformed("a negative integer");
  if (content[0] == 0 && content.size() > 1) {
    if ((content[1] & 0x80) == 0) return malformed("an integer that is not minimal");
    content = content.subspan(1);
  }
  return content;
}

Result<std::int64_t> DerReader::small_integer() {
  ASSIGN_OR_RETURN(const BytesView magnitude, unsigned_integer());
  if (magnitude.size() > 8 || (magnitude.size() == 8 && (magnitude[0] & 0x80) != 0)) {
    return malformed("an integer above 2^63 - 1");
  }
  std::int64_t value = 0;
  for (const std::uint8_t byte : magnitude) value = value << 8 | byte;
  return value;
}

Result<BytesView> DerReader::bit_string() {
  ASSIGN_OR_RETURN(const BytesView content, expect(der::kBitString));
  if (content.empty() || content[0] != 0) return malformed("a bit string that is not whole bytes");
  return content.subspan(1);
}

Result<std::string> DerReader::object_identifier() {
  ASSIGN_OR_RETURN(const BytesView content, expect(der::kObjectIdentifier));
  if (content.empty() || (content.back() & 0x80) != 0) return malformed("an object identifier is cut short");
  if (content.size() > kMostObjectIdentifierBytes) return malformed("an object identifier of more than 64 bytes");
  std::string dotted;
  std::uint64_t arc = 0;
  bool at_arc_start = true;
  for (const std::uint8_t byte : content) {
    if (at_arc_start && byte == 0x80) return malformed("an object identifier that is not minimal");
    if (arc >> 56 != 0) return malformed("an object identifier with too large an arc");
    arc = arc << 7 | (byte & 0x7fU);
    at_arc_start = (byte & 0x80) == 0;
    if (!at_arc_start) continue;
    if (dotted.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
      dotted = std::to_string(first) + "." + std::to_string(arc - 40 * first);
    } else {
      dotted += "." + std::to_string(arc);
    }
    arc = 0;
  }
  return dotted;
}

Result<bool> DerReader::boolean() {
  ASSIGN_OR_RETURN(const BytesView content, expect(der::kBoolean));
  if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xff)) return malformed("a boolean of another value");
  return content[0] == 0xff;
}

Status DerReader::null() {
  ASSIGN_OR_RETURN(const BytesView content, expect(der::kNull));
  if (!content.empty()) return malformed("a null with content");
  return {};
}

Status DerReader::end() const {
  if (!at_end()) return malformed("bytes after the end");
  return {};
}

namespace der {

Bytes element(std::uint8_t tag, BytesView content) {
  Bytes out{tag};
  const std::size_t length = content.size();
  if (length < kLongForm) {
    out.push_back(static_cast<std::uint8_t>(length));
  } else {
    std::size_t count = 1;
    while (count < sizeof length && length >> (8 * count) != 0) ++count;
    out.push_back(static_cast<std::uint8_t>(kLongForm | count));
    for (std::size_t i = count; i-- > 0;) out.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
  }
  append(out, content);
  return out;
}

Bytes sequence(std::initializer_list<BytesView> elements) {
  Bytes content;
  for (const BytesView part : elements) append(content, part);
  return element(kSequence, content);
}

Bytes set_of(std::vector<Bytes> elements) {
  std::ranges::sort(elements);
  Bytes content;
  for (const Bytes& part : elements) append(content, part);
  return element(kSet, content);
}

Bytes unsigned_integer(BytesView magnitude) {
  while (!magnitude.empty() && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  Bytes content;
  if (magnitude.empty() || (magnitude[0] & 0x80) != 0) content.push_back(0);
  append(content, magnitude);
  return element(kInteger, content);
}

Bytes integer(std::uint64_t value) {
  return unsigned_integer(u64_be(value));
}

Bytes bit_string(BytesView whole_bytes) {
  Bytes content{0};
  append(content, whole_bytes);
  return element(kBitString, content);
}

Bytes octet_string(BytesView content) {
  return element(kOctetString, content);
}

Bytes object_identifier(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  const char* at = dotted.data();
  const char* const end = at + dotted.size();
  while (at < end) {
    std::uint64_t arc = 0;
    const auto [after, error] = std::from_chars(at, end, arc);
    CHANCERY_CHECK(error == std::errc() && (after == end || *after == '.'));
    arcs.push_back(arc);
    at = after == end ? end : after + 1;
  }
  CHANCERY_CHECK(arcs.size() >= 2 && arcs[0] <= 2 && (arcs[0] == 2 || arcs[1] < 40));
  arcs[1] += 40 * arcs[0];
  Bytes content;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    std::size_t groups = 1;
    while (groups < 9 && arcs[i] >> (7 * groups) != 0) ++groups;
    for (std::size_t group = groups; group-- > 0;) {
      const std::uint64_t more = group == 0 ? 0 : 0x80;
      content.push_back(static_cast<std::uint8_t>(more | (arcs[i] >> (7 * group) & 0x7f)));
    }
  }
  return element(kObjectIdentifier, content);
}

Bytes boolean(bool value) {
  const std::uint8_t content = value ? 0xff : 0x00;
  return element(kBoolean, {&content, 1});
}

Bytes null() {
  return element(kNull, {});
}

}  // namespace der

}  // namespace chancery::crypto
