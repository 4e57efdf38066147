// Where the `type` of every problem leads.

#include "api/pages/page.h"
#include "api/pages/pages.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

const std::vector<Reason>& all_reasons() {
  static const std::vector<Reason> kAll = {
#define REASON(name, wire, http, zh, en, zh_remedy, en_remedy) Reason::name,
#include "base/reason_codes.def"
#undef REASON
  };
  return kAll;
}

}  // namespace

Answer problems_page(Api&, const http::Request& request) {
  const Words words(request);
  std::vector<std::vector<Markup>> rows;
  for (const Reason reason : all_reasons()) {
    const ReasonText& entry = reason_text(reason);
    rows.push_back({html::link("/problems/" + std::string(entry.wire_name), code(entry.wire_name)),
                    std::to_string(entry.http_status), entry.title(words.language()), entry.remedy(words.language())});
  }
  Page page;
  page.title = words(Text::kProblemsTitle);
  page.wide = true;
  page.body = el("h1", {page.title});
  page.body += el("p", {{"class", "lead"}}, {words(Text::kProblemsLead)});
  page.body += table(words(Text::kProblemsTitle),
                     {words(Text::kCode), words(Text::kHttpStatus), words(Text::kMeaning), words(Text::kRemedy)}, rows);
  return render(request, page);
}

Answer problem_page(Api&, const http::Request& request) {
  const auto reason = reason_from_wire_name(request.parameters.at(0));
  if (!reason) return fail(Reason::kNotFound, "There is no such problem code.", "没有这个错误代码。");
  const Words words(request);
  const ReasonText& entry = reason_text(*reason);
  Page page;
  page.title = std::string(entry.title(words.language()));
  page.body = el("h1", {page.title});
  page.body += facts({{words(Text::kCode), code(entry.wire_name)},
                      {words(Text::kHttpStatus), std::to_string(entry.http_status)},
                      {words(Text::kRemedy), entry.remedy(words.language())}});
  page.body += el("p", {html::link("/problems", words(Text::kProblemsTitle))});
  return render(request, page);
}

}  // namespace chancery::api
