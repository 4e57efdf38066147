#include "packs/forms/ecma_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "packs/forms/unicode_property.h"

namespace chancery::packs {

namespace {

constexpr int kMaxGroupDepth = 100;
constexpr std::uint32_t kMaxCodePoint = 0x10FFFF;
constexpr std::uint32_t kMaxRepetition = 1000;  // RE2's limit

// WhiteSpace and LineTerminator of ECMA-262 sections 12.2 and 12.3: what \s means.
constexpr std::string_view kSpaces =
    R"(\x{9}-\x{d}\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view kNotSpaces =
    R"(\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e})"
    R"(\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";
constexpr std::string_view kSyntaxCharacters = "^$\\.*+?()[]{}|/";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name_character(char c) {
  return is_alpha(c) || is_digit(c) || c == '_' || c == '$' || (c & 0x80) != 0;
}

std::string literal(std::uint32_t code_point) {
  return fmt::format("\\x{{{:x}}}", code_point);
}

class Translator {
 public:
  explicit Translator(std::string_view pattern) : in_(pattern) {}

  Result<TranslatedPattern> run() {
    if (alternatives(0) && at_ < in_.size()) refuse("an unmatched )");
    if (error_.empty() && references_name_ && names_.empty()) refuse("a reference to a group that does not exist");
    if (error_.empty() && highest_reference_ > groups_) refuse("a reference to a group that does not exist");
    if (!error_.empty()) {
      return fail(Reason::kMalformed, fmt::format("not a pattern of ECMA-262, byte {}: {}", at_, error_));
    }
    return TranslatedPattern{std::move(out_), std::move(unsupported_)};
  }

 private:
  bool refuse(std::string_view why) {
    if (error_.empty()) error_ = why;
    return false;
  }
  void not_supported(std::string_view what) {
    if (unsupported_.empty()) unsupported_ = what;
  }
  bool done() const { return at_ >= in_.size(); }
  bool next_is(std::string_view text) const { return in_.substr(at_).starts_with(text); }
  bool take(std::string_view text) {
    if (!next_is(text)) return false;
    at_ += text.size();
    return true;
  }

  /// The pattern is valid UTF-8.
  std::uint32_t take_code_point() {
    const auto lead = static_cast<std::uint8_t>(in_[at_++]);
    if (lead < 0x80) return lead;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    std::uint32_t value = lead & (0x3FU >> more);
    for (int i = 0; i < more; ++i) value = (value << 6) | (static_cast<std::uint8_t>(in_[at_++]) & 0x3FU);
    return value;
  }

  bool alternatives(int depth) {
    if (depth > kMaxGroupDepth) return refuse("groups nest too deep");
    while (!done() && !next_is(")")) {
      if (take("|")) {
        out_.push_back('|');
      } else if (!term(depth)) {
        return false;
      }
    }
    return true;
  }

  bool term(int depth) {
    if (take("^")) return emit("^");
    if (take("$")) return emit("$");
    if (take("\\b")) return emit("\\b");
    if (take("\\B")) return emit("\\B");
    for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!"}) {
      if (take(look)) {
        not_supported("look-ahead or look-behind");
        return alternatives(depth + 1) && (take(")") || refuse("a group is not closed"));
      }
    }
    return atom(depth) && quantifier();
  }

  bool emit(std::string_view text) {
    out_.append(text);
    return true;
  }

  bool atom(int depth) {
    if (take(".")) return emit(R"([^\n\r\x{2028}\x{2029}])");
    if (take("[")) return character_class();
    if (take("\\")) return atom_escape();
    if (take("(")) return group(depth);
    const char c = in_[at_];
    if (c == '*' || c == '+' || c == '?') return refuse("nothing to repeat");
    if (c == '{' || c == '}' || c == ']') return refuse("a lone brace or bracket");
    return emit(literal(take_code_point()));
  }

