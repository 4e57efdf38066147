// The timestamp service of RFC 3161 section 3.4, for any client of that protocol.

#include "api/handlers.h"
#include "api/routes/routes.h"

namespace chancery::api {

namespace {

constexpr std::size_t kRequestLimitBytes = 4096;

Answer stamp(Api& api, const http::Request& request) {
  if (request.media_type() != "application/timestamp-query") {
    return fail(Reason::kUnsupportedMediaType, "Send a TimeStampReq as application/timestamp-query.",
                "请以 application/timestamp-query 提交时间戳请求。");
  }
  // A refusal is an answer of the protocol, with its reason inside; HTTP has carried it well.
  ASSIGN_OR_RETURN(const Bytes answer, api.services.timestamps().answer(as_bytes(request.body)));
  http::Response response(200, "application/timestamp-reply", std::string(as_text(BytesView(answer))));
  response.set("Cache-Control", "no-store");
  return response;
}

Answer roots(Api& api, const http::Request&) {
  return http::Response(200, "application/x-pem-file", api.services.timestamps().roots_pem());
}

}  // namespace

void add_timestamp_routes(http::Router& router, Api& api) {
  router.add(
      {.method = "POST", .pattern = "/tsa", .handler = patient(api, stamp), .body_limit_bytes = kRequestLimitBytes});
  router.add({.method = "GET", .pattern = "/tsa/roots.pem", .handler = plain(api, roots)});
}

}  // namespace chancery::api
