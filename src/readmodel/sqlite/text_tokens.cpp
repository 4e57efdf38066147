#include "readmodel/sqlite/text_tokens.h"

#include <cstdint>

namespace chancery::readmodel {

namespace {

struct Character {
  char32_t code;
  std::string_view bytes;
};

/// Decodes UTF-8 without believing it: a malformed byte is a separator.
std::vector<Character> characters(std::string_view text) {
  std::vector<Character> out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    char32_t code = first < 0x80 ? first : 0;
    if (length > 1 && at + length <= text.size()) {
      code = first & (0x7fU >> length);
      for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[at + i]);
        if ((next & 0xc0U) != 0x80U) {
          code = 0;
          break;
        }
        code = (code << 6) | (next & 0x3fU);
      }
    }
    const std::size_t taken = code == 0 ? 1 : length;
    out.push_back({code, text.substr(at, taken)});
    at += taken;
  }
  return out;
}

/// CJK unified ideographs with their extensions and compatibility forms, kana and hangul: written without spaces.
bool is_han(char32_t code) {
  return (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x4dbf) ||
         (code >= 0x4e00 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af) ||
         (code >= 0xf900 && code <= 0xfaff) || (code >= 0x20000 && code <= 0x3ffff) || code == 0x3007;
}

bool is_word(char32_t code) {
  if (code < 0x80) return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  // Letters beyond ASCII; punctuation and symbols of the general, CJK and full-width blocks separate.
  return code >= 0xc0 && !(code >= 0x2000 && code <= 0x2bff) && !(code >= 0x3000 && code <= 0x303f) &&
         !(code >= 0xfe00 && code <= 0xff0f) && !(code >= 0xff1a && code <= 0xff20) &&
         !(code >= 0xff3b && code <= 0xff40) && code < 0xff5b;
}

struct Run {
  bool han;
  std::vector<std::string_view> characters;
};

std::vector<Run> runs(std::string_view text) {
  std::vector<Run> out;
  bool open = false;
  for (const Character& character : characters(text)) {
    const bool han = is_han(character.code);
    if (!han && !is_word(character.code)) {
      open = false;
      continue;
    }
    if (!open || out.back().han != han) out.push_back({han, {}});
    open = true;
    out.back().characters.push_back(character.bytes);
  }
  return out;
}

std::string joined(const Run& run) {
  std::string out;
  for (const std::string_view bytes : run.characters) out += bytes;
  return out;
}

std::string pair_at(const Run& run, std::size_t at) {
  return std::string(run.characters[at]) + std::string(run.characters[at + 1]);
}

void append_word(std::string& out, std::string_view word) {
  if (!out.empty()) out += ' ';
  out += word;
}

/// The phrase that finds one run: adjacent tokens of the index.
std::string phrase(const Run& run) {
  if (!run.han) return "\"" + joined(run) + "\"*";
  if (run.characters.size() == 1) return "\"" + std::string(run.characters[0]) + "\"*";
  std::string out = "\"";
  for (std::size_t i = 0; i + 1 < run.characters.size(); ++i) {
    if (i > 0) out += ' ';
    out += pair_at(run, i);
  }
  return out + "\"";
}

}  // namespace

std::string index_tokens(std::string_view text) {
  std::string out;
  for (const Run& run : runs(text)) {
    if (!run.han) {
      append_word(out, joined(run));
      continue;
    }
    for (std::size_t i = 0; i + 1 < run.characters.size(); ++i) append_word(out, pair_at(run, i));
    append_word(out, run.characters.back());
  }
  return out;
}

std::vector<std::string> search_expressions(std::string_view text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size() && out.size() < kMaxSearchTerms) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    std::string expression;
    for (const Run& run : runs(text.substr(at, end - at))) {
      if (!expression.empty()) expression += " AND ";
      expression += phrase(run);
    }
    if (!expression.empty()) out.push_back(std::move(expression));
    at = end + 1;
  }
  return out;
}

}  // namespace chancery::readmodel
