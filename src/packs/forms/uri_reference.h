#pragma once
// URI references, as far as schemas need them: RFC 3986 sections 3 (syntax) and 5.2 (resolution).

#include <optional>
#include <string>
#include <string_view>

namespace chancery::packs {

struct UriReference {
  std::optional<std::string> scheme;
  std::optional<std::string> authority;
  std::string path;
  std::optional<std::string> query;
  std::optional<std::string> fragment;

  std::string text() const;
};

/// Splits by RFC 3986 appendix B; every text can be split.
UriReference split_uri_reference(std::string_view text);

/// Section 5.2.2; a relative base is taken as it is.
UriReference resolve_uri_reference(const UriReference& base, const UriReference& reference);

/// The whole grammar, ASCII only, with a scheme.
bool is_uri(std::string_view text);
/// The whole grammar, ASCII only, with or without a scheme.
bool is_uri_reference(std::string_view text);

/// Decodes %XX; nullopt when a percent sign is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace chancery::packs
