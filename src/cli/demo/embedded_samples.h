#pragma once
// The files of packs/community-certificates/samples as they were when the program was built.

#include <string_view>

namespace chancery::cli::demo {

std::string_view embedded_offices();
std::string_view embedded_types();
std::string_view embedded_residents();
/// By the path in types.json, e.g. "schemas/residence-certificate.json"; empty when there is none.
std::string_view embedded_schema(std::string_view path);

}  // namespace chancery::cli::demo
