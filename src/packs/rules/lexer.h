#pragma once
// The words of a rule. Integers and strings as in CEL; doubles, unsigned integers and bytes are refused by name.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace chancery::packs::rules {

enum class TokenKind { kName, kInteger, kString, kSign, kEnd };

struct Token {
  TokenKind kind;
  std::string text;   ///< Digits as written; the content of a string; the sign.
  std::size_t begin;  ///< Bytes of the rule.
  std::size_t end;
};

/// Always ends with kEnd. Fails with kMalformed or kUnsupported, line and column in the detail.
Result<std::vector<Token>> read_tokens(std::string_view rule);

/// "line 2, column 5", both from 1, columns in bytes.
std::string place_in(std::string_view rule, std::size_t offset);

}  // namespace chancery::packs::rules
