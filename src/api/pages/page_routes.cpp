#include <typeinfo>

#include "api/embedded.h"
#include "api/pages/error_page.h"
#include "api/pages/pages.h"
#include "api/routes/routes.h"
#include "base/log.h"

namespace chancery::api {
namespace {

constexpr std::string_view kIcon =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"6\" "
    "fill=\"#14506b\"/><path d=\"M9 8h14v16H9z\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2\"/><path d=\"M12 "
    "16l3 3 6-6\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2.5\"/></svg>\n";

http::Response unchanging(std::string_view content_type, std::string_view content) {
  http::Response response(200, content_type, std::string(content));
  response.set("Cache-Control", "public, max-age=3600");
  return response;
}

Answer stylesheet(Api&, const http::Request&) {
  return unchanging("text/css; charset=utf-8", site_css());
}
Answer icon(Api&, const http::Request&) {
  return unchanging("image/svg+xml", kIcon);
}
Answer robots(Api&, const http::Request&) {
  return unchanging("text/plain; charset=utf-8", "User-agent: *\nDisallow: /search\nDisallow: /v1/\n");
}
Answer receipt_redirect(Api&, const http::Request&) {
  return see_other("/verify");
}

}  // namespace

http::Handler page_handler(Api& api, PlainRoute route) {
  return [&api, route](const std::shared_ptr<const http::Request>& request, const http::Reply& reply) {
    const auto answer = [&api, route, request]() -> http::Response {
      try {
        Answer made = route(api, *request);
        return made ? std::move(*made) : error_page(*request, made.error());
      } catch (const std::exception& thrown) {
        log_error("http.exception", {{"kind", typeid(thrown).name()}, {"trace_id", request->trace.trace_id}});
        return error_page(*request, {Reason::kInternal, {}, {}});
      }
    };
    if (!api.workers.post([reply, answer] { reply.send(answer()); })) {
      reply.send(error_page(*request, {Reason::kOverloaded, {}, {}}));
    }
  };
}

std::optional<std::string> json_stem(const std::string& segment) {
  constexpr std::string_view kSuffix = ".json";
  if (!segment.ends_with(kSuffix) || segment.size() == kSuffix.size()) return std::nullopt;
  return segment.substr(0, segment.size() - kSuffix.size());
}

http::Response see_other(std::string_view address) {
  http::Response response;
  response.status = 303;
  response.set("Location", address);
  return response;
}

void add_page_routes(http::Router& router, Api& api) {
  const auto get = [&](std::string_view pattern, PlainRoute route) {
    router.add({.method = "GET", .pattern = std::string(pattern), .handler = page_handler(api, route)});
  };
  get("/", home_page);
  get("/search", search_page);
  get("/credential/{id}", credential_page);
  get("/evidence/{number}", evidence_page);
  get("/transaction/{id}", transaction_page);
  get("/block/{height}", block_page);
  get("/record/{contract}/{collection}/{key}", record_page);
  get("/organisation/{id}", organisation_page);
  get("/type/{id}", type_page);
  get("/proposals", proposals_page);
  get("/proposals/{number}", proposal_page);
  get("/verify", verify_form_page);
  get("/receipt", receipt_redirect);
  get("/docs", docs_page);
  get("/problems", problems_page);
  get("/problems/{code}", problem_page);
  router.add({.method = "POST",
              .pattern = "/verify",
              .handler = page_handler(api, verify_result_page),
              .body_limit_bytes = ledger::kReceiptLimitBytes + (64U << 10)});
  router.add({.method = "GET", .pattern = "/static/site.css", .handler = plain(api, stylesheet)});
  router.add({.method = "GET", .pattern = "/static/icon.svg", .handler = plain(api, icon)});
  router.add({.method = "GET", .pattern = "/favicon.ico", .handler = plain(api, icon)});
  router.add({.method = "GET", .pattern = "/robots.txt", .handler = plain(api, robots)});
}

}  // namespace chancery::api
