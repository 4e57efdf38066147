#include "api/problem.h"

namespace chancery::api {
namespace {

constexpr std::size_t kMaxListed = 100;

/// Parts of a detail that begin with a JSON Pointer: "/a/b: sentence", one a line or separated by "; ".
Json listed_errors(std::string_view detail) {
  Json errors = Json::array();
  while (!detail.empty() && errors.size() < kMaxListed) {
    const std::size_t line = detail.find('\n');
    const std::size_t semicolon = detail.find("; /");
    const std::size_t end = std::min(line, semicolon);
    const std::string_view part = detail.substr(0, end);
    const std::size_t colon = part.find(": ");
    if (part.starts_with('/') && colon != std::string_view::npos) {
      errors.push_back({{"pointer", part.substr(0, colon)}, {"detail", part.substr(colon + 2)}});
    }
    if (end == std::string_view::npos) break;
    detail.remove_prefix(end + (end == line ? 1 : 2));
  }
  return errors;
}

}  // namespace

std::string detail_in(Language language, const Error& error) {
  if (language == Language::kEn) return error.detail;
  return error.detail_zh.empty() ? error.detail : error.detail_zh;
}

Json problem_body(const http::Request& request, const Error& error, int status) {
  const ReasonText& text = reason_text(error.reason);
  const Language language = http::language_of(request);
  Json body = {{"type", "/problems/" + std::string(text.wire_name)},
               {"title", text.title(language)},
               {"status", status == 0 ? text.http_status : status},
               {"code", text.wire_name},
               {"remedy", text.remedy(language)},
               {"trace_id", request.trace.trace_id}};
  if (const std::string detail = detail_in(language, error); !detail.empty()) body["detail"] = detail;
  if (!request.path().empty()) body["instance"] = request.path();
  if (Json errors = listed_errors(error.detail); !errors.empty()) body["errors"] = std::move(errors);
  return body;
}

http::Response problem(const http::Request& request, const Error& error, int status) {
  const int code = status == 0 ? reason_text(error.reason).http_status : status;
  // Details may quote input; what is not UTF-8 in it must not break the answer.
  http::Response response(code, "application/problem+json",
                          problem_body(request, error, code).dump(-1, ' ', false, Json::error_handler_t::replace));
  response.set("Content-Language", http::language_of(request) == Language::kZhCn ? "zh-CN" : "en");
  response.set("Cache-Control", "no-store");
  if (code == 401) response.set("WWW-Authenticate", "Bearer realm=\"chancery\"");
  if (code == 503 || code == 429) {
    const std::string_view seconds = code == 429 ? "300" : "1";
    response.set("Retry-After", seconds);
    response.set("RateLimit", "\"node\";r=0;t=" + std::string(seconds));
  }
  return response;
}

}  // namespace chancery::api
