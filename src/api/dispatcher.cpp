#include "api/dispatcher.h"

#include "api/pages/error_page.h"
#include "api/problem.h"
#include "api/routes/routes.h"
#include "base/log.h"

namespace chancery::api {
namespace {

/// Pages load nothing from elsewhere and run nothing; forms go nowhere else; nobody frames them.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

/// People get a page, programs a problem: decided by what they say they read.
bool wants_page(const http::Request& request) {
  const std::string_view accept = request.header("accept");
  return !request.path().starts_with("/v1/") && accept.find("text/html") != std::string_view::npos;
}

}  // namespace

RouteDispatcher::RouteDispatcher(Api& api) {
  add_operations_routes(router_, api);
  add_transaction_routes(router_, api);
  add_log_routes(router_, api);
  add_record_routes(router_, api);
  add_session_routes(router_, api);
  add_type_routes(router_, api);
  add_credential_routes(router_, api);
  add_evidence_routes(router_, api);
  add_batch_routes(router_, api);
  add_identity_routes(router_, api);
  add_governance_routes(router_, api);
  add_supervision_routes(router_, api);
  add_event_routes(router_, api);
  add_verify_routes(router_, api);
  add_timestamp_routes(router_, api);
  add_document_routes(router_, api);
  add_page_routes(router_, api);
}

http::Dispatcher::Admission RouteDispatcher::admit(const http::Request& head) {
  auto match = router_.match(head.method, head.target.segments);
  Admission admission;
  if (match.route != nullptr) {
    admission.route = match.route;
    admission.parameters = std::move(match.parameters);
    return admission;
  }
  if (match.allow.empty()) {
    const Error error{Reason::kNotFound, "Nothing lives at this address; see /docs.", "此地址没有内容；接口见 /docs。"};
    admission.answer = std::make_unique<http::Response>(refuse(head, error, 404));
    return admission;
  }
  if (head.method == "OPTIONS") {
    admission.answer = std::make_unique<http::Response>();
    admission.answer->status = 204;
  } else {
    const Error error{Reason::kMethodNotAllowed, "This address takes " + match.allow + ".",
                      "此地址支持的方法：" + match.allow + "。"};
    admission.answer = std::make_unique<http::Response>(refuse(head, error, 405));
  }
  admission.answer->set("Allow", match.allow);
  return admission;
}

void RouteDispatcher::handle(const http::Route& route, std::shared_ptr<const http::Request> request,
                             http::Reply reply) {
  route.handler(request, reply);
}

http::Response RouteDispatcher::refuse(const http::Request& head, const Error& error, int status) {
  return wants_page(head) ? error_page(head, error, status) : problem(head, error, status);
}

void RouteDispatcher::finish(const http::Request& request, const http::Route* route, http::Response& response,
                             std::int64_t duration_us) {
  if (response.header("content-type").starts_with("text/html")) {
    response.set("Content-Security-Policy", kContentSecurityPolicy);
    response.add("Vary", "Accept-Language");
  }
  response.set("X-Content-Type-Options", "nosniff").set("Referrer-Policy", "no-referrer");
  if (response.header("cache-control").empty()) response.set("Cache-Control", "no-cache");
  if (!request.trace.trace_id.empty()) response.set("traceparent", request.trace.traceparent());
  const std::string_view pattern = route == nullptr ? std::string_view("-") : std::string_view(route->pattern);
  const std::string_view method = route == nullptr ? std::string_view("-") : std::string_view(request.method);
  count_request(method, pattern, response.status, duration_us);
  // The pattern, never the path or the query: those may name people.
  log(response.status >= 500 ? LogLevel::kError : LogLevel::kDebug, "http.request",
      {{"method", method},
       {"route", pattern},
       {"status", response.status},
       {"duration_us", duration_us},
       {"trace_id", request.trace.trace_id}});
}

}  // namespace chancery::api
