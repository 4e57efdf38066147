#include "api/embedded.h"

// The assembler takes the files over byte by byte; the symbols mark where each begins and ends.
#define CHANCERY_EMBED(symbol, file)                                                                            \
  asm(".section .rodata\n.global " #symbol "_begin\n" #symbol "_begin:\n.incbin \"" file "\"\n.global " #symbol \
      "_end\n" #symbol "_end:\n.byte 0\n.previous\n");                                                          \
  extern "C" const char symbol##_begin[]; /* NOLINT(modernize-avoid-c-arrays) */                                \
  extern "C" const char symbol##_end[]    /* NOLINT(modernize-avoid-c-arrays) */

CHANCERY_EMBED(chancery_openapi_yaml, CHANCERY_API_SOURCE_DIR "/openapi.yaml");
CHANCERY_EMBED(chancery_site_css, CHANCERY_API_SOURCE_DIR "/site.css");

namespace chancery::api {

std::string_view openapi_yaml() {
  return {chancery_openapi_yaml_begin,
          static_cast<std::size_t>(chancery_openapi_yaml_end - chancery_openapi_yaml_begin)};
}

std::string_view site_css() {
  return {chancery_site_css_begin, static_cast<std::size_t>(chancery_site_css_end - chancery_site_css_begin)};
}

}  // namespace chancery::api
