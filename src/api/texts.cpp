#include "api/texts.h"

#include <array>

namespace chancery::api {
namespace {

constexpr std::array kTexts = {
#define TEXT(name, zh, en) TextEntry{#name, zh, en},
#include "api/texts.def"
#undef TEXT
};

}  // namespace

std::string_view text(Text key, Language language) {
  const TextEntry& entry = kTexts.at(static_cast<std::size_t>(key));
  return language == Language::kZhCn ? entry.zh : entry.en;
}

std::span<const TextEntry> all_texts() {
  return kTexts;
}

}  // namespace chancery::api
