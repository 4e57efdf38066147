#pragma once
// ECMA-262 pattern syntax (section 22.2.1, Unicode mode) rewritten into the syntax of RE2.

#include <string>
#include <string_view>

#include "base/result.h"

namespace chancery::packs {

struct TranslatedPattern {
  std::string re2;          ///< Meaningless when `unsupported` is set.
  std::string unsupported;  ///< The first construct that RE2 lacks; empty when there is none.
};

/// kMalformed with the byte offset when ECMA-262 forbids the pattern.
Result<TranslatedPattern> translate_ecma_pattern(std::string_view pattern);

}  // namespace chancery::packs
