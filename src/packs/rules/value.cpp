#include "packs/rules/value.h"

#include <fmt/format.h>

#include <array>

#include "packs/rules/moments.h"

namespace chancery::packs::rules {

namespace {

constexpr std::size_t kMaxText_bytes = 200;

/// Cut between two characters.
std::string beginning_of(std::string_view text) {
  if (text.size() <= kMaxText_bytes) return std::string(text);
  std::size_t end = kMaxText_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

void append_text(std::string& out, const Value& value) {
  if (out.size() > kMaxText_bytes) return;
  if (const List* list = value.list()) {
    out += '[';
    for (const Value& item : *list) {
      if (out.size() > kMaxText_bytes) {
        out += ", …";
        break;
      }
      if (&item != list->data()) out += ", ";
      append_text(out, item);
    }
    out += ']';
  } else if (const Map* map = value.map()) {
    out += '{';
    for (const auto& entry : *map) {
      if (out.size() > kMaxText_bytes) {
        out += ", …";
        break;
      }
      if (&entry != map->data()) out += ", ";
      append_text(out, entry.first);
      out += ": ";
      append_text(out, entry.second);
    }
    out += '}';
  } else if (const auto* text = value.get<std::string>()) {
    out += fmt::format("\"{}\"", beginning_of(*text));
  } else if (const auto* number = value.get<std::int64_t>()) {
    out += fmt::format("{}", *number);
  } else if (const auto* truth = value.get<bool>()) {
    out += *truth ? "true" : "false";
  } else if (const auto* moment = value.get<Timestamp>()) {
    out += rfc3339(*moment);
  } else {
    out += "null";
  }
}

}  // namespace

std::string_view kind_name(Kind kind) {
  constexpr std::array<std::string_view, 8> kNames = {"null",      "bool", "int", "string",
                                                      "timestamp", "list", "map", "any"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string to_text(const Value& value) {
  std::string out;
  append_text(out, value);
  return out;
}

}  // namespace chancery::packs::rules
