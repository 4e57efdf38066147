#pragma once
// The names inside \p{...} of ECMA-262 (tables 67 to 69) and what RE2 calls them.

#include <string_view>

namespace chancery::packs {

struct UnicodeProperty {
  bool exists = false;        ///< ECMA-262 knows the name.
  std::string_view re2_name;  ///< Empty where RE2 has no such set.
};

/// "L", "Letter", "gc=Lu", "General_Category=Lu", "Script=Han", "sc=Hani", "Any", "Alphabetic", ...
UnicodeProperty find_unicode_property(std::string_view expression);

}  // namespace chancery::packs
