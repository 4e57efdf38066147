#pragma once
// The words of our pages, in one catalogue (texts.def). Refusals have theirs in base/reason_codes.def.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"

namespace chancery::api {

enum class Text : std::uint16_t {
#define TEXT(name, zh, en) name,
#include "api/texts.def"
#undef TEXT
};

std::string_view text(Text key, Language language);

struct TextEntry {
  std::string_view name, zh, en;
};
std::span<const TextEntry> all_texts();

}  // namespace chancery::api