  bool group(int depth) {
    if (take("?<")) {
      const std::size_t start = at_;
      while (!done() && is_name_character(in_[at_])) ++at_;
      const std::string_view name = in_.substr(start, at_ - start);
      if (name.empty() || is_digit(name[0]) || !take(">")) return refuse("a group name");
      if (!names_.insert(name).second) return refuse("a group name occurs twice");
      ++groups_;
    } else if (next_is("?")) {
      if (!take("?:")) return refuse("an unknown kind of group");
    } else {
      ++groups_;
    }
    // Nobody asks for captures, so every group is one that does not capture.
    emit("(?:");
    if (!alternatives(depth + 1)) return false;
    if (!take(")")) return refuse("a group is not closed");
    return emit(")");
  }

  std::optional<std::uint32_t> number() {
    if (done() || !is_digit(in_[at_])) return std::nullopt;
    std::uint32_t value = 0;
    while (!done() && is_digit(in_[at_])) {
      value = std::min<std::uint32_t>(value * 10 + static_cast<std::uint32_t>(in_[at_++] - '0'), 1'000'000);
    }
    return value;
  }

  bool quantifier() {
    if (take("*")) {
      emit("*");
    } else if (take("+")) {
      emit("+");
    } else if (take("?")) {
      emit("?");
    } else if (take("{")) {
      const std::optional<std::uint32_t> least = number();
      if (!least) return refuse("a repetition count");
      std::optional<std::uint32_t> most = least;
      const bool has_comma = take(",");
      if (has_comma) most = number();
      if (!take("}")) return refuse("a repetition count");
      if (most && *most < *least) return refuse("repetition counts out of order");
      if (std::max(*least, most.value_or(0)) > kMaxRepetition) not_supported("a repetition count above 1,000");
      out_.append(has_comma ? (most ? fmt::format("{{{},{}}}", *least, *most) : fmt::format("{{{},}}", *least))
                            : fmt::format("{{{}}}", *least));
    } else {
      return true;
    }
    // Whether a match is the longest or the shortest does not matter for whether there is one.
    take("?");
    if (!done() && (in_[at_] == '*' || in_[at_] == '+' || in_[at_] == '?' || in_[at_] == '{')) {
      return refuse("nothing to repeat");
    }
    return true;
  }

  bool atom_escape() {
    if (done()) return refuse("a pattern ends in a backslash");
    if (in_[at_] >= '1' && in_[at_] <= '9') {
      highest_reference_ = std::max(highest_reference_, *number());
      not_supported("a back reference");
      return true;
    }
    if (take("k<")) {
      const std::size_t close = in_.find('>', at_);
      if (close == std::string_view::npos || close == at_) return refuse("a group name");
      at_ = close + 1;
      references_name_ = true;
      not_supported("a back reference");
      return true;
    }
    std::string set;
    if (class_escape(set)) return emit("[" + set + "]");
    if (!error_.empty()) return false;
    const std::optional<std::uint32_t> code_point = character_escape(false);
    return code_point && emit(literal(*code_point));
  }

  /// \d \D \s \S \w \W \p{} \P{} behind the backslash; `set` is for use inside brackets.
  bool class_escape(std::string& set) {
    if (take("d")) return set = "0-9", true;
    if (take("D")) return set = R"(\x{0}-\x{2f}\x{3a}-\x{10ffff})", true;
    if (take("w")) return set = "0-9A-Za-z_", true;
    if (take("W")) return set = R"(\x{0}-\x{2f}\x{3a}-\x{40}\x{5b}-\x{5e}\x{60}\x{7b}-\x{10ffff})", true;
    if (take("s")) return set = kSpaces, true;
    if (take("S")) return set = kNotSpaces, true;
    if (!next_is("p") && !next_is("P")) return false;
    const bool negated = in_[at_++] == 'P';
    const std::size_t close = in_.find('}', at_);
    if (!take("{") || close == std::string_view::npos) return refuse("a property without braces");
    const UnicodeProperty property = find_unicode_property(in_.substr(at_, close - at_));
    at_ = close + 1;
    if (!property.exists) return refuse("an unknown Unicode property");
    if (property.re2_name.empty()) not_supported("a Unicode property");
    set = fmt::format("\\{}{{{}}}", negated ? 'P' : 'p', property.re2_name);
    return true;
  }

