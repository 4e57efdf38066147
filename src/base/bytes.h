#pragma once
// Byte strings and their textual forms.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;
/// A 32-byte hash value, whichever algorithm made it.
using Digest = std::array<std::uint8_t, 32>;

inline BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}
inline Bytes to_bytes(BytesView view) {
  return {view.begin(), view.end()};
}
inline std::string to_string(BytesView view) {
  return std::string(as_text(view));
}

void append(Bytes& out, BytesView more);
void append_u64_be(Bytes& out, std::uint64_t value);
void append_u32_be(Bytes& out, std::uint32_t value);
/// Reads 8 bytes; the view must hold at least that many.
std::uint64_t read_u64_be(BytesView in);
std::uint32_t read_u32_be(BytesView in);
std::array<std::uint8_t, 8> u64_be(std::uint64_t value);

/// Compares without leaking where the difference is. Different lengths compare unequal at once.
bool equal_constant_time(BytesView a, BytesView b);

std::string to_hex(BytesView bytes);
/// Lower or upper case, even length, nothing else; nullopt otherwise.
std::optional<Bytes> from_hex(std::string_view text);
/// Exactly 64 hexadecimal characters.
std::optional<Digest> digest_from_hex(std::string_view text);
/// The view must hold exactly 32 bytes; nullopt otherwise.
std::optional<Digest> to_digest(BytesView bytes);

/// RFC 4648 section 4, with padding.
std::string to_base64(BytesView bytes);
/// Strict: padding required, no white space, unused bits zero.
std::optional<Bytes> from_base64(std::string_view text);
/// RFC 4648 section 5, without padding.
std::string to_base64url(BytesView bytes);
/// Strict: no padding, unused bits zero.
std::optional<Bytes> from_base64url(std::string_view text);

/// Valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
bool is_utf8(std::string_view text);
/// The number of code points of a valid UTF-8 text.
std::size_t utf8_length(std::string_view text);

}  // namespace chancery
