#include "api/handlers.h"

#include <algorithm>
#include <exception>
#include <typeinfo>

#include "api/time_text.h"
#include "base/log.h"

namespace chancery::api {
namespace {

/// What a library threw is our bug or our exhaustion, never the client's business.
template <class Route>
http::Response run_guarded(const http::Request& request, const Route& route) {
  try {
    Answer answer = route();
    return answer ? std::move(*answer) : problem(request, answer.error());
  } catch (const std::exception& thrown) {
    // The kind alone: the text may quote what the client sent.
    log_error("http.exception", {{"kind", typeid(thrown).name()}, {"trace_id", request.trace.trace_id}});
    return problem(request, {Reason::kInternal, std::string(), std::string()});
  }
}

void on_worker(Api& api, const std::shared_ptr<const http::Request>& request, const http::Reply& reply,
               std::function<Answer()> route) {
  const bool taken =
      api.workers.post([request, reply, route = std::move(route)] { reply.send(run_guarded(*request, route)); });
  if (!taken) {
    reply.send(problem(*request, {Reason::kOverloaded, "Too many requests are waiting.", "等待处理的请求过多。"}));
  }
}

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

bool same_origin(const http::Request& request) {
  std::string_view origin = request.header("origin");
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size()) == request.header("host");
  }
  return false;
}

}  // namespace

http::Handler plain(Api& api, PlainRoute route) {
  return [&api, route](const std::shared_ptr<const http::Request>& request, const http::Reply& reply) {
    reply.send(run_guarded(*request, [&] { return route(api, *request); }));
  };
}

http::Handler patient(Api& api, PlainRoute route) {
  return [&api, route](const std::shared_ptr<const http::Request>& request, const http::Reply& reply) {
    on_worker(api, request, reply, [&api, route, request] { return route(api, *request); });
  };
}

http::Handler signed_in(Api& api, SessionRoute route) {
  return [&api, route](const std::shared_ptr<const http::Request>& request, const http::Reply& reply) {
    on_worker(api, request, reply, [&api, route, request]() -> Answer {
      ASSIGN_OR_RETURN(const node::SessionPointer session, session_of(api, *request));
      return route(api, *request, *session);
    });
  };
}

std::string session_token(const http::Request& request) {
  const std::string_view authorization = request.header("authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (authorization.size() > kBearer.size() &&
      http::equals_ignoring_case(authorization.substr(0, kBearer.size()), kBearer)) {
    return std::string(authorization.substr(kBearer.size()));
  }
  return request.cookie(kSessionCookie).value_or(std::string());
}

Result<node::SessionPointer> session_of(Api& api, const http::Request& request) {
  const std::string token = session_token(request);
  if (token.empty()) {
    return fail(Reason::kUnauthenticated, "POST /v1/session gives a token for Authorization: Bearer.",
                "请先用 POST /v1/session 登录，再以 Authorization: Bearer 携带令牌。");
  }
  const bool by_cookie = !request.has_header("authorization");
  if (by_cookie && changes_something(request.method) && !same_origin(request)) {
    return fail(Reason::kForbidden, "With the session cookie, Origin must be this site.",
                "使用会话 Cookie 时，Origin 须为本站。");
  }
  return api.services.sessions().find(token);
}

Result<std::string> idempotency_key(const http::Request& request) {
  std::string_view key = request.header("idempotency-key");
  // The draft writes the key as a structured-field string; most clients send it bare. Both mean the same key.
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
  if (key.empty()) {
    return fail(
        Reason::kMalformed,
        "The header Idempotency-Key is missing: choose a fresh one (a UUID) for each request, and repeat it when "
        "you repeat the request.",
        "缺少 Idempotency-Key 请求头：每次办理请用新的键（如 UUID），重试同一办理时沿用原键。");
  }
  if (key.size() > 128 || std::any_of(key.begin(), key.end(), [](char c) { return c < 0x21 || c > 0x7e; })) {
    return fail(Reason::kMalformed, "Idempotency-Key takes 1 to 128 visible ASCII characters.",
                "Idempotency-Key 须为 1 至 128 个可见 ASCII 字符。");
  }
  return std::string(key);
}

std::string if_match(const http::Request& request) {
  std::string_view tag = request.header("if-match");
  if (tag == "*") return {};
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  // Ours read "<height>-<hash>"; the desks compare the hash.
  const std::size_t dash = tag.rfind('-');
  return std::string(dash == std::string_view::npos ? tag : tag.substr(dash + 1));
}

bool if_none_match(const http::Request& request, std::string_view etag) {
  const std::string_view list = request.header("if-none-match");
  return !list.empty() && (list == "*" || list.find(etag) != std::string_view::npos);
}

http::Response not_modified(std::string_view etag) {
  http::Response response;
  response.status = 304;
  response.set("ETag", etag);
  return response;
}

Result<Json> json_body(const http::Request& request, std::size_t max_bytes) {
  if (request.media_type() != "application/json") {
    return fail(Reason::kUnsupportedMediaType, "Send the body as application/json.", "请求正文须为 application/json。");
  }
  return parse_json(request.body, {.max_bytes = max_bytes});
}

http::Response json_response(const Json& body, int status) {
  return {status, "application/json", body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

http::Response written_response(Json body, const node::Submitted& submitted, int status, std::string_view location) {
  body["transaction"] = {{"id", to_hex(submitted.transaction_id)},
                         {"height", submitted.height},
                         {"leaf_index", submitted.leaf_index},
                         {"time", rfc3339(submitted.entry.time_ms())}};
  http::Response response = json_response(body, status);
  if (!location.empty()) response.set("Location", location);
  if (submitted.repeated) response.set("Idempotency-Replayed", "true");
  return response;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain_character = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                 c == '-' || c == '.' || c == '_' || c == '~';
    if (plain_character) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

std::string path_to(std::string_view prefix, std::string_view id) {
  return std::string(prefix) + percent_encode(id);
}

}  // namespace chancery::api
