// Verification on the server, for those who have no verifier of their own. `chancery verify` does the same offline.

#include "api/handlers.h"
#include "api/routes/routes.h"
#include "api/verification.h"
#include "api/views.h"

namespace chancery::api {

namespace {

Answer verify(Api& api, const http::Request& request) {
  const std::string type = request.media_type();
  if (type != "application/json" && type != "application/cbor" && type != "application/octet-stream") {
    return fail(Reason::kUnsupportedMediaType, "Send the receipt as application/json or application/cbor.",
                "请以 application/json 或 application/cbor 提交凭证。");
  }
  const auto verification = verify_presented(api, as_bytes(request.body));
  // What is no receipt at all is a wrong request; a receipt that does not hold is an answer.
  const auto& steps = verification.steps;
  if (verification.failure && (steps.empty() || (steps.size() == 1 && steps.front().name == "structure"))) {
    return fail(*verification.failure, steps.empty() ? "This is not a receipt." : steps.back().text_en,
                steps.empty() ? "这不是凭证。" : steps.back().text_zh);
  }
  http::Response response = json_response(view_of(verification, http::language_of(request)));
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_verify_routes(http::Router& router, Api& api) {
  router.add({.method = "POST",
              .pattern = "/v1/verify",
              .handler = patient(api, verify),
              .body_limit_bytes = ledger::kReceiptLimitBytes});
}

}  // namespace chancery::api
