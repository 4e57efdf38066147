#pragma once
// The values of a rule. There are no doubles: every replica must compute the same bits, and amounts are whole fen.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace chancery::packs::rules {

/// Whole seconds since 1970-01-01T00:00:00Z, years 1 to 9999.
struct Timestamp {
  std::int64_t seconds;
  auto operator<=>(const Timestamp&) const = default;
};

struct Value;
using List = std::vector<Value>;
using Map = std::vector<std::pair<Value, Value>>;  ///< In the order of the text; keys are bool, integer or string.

/// In the order of what Value holds; kAny is what a check before evaluation cannot know.
enum class Kind : std::uint8_t { kNull, kBool, kInt, kString, kTimestamp, kList, kMap, kAny };
/// "int"; the same word in rules, packs and messages.
std::string_view kind_name(Kind kind);

struct Value {
  std::variant<std::monostate, bool, std::int64_t, std::string, Timestamp, std::shared_ptr<const List>,
               std::shared_ptr<const Map>>
      held;

  template <class T>
  const T* get() const {
    return std::get_if<T>(&held);
  }
  const List* list() const {
    const auto* at = std::get_if<std::shared_ptr<const List>>(&held);
    return at == nullptr ? nullptr : at->get();
  }
  const Map* map() const {
    const auto* at = std::get_if<std::shared_ptr<const Map>>(&held);
    return at == nullptr ? nullptr : at->get();
  }
  bool is(bool wanted) const {
    const bool* at = std::get_if<bool>(&held);
    return at != nullptr && *at == wanted;
  }
  Kind kind() const { return static_cast<Kind>(held.index()); }
};

inline Value make_list(List items) {
  return {std::make_shared<const List>(std::move(items))};
}
inline Value make_map(Map entries) {
  return {std::make_shared<const Map>(std::move(entries))};
}

/// For people: strings in quotes, moments in RFC 3339, everything cut after about 200 bytes with an ellipsis.
std::string to_text(const Value& value);

}  // namespace chancery::packs::rules
