#include "api/html/markup.h"

#include <algorithm>
#include <array>

namespace chancery::api::html {
namespace {

constexpr std::array<std::string_view, 5> kVoidElements = {"input", "meta", "link", "br", "hr"};

struct Drawing {
  std::string_view name;
  std::string_view path;
};
constexpr std::array<Drawing, 6> kDrawings = {{
    {"check", "M4 13l5 5L20 7"},
    {"pause", "M8 5v14M16 5v14"},
    {"cross", "M6 6l12 12M18 6L6 18"},
    {"clock", "M12 7v5l4 3M12 3a9 9 0 1 0 .01 0"},
    {"question", "M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.5v.01"},
    {"search", "M10.5 4a6.5 6.5 0 1 0 .01 0M15.5 15.5L21 21"},
}};

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) {
          out += "\xEF\xBF\xBD";
        } else {
          out.push_back(c);
        }
    }
  }
  return out;
}

Markup el(std::string_view tag, Attributes attributes, std::initializer_list<Markup> children) {
  Markup out;
  std::string& html = out.html_;
  html.append("<").append(tag);
  for (const auto& [name, value] : attributes) {
    if (value.data() == nullptr) continue;
    html.append(" ").append(name).append("=\"").append(escape(value)).append("\"");
  }
  html.append(">");
  if (std::find(kVoidElements.begin(), kVoidElements.end(), tag) != kVoidElements.end()) return out;
  for (const Markup& child : children) html.append(child.html_);
  html.append("</").append(tag).append(">");
  return out;
}

Markup symbol(std::string_view name) {
  const auto* drawing =
      std::find_if(kDrawings.begin(), kDrawings.end(), [&](const Drawing& each) { return each.name == name; });
  Markup out;
  if (drawing == kDrawings.end()) return out;
  out.html_ = "<svg class=\"symbol\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><path d=\"";
  out.html_ += drawing->path;
  out.html_ += "\"/></svg>";
  return out;
}

Markup link(std::string_view href, Markup text) {
  const bool own = href.starts_with('#') || (href.starts_with('/') && !href.starts_with("//"));
  if (!own && !href.starts_with("https://") && !href.starts_with("http://")) return text;
  return el("a", {{"href", href}}, {std::move(text)});
}

Markup join(const std::vector<Markup>& parts, const Markup& separator) {
  Markup out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

}  // namespace chancery::api::html
