#include "packs/rules/lexer.h"

#include <algorithm>
#include <array>
#include <optional>

namespace chancery::packs::rules {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::optional<std::uint32_t> hex_digit(char c) {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

class Lexer {
 public:
  explicit Lexer(std::string_view rule) : in_(rule) {}

  Result<std::vector<Token>> run() {
    for (skip_space(); at_ < in_.size(); skip_space()) TRY(token());
    out_.push_back({TokenKind::kEnd, "", at_, at_});
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0'; }

  Status refuse(std::string_view why_en, std::string_view why_zh, Reason reason = Reason::kMalformed) const {
    return refuse_at(in_, at_, reason, why_en, why_zh);
  }

  void skip_space() {
    while (at_ < in_.size()) {
      if (std::string_view(" \t\r\n\f").find(in_[at_]) != std::string_view::npos) {
        ++at_;
      } else if (in_.substr(at_, 2) == "//") {
        at_ = std::min(in_.find('\n', at_), in_.size());
      } else {
        return;
      }
    }
  }

  Status token() {
    const std::size_t begin = at_;
    const char c = peek();
    if (is_digit(c)) return number();
    if (c == '"' || c == '\'') return string(false);
    if ((c == 'r' || c == 'R') && (peek(1) == '"' || peek(1) == '\'')) {
      ++at_;
      return string(true);
    }
    if ((c == 'b' || c == 'B') && (peek(1) == '"' || peek(1) == '\'')) {
      return refuse("bytes are not part of the rule language", "规则语言不含字节串", Reason::kUnsupported);
    }
    if (is_name_start(c)) {
      while (is_name_start(peek()) || is_digit(peek())) ++at_;
      out_.push_back({TokenKind::kName, std::string(in_.substr(begin, at_ - begin)), begin, at_});
      return {};
    }
    constexpr std::array<std::string_view, 6> kPairs = {"&&", "||", "==", "!=", "<=", ">="};
    const bool pair = std::ranges::find(kPairs, in_.substr(at_, 2)) != kPairs.end();
    if (!pair && std::string_view("()[]{}.,:?+-*/%<>!").find(c) == std::string_view::npos) {
      return refuse("a character that no rule has outside strings", "规则在字符串之外没有这个字符");
    }
    at_ += pair ? 2 : 1;
    out_.push_back({TokenKind::kSign, std::string(in_.substr(begin, at_ - begin)), begin, at_});
    return {};
  }

  Status number() {
    const std::size_t begin = at_;
    const bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
    if (hex) at_ += 2;
    while (is_digit(peek()) || (hex && hex_digit(peek()))) ++at_;
    if ((peek() == '.' && is_digit(peek(1))) || peek() == 'e' || peek() == 'E') {
      at_ = begin;
      return refuse("doubles are not part of the rule language", "规则语言不含浮点数", Reason::kUnsupported);
    }
    if (peek() == 'u' || peek() == 'U') {
      at_ = begin;
      return refuse("unsigned integers are not part of the rule language", "规则语言不含无符号整数",
                    Reason::kUnsupported);
    }
    if (is_name_start(peek())) return refuse("a letter directly after a number", "数字后面紧跟字母");
    out_.push_back({TokenKind::kInteger, std::string(in_.substr(begin, at_ - begin)), begin, at_});
    return {};
  }

  Status string(bool raw) {
    const std::size_t begin = at_;
    const std::string one(1, peek());
    const std::string three(3, peek());
    const bool tripled = in_.substr(at_, 3) == three;
    const std::string& quote = tripled ? three : one;
    std::string text;
    for (at_ += quote.size(); in_.substr(at_, quote.size()) != quote;) {
      if (at_ >= in_.size() || (!tripled && (peek() == '\n' || peek() == '\r'))) {
        at_ = begin;
        return refuse("a string without its end", "字符串没有结束");
      }
      if (peek() == '\\' && !raw) {
        TRY(escape(text));
      } else {
        text += in_[at_++];
      }
    }
    at_ += quote.size();
    out_.push_back({TokenKind::kString, std::move(text), begin, at_});
    return {};
  }

  Status escape(std::string& text) {
    constexpr std::string_view kLetters = "abfnrtv\\'\"`?";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\'\"`?";
    const char letter = peek(1);
    if (const std::size_t found = kLetters.find(letter); letter != '\0' && found != std::string_view::npos) {
      text += kMeanings[found];
      at_ += 2;
      return {};
    }
    if (letter >= '0' && letter <= '3') {
      std::uint32_t octal = 0;
      for (std::size_t i = 1; i <= 3; ++i) {
        if (peek(i) < '0' || peek(i) > '7')
          return refuse("an escape with too few octal digits", "转义的八进制数字不足");
        octal = octal * 8 + static_cast<std::uint32_t>(peek(i) - '0');
      }
      append_utf8(text, octal);
      at_ += 4;
      return {};
    }
    const std::size_t count = letter == 'u' ? 4 : letter == 'U' ? 8 : letter == 'x' || letter == 'X' ? 2 : 0;
    if (count == 0) return refuse("an escape that strings do not have", "字符串没有这种转义");
    std::uint32_t code_point = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::optional<std::uint32_t> digit = hex_digit(peek(2 + i));
      if (!digit) return refuse("an escape with too few hexadecimal digits", "转义的十六进制数字不足");
      code_point = code_point << 4U | *digit;
    }
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
      return refuse("an escape that is no code point", "转义不是有效的码位");
    }
    append_utf8(text, code_point);
    at_ += 2 + count;
    return {};
  }

  static void append_utf8(std::string& out, std::uint32_t c) {
    const auto tail = [c](unsigned shift) { return static_cast<char>(0x80U | (c >> shift & 0x3FU)); };
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += {static_cast<char>(0xC0U | c >> 6U), tail(0)};
    } else if (c < 0x10000) {
      out += {static_cast<char>(0xE0U | c >> 12U), tail(6), tail(0)};
    } else {
      out += {static_cast<char>(0xF0U | c >> 18U), tail(12), tail(6), tail(0)};
    }
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::vector<Token> out_;
};

}  // namespace

Result<std::vector<Token>> read_tokens(std::string_view rule) {
  return Lexer(rule).run();
}

}  // namespace chancery::packs::rules
