#include "packs/manifest/names.h"

#include <re2/re2.h>

namespace chancery::packs {

bool is_identifier(std::string_view name) {
  static const RE2 pattern("[a-z][a-z0-9-]{0,63}");
  return RE2::FullMatch(name, pattern);
}

bool is_version(std::string_view text) {
  static const RE2 pattern("(0|[1-9][0-9]{0,4})(\\.(0|[1-9][0-9]{0,4})){2}");
  return RE2::FullMatch(text, pattern);
}

bool is_fact_path(std::string_view path) {
  static const RE2 pattern("[a-zA-Z][a-zA-Z0-9_]*(\\.[a-zA-Z][a-zA-Z0-9_]*)*");
  return path.size() <= 128 && RE2::FullMatch(path, pattern);
}

bool is_path_within(std::string_view path) {
  static const RE2 pattern("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
  return path.size() <= 256 && RE2::FullMatch(path, pattern);
}

std::optional<rules::Kind> kind_of_name(std::string_view name) {
  using enum rules::Kind;
  for (const rules::Kind kind : {kBool, kInt, kString, kTimestamp, kList, kMap}) {
    if (rules::kind_name(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace chancery::packs