  std::optional<std::uint32_t> hex(std::size_t digits) {
    if (at_ + digits > in_.size()) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = in_[at_ + i];
      if (!is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f')) return std::nullopt;
      value = value * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    at_ += digits;
    return value;
  }

  std::optional<std::uint32_t> unicode_escape() {
    if (take("{")) {
      const std::size_t close = in_.find('}', at_);
      if (close == std::string_view::npos || close == at_ || close - at_ > 8) return std::nullopt;
      const std::optional<std::uint32_t> value = hex(close - at_);
      if (!value || *value > kMaxCodePoint) return std::nullopt;
      at_ = close + 1;
      return value;
    }
    const std::optional<std::uint32_t> high = hex(4);
    if (!high || *high < 0xD800 || *high > 0xDBFF) return high;
    const std::size_t before = at_;
    if (take("\\u")) {
      const std::optional<std::uint32_t> low = hex(4);
      if (low && *low >= 0xDC00 && *low <= 0xDFFF) return 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00);
    }
    at_ = before;
    return high;
  }

  std::optional<std::uint32_t> character_escape(bool in_class) {
    const auto wrong = [this]() -> std::optional<std::uint32_t> {
      refuse("an escape that Unicode mode does not have");
      return std::nullopt;
    };
    if (done()) return wrong();
    constexpr std::pair<char, std::uint32_t> kControls[] = {{'t', 9}, {'n', 10}, {'v', 11}, {'f', 12}, {'r', 13}};
    for (const auto& [letter, code_point] : kControls) {
      if (in_[at_] == letter) return ++at_, code_point;
    }
    if (take("c")) {
      if (done() || !is_alpha(in_[at_])) return wrong();
      return static_cast<std::uint32_t>(in_[at_++]) & 0x1FU;
    }
    if (take("0")) return !done() && is_digit(in_[at_]) ? wrong() : std::optional<std::uint32_t>(0);
    if (take("x")) {
      const std::optional<std::uint32_t> value = hex(2);
      return value ? value : wrong();
    }
    if (take("u")) {
      const std::optional<std::uint32_t> value = unicode_escape();
      return value ? value : wrong();
    }
    if (in_class && take("b")) return 8;
    if (in_class && take("-")) return '-';
    if (kSyntaxCharacters.find(in_[at_]) == std::string_view::npos) return wrong();
    return static_cast<std::uint32_t>(in_[at_++]);
  }

  bool character_class() {
    const bool negated = take("^");
    if (take("]")) return emit(negated ? R"([\x{0}-\x{10ffff}])" : R"([^\x{0}-\x{10ffff}])");
    emit(negated ? "[^" : "[");
    while (!done() && !next_is("]")) {
      std::string first_set;
      const std::optional<std::uint32_t> first = class_atom(first_set);
      if (!error_.empty()) return false;
      if (!next_is("-") || next_is("-]")) {
        emit(first ? literal(*first) : first_set);
        continue;
      }
      take("-");
      if (done()) break;
      std::string last_set;
      const std::optional<std::uint32_t> last = class_atom(last_set);
      if (!error_.empty()) return false;
      if (!first || !last) return refuse("a range between sets");
      if (*last < *first) return refuse("a range out of order");
      emit(literal(*first) + "-" + literal(*last));
    }
    return take("]") ? emit("]") : refuse("a character class is not closed");
  }

  /// One code point, or nullopt with `set` filled.
  std::optional<std::uint32_t> class_atom(std::string& set) {
    if (!take("\\")) return take_code_point();
    if (class_escape(set) || !error_.empty()) return std::nullopt;
    return character_escape(true);
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  std::string error_;
  std::string unsupported_;
  std::set<std::string_view> names_;
  std::uint32_t groups_ = 0;
  std::uint32_t highest_reference_ = 0;
  bool references_name_ = false;
};

}  // namespace

Result<TranslatedPattern> translate_ecma_pattern(std::string_view pattern) {
  if (!is_utf8(pattern)) return fail(Reason::kMalformed, "a pattern is not UTF-8");
  return Translator(pattern).run();
}

}  // namespace chancery::packs
