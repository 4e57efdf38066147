// Login of accounts whose keys this node keeps.

#include <fmt/format.h>

#include "api/handlers.h"
#include "api/routes/routes.h"
#include "api/time_text.h"

namespace chancery::api {
namespace {

std::string cookie(const Api& api, std::string_view token, std::int64_t life_ms) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", kSessionCookie, token, life_ms / 1000,
                     api.options.secure_cookies ? "; Secure" : "");
}

Json view_of_session(const node::Session& session) {
  return {{"account", session.account()},
          {"key_id", to_hex(crypto::key_id(session.key().public_key()))},
          {"algorithm", crypto::to_string(session.key().algorithm())},
          {"created_at", rfc3339(session.created_ms())},
          {"expires_at", rfc3339(session.expires_ms())},
          {"idle_timeout_ms", node::kSessionIdle_ms}};
}

Answer login(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const std::string account, reader.required_string("account", 64, 1));
  ASSIGN_OR_RETURN(const std::string passphrase, reader.required_string("passphrase", 1'024, 1));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto opened, api.services.sessions().login(account, passphrase));
  Json view = view_of_session(*opened.session);
  view["token"] = opened.token;
  http::Response response = json_response(view, 201);
  response.set("Cache-Control", "no-store").set("Location", "/v1/session");
  response.add("Set-Cookie", cookie(api, opened.token, node::kSessionLife_ms));
  return response;
}

Answer show(Api&, const http::Request&, const node::Session& session) {
  http::Response response = json_response(view_of_session(session));
  response.set("Cache-Control", "no-store");
  return response;
}

Answer logout(Api& api, const http::Request& request, const node::Session&) {
  api.services.sessions().logout(session_token(request));
  http::Response response;
  response.status = 204;
  response.add("Set-Cookie", cookie(api, "", 0));
  return response;
}

}  // namespace

void add_session_routes(http::Router& router, Api& api) {
  router.add({.method = "POST", .pattern = "/v1/session", .handler = patient(api, login)});
  router.add({.method = "GET", .pattern = "/v1/session", .handler = signed_in(api, show)});
  router.add({.method = "DELETE", .pattern = "/v1/session", .handler = signed_in(api, logout)});
}

}  // namespace chancery::api
