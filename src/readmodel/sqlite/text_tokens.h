#pragma once
// How Chinese text becomes searchable with an index of words: each run of Han characters turns into its overlapping
// pairs and its last character ("居住证" -> 居住 住证 证), other letters and digits into words. A search for two or
// more characters is then a phrase of pairs, a search for one character the beginning of a pair.

#include <string>
#include <string_view>
#include <vector>

namespace chancery::readmodel {

inline constexpr std::size_t kMaxSearchTerms = 8;

/// The text as the index keeps it: tokens separated by spaces. `text` is UTF-8; what is not a letter or digit
/// separates.
std::string index_tokens(std::string_view text);

/// One FTS5 expression for each word of `text` (separated by white space), made of quoted tokens only: no operator of
/// the query language can come from input. Words without a letter or digit are left out; at most kMaxSearchTerms.
std::vector<std::string> search_expressions(std::string_view text);

}  // namespace chancery::readmodel
