#pragma once
// The documents that every JSON Schema 2020-12 validator has to know.

#include <span>
#include <string_view>

namespace chancery::packs {

struct Metaschema {
  std::string_view uri;
  std::string_view text;  ///< JSON.
};

/// The dialect's metaschema first, then those of its vocabularies.
std::span<const Metaschema> metaschemas();

}  // namespace chancery::packs
