#pragma once
// Regular expressions of ECMA-262 in Unicode mode, as JSON Schema asks for them, run by RE2 in linear time.
//
// The pattern is parsed here and rewritten for RE2. What RE2 has no linear-time answer to is refused with kUnsupported
// when a schema is compiled, never tried by backtracking: look-ahead and look-behind, back references, \p{...} of
// properties other than general categories and scripts, repetition counts above 1,000, and patterns whose program
// would exceed 256 KiB. What Unicode mode forbids is kMalformed: escapes of ordinary letters, lone braces and brackets.

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace chancery::packs {

class EcmaRegex {
 public:
  /// At most 4,096 bytes of UTF-8.
  static Result<EcmaRegex> compile(std::string_view pattern);

  /// True when the pattern matches somewhere in `text`, which must be UTF-8. Thread-safe.
  bool found_in(std::string_view text) const;
  /// Bounded work for one search of `text_bytes`, in units of about a microsecond at worst.
  std::size_t search_cost(std::size_t text_bytes) const;

 private:
  explicit EcmaRegex(std::shared_ptr<const re2::RE2> program) : program_(std::move(program)) {}
  std::shared_ptr<const re2::RE2> program_;
};

/// True for every pattern that ECMA-262 (Unicode mode) accepts, also those that compile() does not support.
bool is_ecma_pattern(std::string_view pattern);

}  // namespace chancery::packs
