#include "cli/http_session.h"

#include <fmt/core.h>

#include "base/json.h"
#include "base/random.h"

namespace chancery::cli {
namespace {

/// RFC 9457: the code leads back to our table, so that exit codes are the same here and there.
Error problem_of(const api::ClientResponse& answer) {
  const auto body = parse_json(answer.body);
  Error error{answer.status == 404   ? Reason::kNotFound
              : answer.status == 401 ? Reason::kUnauthenticated
              : answer.status >= 500 ? Reason::kUnavailable
                                     : Reason::kInvalidValue,
              fmt::format("the node answers {}", answer.status),
              {}};
  if (!body || !body->is_object()) return error;
  if (const auto reason = reason_from_wire_name(body->value("code", std::string()))) error.reason = *reason;
  error.detail = body->value("detail", std::string());
  return error;
}

Result<std::string> text_of(Result<api::ClientResponse> answer) {
  if (!answer) return std::unexpected(std::move(answer).error());
  if (!answer->ok()) return std::unexpected(problem_of(*answer));
  return std::move(answer->body);
}

Result<nlohmann::json> json_of(Result<api::ClientResponse> answer) {
  ASSIGN_OR_RETURN(const std::string text, text_of(std::move(answer)));
  if (text.empty()) return nlohmann::json::object();
  constexpr JsonLimits kLimits{.max_bytes = 256U << 20};
  return parse_json(text, kLimits);
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

Result<HttpSession> HttpSession::connect(std::string_view server) {
  ASSIGN_OR_RETURN(api::Client client, api::Client::create(server));
  HttpSession session(std::move(client));
  session.client_.set_header("Accept-Language", "en");
  return session;
}

HttpSession::~HttpSession() {
  // A session that stays open would time out by itself; ending it is only tidy.
  if (logged_in_) static_cast<void>(client_.request("DELETE", "/v1/session"));
}

Status HttpSession::login(std::string_view account, std::string_view passphrase) {
  const nlohmann::json body = {{"account", account}, {"passphrase", passphrase}};
  ASSIGN_OR_RETURN(const nlohmann::json answer, json_of(client_.post("/v1/session", "application/json", body.dump())));
  use_token(answer.value("token", std::string()));
  logged_in_ = true;
  return {};
}

void HttpSession::use_token(std::string_view token) {
  client_.set_header("Authorization", fmt::format("Bearer {}", token));
}

Result<nlohmann::json> HttpSession::get(const std::string& target) {
  return json_of(client_.get(target, {{"Accept", "application/json"}}));
}

Result<std::string> HttpSession::get_text(const std::string& target, std::string_view accept) {
  return text_of(client_.get(target, {{"Accept", std::string(accept)}}));
}

Result<std::string> HttpSession::post_bytes(const std::string& target, std::string_view content_type,
                                            std::string_view body, std::string_view idempotency_key) {
  SystemRandom random;
  const std::string key = idempotency_key.empty() ? to_hex(random.bytes(16)) : std::string(idempotency_key);
  return text_of(client_.post(target, content_type, body, {{"Idempotency-Key", key}}));
}

Result<nlohmann::json> HttpSession::post(const std::string& target, const nlohmann::json& body,
                                         std::string_view idempotency_key) {
  ASSIGN_OR_RETURN(const std::string text, post_bytes(target, "application/json", body.dump(), idempotency_key));
  if (text.empty()) return nlohmann::json::object();
  return parse_json(text);
}

void LoginOptions::add_to(Command& command) {
  command.option("--as", account, "ACCOUNT",
                 {"以此账户签名（密钥保存在节点）；省略时用 CHANCERY_TOKEN",
                  "Sign as this account, whose key the node keeps; else CHANCERY_TOKEN is used"});
  passphrase.add_to(command);
}

Result<HttpSession> LoginOptions::open(Terminal& terminal) const {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  if (account.empty()) {
    if (terminal.options().token.empty()) {
      return fail(Reason::kUnauthenticated, "give --as ACCOUNT, or set CHANCERY_TOKEN",
                  "请给出 --as 账户，或设置 CHANCERY_TOKEN");
    }
    session.use_token(terminal.options().token);
    return session;
  }
  ASSIGN_OR_RETURN(const std::string words, passphrase.get(terminal));
  TRY(session.login(account, words));
  return session;
}

}  // namespace chancery::cli
