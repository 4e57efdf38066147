#include "packs/forms/uri_reference.h"

#include <algorithm>

#include "packs/forms/formats.h"

namespace chancery::packs {

namespace {

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
int hex_value(char c) {
  return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

bool is_unreserved_or_sub_delimiter(char c) {
  return is_alpha(c) || is_digit(c) || std::string_view("-._~!$&'()*+,;=").find(c) != std::string_view::npos;
}

/// Unreserved characters, sub-delimiters, percent escapes, and those in `also`.
bool only_allowed(std::string_view text, std::string_view also) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
      i += 2;
    } else if (!is_unreserved_or_sub_delimiter(text[i]) && also.find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_alpha(text[0]) && std::ranges::all_of(text, [](char c) {
    return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

bool is_ip_literal(std::string_view text) {
  if (is_ipv6(text)) return true;
  // IPvFuture: "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
  const std::size_t dot = text.find('.');
  return text.size() > 3 && (text[0] | 0x20) == 'v' && dot != std::string_view::npos && dot > 1 &&
         std::ranges::all_of(text.substr(1, dot - 1), is_hex) && dot + 1 < text.size() &&
         text.find('%') == std::string_view::npos && only_allowed(text.substr(dot + 1), ":");
}

bool is_authority(std::string_view text) {
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (!only_allowed(text.substr(0, at), ":")) return false;
    text.remove_prefix(at + 1);
  }
  std::string_view after_host;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !is_ip_literal(text.substr(1, close - 1))) return false;
    after_host = text.substr(close + 1);
  } else {
    const std::size_t colon = text.find(':');
    if (!only_allowed(text.substr(0, colon), "")) return false;
    if (colon != std::string_view::npos) after_host = text.substr(colon);
  }
  return after_host.empty() || (after_host[0] == ':' && std::ranges::all_of(after_host.substr(1), is_digit));
}

bool follows_grammar(const UriReference& uri) {
  if (uri.scheme && !is_scheme(*uri.scheme)) return false;
  if (uri.authority && !is_authority(*uri.authority)) return false;
  if (!only_allowed(uri.path, ":@/")) return false;
  if (!uri.scheme && !uri.authority && uri.path.substr(0, uri.path.find('/')).find(':') != std::string::npos) {
    return false;
  }
  return (!uri.query || only_allowed(*uri.query, ":@/?")) && (!uri.fragment || only_allowed(*uri.fragment, ":@/?"));
}

/// RFC 3986 section 5.2.4.
std::string remove_dot_segments(std::string_view in) {
  std::string out;
  const auto drop_last_segment = [&out] {
    const std::size_t slash = out.rfind('/');
    out.erase(slash == std::string::npos ? 0 : slash);
  };
  while (!in.empty()) {
    if (in.starts_with("../")) {
      in.remove_prefix(3);
    } else if (in.starts_with("./") || in.starts_with("/./")) {
      in.remove_prefix(2);
    } else if (in == "/.") {
      in = "/";
    } else if (in.starts_with("/../")) {
      in.remove_prefix(3);
      drop_last_segment();
    } else if (in == "/..") {
      in = "/";
      drop_last_segment();
    } else if (in == "." || in == "..") {
      in = {};
    } else {
      const std::size_t next = in.find('/', 1);
      out.append(in.substr(0, next));
      in = next == std::string_view::npos ? std::string_view{} : in.substr(next);
    }
  }
  return out;
}

/// RFC 3986 section 5.2.3.
std::string merge_paths(const UriReference& base, const std::string& path) {
  if (base.authority && base.path.empty()) return "/" + path;
  const std::size_t slash = base.path.rfind('/');
  return slash == std::string::npos ? path : base.path.substr(0, slash + 1) + path;
}

}  // namespace

std::string UriReference::text() const {
  std::string out;
  if (scheme) out.append(*scheme).append(":");
  if (authority) out.append("//").append(*authority);
  out.append(path);
  if (query) out.append("?").append(*query);
  if (fragment) out.append("#").append(*fragment);
  return out;
}

UriReference split_uri_reference(std::string_view text) {
  UriReference uri;
  if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    uri.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
    uri.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    uri.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    const std::size_t slash = text.find('/', 2);
    uri.authority = text.substr(2, slash == std::string_view::npos ? slash : slash - 2);
    text = slash == std::string_view::npos ? std::string_view{} : text.substr(slash);
  }
  uri.path = text;
  return uri;
}

UriReference resolve_uri_reference(const UriReference& base, const UriReference& reference) {
  UriReference out = reference;
  if (reference.scheme) {
    out.path = remove_dot_segments(reference.path);
    return out;
  }
  out.scheme = base.scheme;
  if (reference.authority) {
    out.path = remove_dot_segments(reference.path);
    return out;
  }
  out.authority = base.authority;
  if (reference.path.empty()) {
    out.path = base.path;
    if (!reference.query) out.query = base.query;
  } else if (reference.path.starts_with('/')) {
    out.path = remove_dot_segments(reference.path);
  } else {
    out.path = remove_dot_segments(merge_paths(base, reference.path));
  }
  return out;
}

bool is_uri_reference(std::string_view text) {
  return follows_grammar(split_uri_reference(text));
}

bool is_uri(std::string_view text) {
  const UriReference uri = split_uri_reference(text);
  return uri.scheme && follows_grammar(uri);
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return std::nullopt;
    out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
    i += 2;
  }
  return out;
}

}  // namespace chancery::packs
