#pragma once
// HTML that is safe by construction: text becomes Markup only by being escaped, elements only through el().

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery::api::html {

/// & < > " ' and nothing else; control characters except line breaks and tabs become U+FFFD.
std::string escape(std::string_view text);

/// A piece of finished HTML. Text converts to it by escaping.
class Markup {
 public:
  Markup() = default;
  Markup(std::string_view text) : html_(escape(text)) {}    // NOLINT(google-explicit-constructor)
  Markup(const std::string& text) : html_(escape(text)) {}  // NOLINT(google-explicit-constructor)
  Markup(const char* text) : html_(escape(text)) {}         // NOLINT(google-explicit-constructor)

  const std::string& str() const { return html_; }
  bool empty() const { return html_.empty(); }
  Markup& operator+=(const Markup& more) {
    html_ += more.html_;
    return *this;
  }

 private:
  friend Markup el(std::string_view, std::initializer_list<std::pair<std::string_view, std::string_view>>,
                   std::initializer_list<Markup>);
  friend Markup symbol(std::string_view);
  std::string html_;
};

using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// <tag a="b">children</tag>; void elements (input, meta, link, br, hr) get no end. Tags and attribute names are ours;
/// values are escaped. An attribute whose value has a null data pointer is left out (see `unless`).
Markup el(std::string_view tag, Attributes attributes, std::initializer_list<Markup> children = {});
inline Markup el(std::string_view tag, std::initializer_list<Markup> children) {
  return el(tag, {}, children);
}

/// An inline SVG of our own: "check", "pause", "cross", "clock", "question", "search". Hidden from screen readers.
Markup symbol(std::string_view name);

/// A link; only addresses of this site or http(s) ones become links, anything else stays text.
Markup link(std::string_view href, Markup text);

Markup join(const std::vector<Markup>& parts, const Markup& separator = {});

}  // namespace chancery::api::html
