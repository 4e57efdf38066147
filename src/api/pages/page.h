#pragma once
// The frame of every page, and the few building blocks that pages share.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/api.h"
#include "api/html/markup.h"
#include "api/http/response.h"
#include "api/texts.h"

namespace chancery::api {

struct Page {
  std::string title;
  html::Markup body;
  std::string json_twin;  ///< address of the same in JSON; empty when there is none
  bool wide = false;
};

/// A whole HTML document in the request's language. No script, one stylesheet from this site.
http::Response render(const http::Request& request, const Page& page, int status = 200);

/// The words of one language, with "{}" filled in order.
class Words {
 public:
  explicit Words(const http::Request& request) : language_(http::language_of(request)) {}
  explicit Words(Language language) : language_(language) {}
  Language language() const { return language_; }
  bool chinese() const { return language_ == Language::kZhCn; }
  std::string operator()(Text key) const { return std::string(text(key, language_)); }
  std::string operator()(Text key, const std::vector<std::string>& values) const;
  const std::string& choose(const std::string& zh, const std::string& en) const {
    return chinese() || en.empty() ? zh : en;
  }
  std::string time(std::int64_t time_ms) const;
  std::string day(std::int64_t time_ms) const;

 private:
  Language language_;
};

struct Fact {
  std::string label;
  html::Markup value;
};
/// A description list; facts without a value are left out.
html::Markup facts(const std::vector<Fact>& list);

/// A table with a caption and column headers; the first column heads its row.
html::Markup table(std::string_view caption, const std::vector<std::string>& columns,
                   const std::vector<std::vector<html::Markup>>& rows);

/// A hash or an identifier, which may break anywhere.
html::Markup code(std::string_view value);
html::Markup block_link(std::uint64_t height);
html::Markup organisation_link(std::string_view id, std::string_view name);

/// One big word with symbol and colour. `kind`: valid, suspended, revoked, expired, unknown.
html::Markup verdict_box(std::string_view kind, std::string_view word, std::vector<html::Markup> lines);

/// The steps of a verification as a list of words with marks.
html::Markup step_list(const Words& words, const ledger::Verification& verification);

/// The search form, with what was searched for.
html::Markup search_form(const Words& words, std::string_view query);

}  // namespace chancery::api
