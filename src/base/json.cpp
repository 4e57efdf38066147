#include "base/json.h"

#include <fmt/format.h>

#include <cstring>
#include <iterator>
#include <limits>
#include <optional>
#include <vector>

namespace chancery {

namespace {

constexpr std::int64_t kMaxInteroperableInteger = (std::int64_t{1} << 53) - 1;

/// Walks the text and leaves behind how far the lexer has read, which SAX events do not say.
class TrackedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TrackedIterator(const char* at, const char** read_until) : at_(at), read_until_(read_until) {}
  reference operator*() const { return *at_; }
  TrackedIterator& operator++() {
    *read_until_ = ++at_;
    return *this;
  }
  TrackedIterator operator++(int) {
    TrackedIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const TrackedIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  const char** read_until_;
};

/// "line 3, column 7" of the last byte before `end`.
std::string position(std::string_view text, std::size_t end) {
  std::size_t line = 1;
  std::size_t column = 1;
  const std::string_view before = text.substr(0, end == 0 ? 0 : std::min(end, text.size() + 1) - 1);
  for (const char c : before) {
    if (c == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++column;
    }
  }
  return fmt::format("line {}, column {}", line, column);
}

/// Builds the value. nlohmann's own builder lets the last of two equal member names win and nests without limit.
class StrictBuilder final : public nlohmann::json_sax<Json> {
 public:
  explicit StrictBuilder(const JsonLimits& limits) : limits_(limits) {}

  Json take() { return std::move(root_); }
  Reason reason() const { return reason_; }
  const std::string& refusal() const { return refusal_; }
  /// Set when the library's lexer or grammar refused; 1 is the first byte.
  std::optional<std::size_t> refused_at_byte() const { return refused_at_byte_; }

  bool null() override { return place(nullptr) != nullptr; }
  bool boolean(bool value) override { return place(value) != nullptr; }
  bool number_integer(number_integer_t value) override {
    if (limits_.interoperable_numbers && value < -kMaxInteroperableInteger) return refuse_large_integer();
    return place(value) != nullptr;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (limits_.interoperable_numbers && value > static_cast<std::uint64_t>(kMaxInteroperableInteger)) {
      return refuse_large_integer();
    }
    return place(value) != nullptr;
  }
  bool number_float(number_float_t value, const string_t& literal) override {
    if (literal.find_first_of(".eE") == std::string::npos) return refuse_large_integer();
    return place(value) != nullptr;
  }
  bool string(string_t& value) override { return place(std::move(value)) != nullptr; }
  bool binary(binary_t&) override { return refuse(Reason::kMalformed, "binary data is not JSON"); }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    const auto [member, added] = open_.back()->get_ref<Json::object_t&>().try_emplace(std::move(name));
    if (!added) return refuse(Reason::kMalformed, "a member name occurs twice in one object");
    member_ = &member->second;
    return true;
  }

  bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception& error) override {
    refused_at_byte_ = byte;
    // 406 is a number beyond the range of a double. The library's sentence ends with the text it read: cut that off.
    std::string sentence = "a number is out of range";
    if (error.id != 406) {
      sentence = error.what();
      sentence.erase(std::min(sentence.find("; last read:"), sentence.size()));
      const std::size_t start = sentence.find(": ");
      if (start != std::string::npos) sentence.erase(0, start + 2);
    }
    return refuse(Reason::kMalformed, std::move(sentence));
  }

 private:
  template <class T>
  Json* place(T&& value) {
    if (open_.empty()) {
      root_ = std::forward<T>(value);
      return &root_;
    }
    if (open_.back()->is_array()) {
      auto& items = open_.back()->get_ref<Json::array_t&>();
      items.emplace_back(std::forward<T>(value));
      return &items.back();
    }
    *member_ = std::forward<T>(value);
    return member_;
  }

  bool open(Json container) {
    if (open_.size() >= limits_.max_depth) {
      return refuse(Reason::kTooLarge, fmt::format("nested deeper than {} levels", limits_.max_depth));
    }
    open_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  bool refuse_large_integer() {
    return refuse(Reason::kMalformed, limits_.interoperable_numbers ? "an integer needs more than 53 bits"
                                                                    : "an integer needs more than 64 bits");
  }
  bool refuse(Reason reason, std::string sentence) {
    reason_ = reason;
    refusal_ = std::move(sentence);
    return false;
  }

  JsonLimits limits_;
  Json root_;
  // The open containers. An array may move its items while it grows, but only when its last, open item is closed.
  std::vector<Json*> open_;
  Json* member_ = nullptr;
  Reason reason_ = Reason::kMalformed;
  std::string refusal_;
  std::optional<std::size_t> refused_at_byte_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.max_bytes) {
    return fail(Reason::kTooLarge, fmt::format("the JSON text has {} bytes, {} more than the limit of {}", text.size(),
                                               text.size() - limits.max_bytes, limits.max_bytes));
  }
  // The library takes a NUL byte for the end of the text, and skips a byte order mark.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return fail(Reason::kMalformed, position(text, nul + 1) + ": a NUL byte");
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return fail(Reason::kMalformed, "line 1, column 1: a byte order mark");
  }
  StrictBuilder builder(limits);
  const char* read_until = text.data();
  const TrackedIterator begin(text.data(), &read_until);
  const TrackedIterator end(text.data() + text.size(), &read_until);
  try {
    if (Json::sax_parse(begin, end, &builder)) return builder.take();
  } catch (const std::exception&) {
    return fail(Reason::kMalformed, "the JSON text could not be read");
  }
  const std::size_t at = builder.refused_at_byte().value_or(static_cast<std::size_t>(read_until - text.data()));
  return fail(builder.reason(), position(text, at) + ": " + builder.refusal());
}

std::string json_pointer_append(std::string_view pointer, std::string_view token) {
  std::string out(pointer);
  out.push_back('/');
  for (const char c : token) {
    if (c == '~') {
      out.append("~0");
    } else if (c == '/') {
      out.append("~1");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace chancery
