#include "packs/rules/value.h"

#include <fmt/format.h>

#include <array>

#include "packs/rules/moments.h"

namespace chancery::packs::rules {

namespace {

constexpr std::size_t kMaxText_bytes = 200;

void append_text(std::string& out, const Value& value) {
  if (out.size() > kMaxText_bytes) return;
  if (const List* list = value.list()) {
    out += '[';
    for (const Value& item : *list) {
      if (out.size() > kMaxText_bytes) break;
      if (&item != list->data()) out += ", ";
      append_text(out, item);
    }
    out += ']';
  } else if (const Map* map = value.map()) {
    out += '{';
    for (const auto& entry : *map) {
      if (out.size() > kMaxText_bytes) break;
      if (&entry != map->data()) out += ", ";
      append_text(out, entry.first);
      out += ": ";
      append_text(out, entry.second);
    }
    out += '}';
  } else if (const auto* text = value.get<std::string>()) {
    out += fmt::format("\"{}\"", *text);
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

std::string_view Value::type_name() const {
  constexpr std::array<std::string_view, 7> kNames = {"null", "bool", "int", "string", "timestamp", "list", "map"};
  return kNames.at(held.index());
}

std::string to_text(const Value& value) {
  std::string out;
  append_text(out, value);
  return out;
}

}  // namespace chancery::packs::rules
