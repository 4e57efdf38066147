#pragma once
// The words of a rule. Integers and strings as in CEL; doubles, unsigned integers and bytes are refused by name.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "packs/rules/place.h"

namespace chancery::packs::rules {

enum class TokenKind { kName, kInteger, kString, kSign, kEnd };

struct Token {
  TokenKind kind;
  std::string text;   ///< Digits as written; the content of a string; the sign.
  std::size_t begin;  ///< Bytes of the rule.
  std::size_t end;
};

/// Always ends with kEnd. Fails with kMalformed or kUnsupported, the place in the detail, in both languages.
Result<std::vector<Token>> read_tokens(std::string_view rule);

}  // namespace chancery::packs::rules
