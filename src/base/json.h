#pragma once
// Strict JSON: RFC 8259 narrowed so that two readers can never understand one text differently (RFC 7493 in spirit).
// Typed access to a parsed object is in base/json_reader.h.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace chancery {

using Json = nlohmann::json;

struct JsonLimits {
  std::size_t max_bytes = 1U << 20;  ///< Longer texts are refused unread (kTooLarge).
  std::size_t max_depth = 64;        ///< Nested arrays and objects; 1 is `[]`. Deeper texts are refused (kTooLarge).
  /// Refuse integers outside +-(2^53 - 1) (RFC 7493 section 2.2). Set it for texts whose canonical form is hashed.
  bool interoperable_numbers = false;
};

/// Reads one JSON text. Refused with kMalformed, line and column (from 1, in code points) in the detail: anything
/// outside RFC 8259, a byte order mark, malformed UTF-8, lone surrogates, a member name that occurs twice, an integer
/// that fits neither int64 nor uint64, a number beyond the range of a double. Integers stay exact. The detail never
/// repeats the text, which may hold personal data. Thread-safe. Takes any bytes (fuzz entry).
Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

/// The canonical form of RFC 8785: no white space, members ordered by UTF-16 code units, numbers as ECMAScript prints
/// them. Integers outside +-(2^53 - 1), which RFC 8785 leaves out, keep all their digits. The value must hold valid
/// UTF-8 and finite numbers, as everything from parse_json does; a NaN or a binary value is a bug of ours and stops
/// the program.
std::string canonical_json(const Json& value);

/// A JSON Pointer (RFC 6901) one step longer: `~` and `/` in `token` are escaped.
std::string json_pointer_append(std::string_view pointer, std::string_view token);

}  // namespace chancery
