#pragma once
// Files that travel inside the binary.

#include <string_view>

namespace chancery::api {

/// src/api/openapi.yaml
std::string_view openapi_yaml();
/// src/api/site.css
std::string_view site_css();

}  // namespace chancery::api
