#include "api/pages/error_page.h"

#include "api/pages/page.h"
#include "api/problem.h"

namespace chancery::api {

using html::el;
using html::Markup;

http::Response error_page(const http::Request& request, const Error& error, int status) {
  const Words words(request);
  const ReasonText& reason = reason_text(error.reason);
  const int code_number = status == 0 ? reason.http_status : status;
  Page page;
  page.title = std::string(reason.title(words.language()));
  page.body = el("h1", {page.title});
  if (const std::string detail = detail_in(words.language(), error); !detail.empty()) {
    page.body += el("p", {{"class", "lead"}}, {detail});
  }
  page.body += el("p", {reason.remedy(words.language())});
  if (code_number == 404) page.body += search_form(words, "");
  page.body += facts({{words(Text::kCode), html::link("/problems/" + std::string(reason.wire_name), reason.wire_name)},
                      {words(Text::kTraceId), code(request.trace.trace_id)}});
  page.body += el("p", {html::link("/", words(Text::kBackHome))});
  return render(request, page, code_number);
}

}  // namespace chancery::api
