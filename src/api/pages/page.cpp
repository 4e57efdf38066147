#include "api/pages/page.h"

#include "api/handlers.h"
#include "api/time_text.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

/// The same address in the other language.
std::string in_other_language(const http::Request& request, Language language) {
  const std::string_view other = language == Language::kZhCn ? "en" : "zh";
  std::string out = request.method == "POST" || request.path().empty() ? "/verify" : request.path();
  out += "?lang=" + std::string(other);
  for (const auto& [name, value] : request.target.query) {
    if (name != "lang") out += "&" + percent_encode(name) + "=" + percent_encode(value);
  }
  return out;
}

Markup masthead(const http::Request& request, const Words& words) {
  const bool zh = words.chinese();
  // A choice that was made in the address stays with the links.
  const std::string suffix = request.query("lang") ? (zh ? "?lang=zh" : "?lang=en") : "";
  return el("header", {{"class", "masthead"}},
            {el("div", {{"class", "inner"}},
                {el("a", {{"class", "brand"}, {"href", "/" + suffix}}, {words(Text::kSiteName)}),
                 el("nav", {{"aria-label", words(Text::kNavigation)}},
                    {html::link("/verify" + suffix, words(Text::kVerify)),
                     html::link("/proposals" + suffix, words(Text::kProposals)),
                     html::link("/docs" + suffix, words(Text::kDocs)),
                     el("a",
                        {{"href", in_other_language(request, words.language())},
                         {"lang", zh ? "en" : "zh-CN"},
                         {"hreflang", zh ? "en" : "zh-CN"}},
                        {words(Text::kOtherLanguage)})})})});
}

Markup footer(const Words& words, const Page& page) {
  std::vector<Markup> parts = {el("p", {words(Text::kFooterGenuine)})};
  if (!page.json_twin.empty()) {
    parts.push_back(el("p", {html::link(page.json_twin, words(Text::kFooterMachine))}));
  }
  return el("footer", {el("div", {{"class", "inner"}}, {html::join(parts)})});
}

}  // namespace

http::Response render(const http::Request& request, const Page& page, int status) {
  const Words words(request);
  const std::string title =
      page.title == words(Text::kSiteName) ? page.title : page.title + " · " + words(Text::kSiteName);
  const Markup head =
      el("head", {el("meta", {{"charset", "utf-8"}}),
                  el("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}),
                  el("meta", {{"name", "color-scheme"}, {"content", "light dark"}}), el("title", {title}),
                  el("link", {{"rel", "icon"}, {"href", "/static/icon.svg"}, {"type", "image/svg+xml"}}),
                  el("link", {{"rel", "stylesheet"}, {"href", "/static/site.css"}})});
  const Markup body =
      el("body",
         {el("a", {{"class", "skip"}, {"href", "#content"}}, {words(Text::kSkipToContent)}), masthead(request, words),
          el("main", {{"id", "content"}, {"class", page.wide ? "inner wide" : "inner"}}, {page.body}),
          footer(words, page)});
  const std::string_view language = words.chinese() ? "zh-CN" : "en";
  http::Response response(status, "text/html; charset=utf-8",
                          "<!DOCTYPE html>\n" + el("html", {{"lang", language}}, {head, body}).str() + "\n");
  response.set("Content-Language", language);
  return response;
}

std::string Words::operator()(Text key, const std::vector<std::string>& values) const {
  std::string out;
  std::string_view rest = text(key, language_);
  for (const auto& value : values) {
    const std::size_t hole = rest.find("{}");
    out += rest.substr(0, hole);
    if (hole == std::string_view::npos) return out;
    out += value;
    rest.remove_prefix(hole + 2);
  }
  return out += rest;
}

std::string Words::time(std::int64_t time_ms) const {
  return time_for_people(time_ms, language_);
}
std::string Words::day(std::int64_t time_ms) const {
  return day_for_people(time_ms, language_);
}

Markup facts(const std::vector<Fact>& list) {
  std::vector<Markup> rows;
  for (const auto& fact : list) {
    if (fact.value.empty()) continue;
    rows.push_back(el("div", {el("dt", {fact.label}), el("dd", {fact.value})}));
  }
  return el("dl", {{"class", "facts"}}, {html::join(rows)});
}

Markup table(std::string_view caption, const std::vector<std::string>& columns,
             const std::vector<std::vector<Markup>>& rows) {
  std::vector<Markup> heads;
  for (const auto& column : columns) heads.push_back(el("th", {{"scope", "col"}}, {column}));
  std::vector<Markup> lines;
  for (const auto& row : rows) {
    std::vector<Markup> cells;
    for (const auto& cell : row) {
      cells.push_back(cells.empty() ? el("th", {{"scope", "row"}}, {cell}) : el("td", {cell}));
    }
    lines.push_back(el("tr", {html::join(cells)}));
  }
  return el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", caption}},
            {el("table", {el("caption", {caption}), el("thead", {el("tr", {html::join(heads)})}),
                          el("tbody", {html::join(lines)})})});
}

Markup code(std::string_view value) {
  return value.empty() ? Markup() : el("code", {value});
}

Markup block_link(std::uint64_t height) {
  if (height == 0) return {};
  return html::link("/block/" + std::to_string(height), std::to_string(height));
}

Markup organisation_link(std::string_view id, std::string_view name) {
  if (id.empty()) return {};
  return id.front() == '@' ? Markup(id) : html::link(path_to("/organisation/", id), name.empty() ? id : name);
}

Markup verdict_box(std::string_view kind, std::string_view word, std::vector<Markup> lines) {
  const std::string_view drawing = kind == "valid"                             ? "check"
                                   : kind == "suspended"                       ? "pause"
                                   : kind == "revoked"                         ? "cross"
                                   : kind == "expired" || kind == "superseded" ? "clock"
                                   : kind == "not_yet_valid"                   ? "clock"
                                                                               : "question";
  for (auto& line : lines) line = el("p", {line});
  return el("section", {{"class", "verdict " + std::string(kind)}},
            {el("h1", {html::symbol(drawing), el("span", {word})}), html::join(lines)});
}

Markup step_list(const Words& words, const ledger::Verification& verification) {
  std::vector<Markup> items;
  for (const auto& step : verification.steps) {
    items.push_back(el("li", {{"class", step.ok ? "ok" : "bad"}},
                       {html::symbol(step.ok ? "check" : "cross"),
                        el("span", {el("strong", {words(step.ok ? Text::kStepHolds : Text::kStepFails)}), " ",
                                    words.choose(step.text_zh, step.text_en)})}));
  }
  return el("ol", {{"class", "steps"}}, {html::join(items)});
}

Markup search_form(const Words& words, std::string_view query) {
  return el("form", {{"action", "/search"}, {"method", "get"}, {"role", "search"}, {"class", "search"}},
            {el("label", {{"for", "q"}}, {words(Text::kSearchLabel)}),
             el("div", {{"class", "row"}},
                {el("input", {{"id", "q"},
                              {"name", "q"},
                              {"type", "search"},
                              {"value", query},
                              {"maxlength", "500"},
                              {"autocomplete", "off"},
                              {"aria-describedby", "q-hint"}}),
                 el("button", {{"type", "submit"}}, {html::symbol("search"), words(Text::kSearchButton)})}),
             el("p", {{"id", "q-hint"}, {"class", "hint"}}, {words(Text::kSearchHint)})});
}

}  // namespace chancery::api
