#include "api/http/parse.h"

#include <algorithm>

#include "api/http/beast_request.h"

namespace chancery::api::http {

Status check_request_head(const Request& request) {
  if (request.headers.size() > kMaxHeaders) {
    return fail(Reason::kTooLarge, "There are more than 64 header fields.", "请求头超过 64 项。");
  }
  const auto count = [&](std::string_view name) {
    return std::count_if(request.headers.begin(), request.headers.end(),
                         [&](const Header& header) { return equals_ignoring_case(header.name, name); });
  };
  if (count("host") > 1 || (request.version == 11 && count("host") != 1)) {
    return fail(Reason::kMalformed, "Exactly one Host field is required.", "请求头须有且仅有一个 Host。");
  }
  const auto encodings = count("transfer-encoding");
  if (encodings > 1 || (encodings == 1 && !equals_ignoring_case(request.header("transfer-encoding"), "chunked"))) {
    return fail(Reason::kMalformed, "The only transfer coding is chunked.", "传输编码只支持 chunked。");
  }
  if (encodings == 1 && (count("content-length") != 0 || request.version == 10)) {
    return fail(Reason::kMalformed, "A request has a length or is chunked, never both.",
                "Content-Length 与 Transfer-Encoding 不得并用。");
  }
  if (count("content-length") > 1) {
    return fail(Reason::kMalformed, "Content-Length occurs twice.", "Content-Length 重复。");
  }
  const std::string_view length = request.header("content-length");
  if (length.find_first_not_of("0123456789") != std::string_view::npos) {
    return fail(Reason::kMalformed, "Content-Length is not a number.", "Content-Length 不是数字。");
  }
  // A folded line (RFC 9112 section 5.2) ends up here as a space.
  if (request.header("host").find_first_of(" \t,/@") != std::string_view::npos) {
    return fail(Reason::kMalformed, "Host is not a host.", "Host 无效。");
  }
  const std::string_view coding = request.header("content-encoding");
  if (!coding.empty() && !equals_ignoring_case(coding, "identity")) {
    return fail(Reason::kUnsupportedMediaType, "Bodies are taken uncompressed only.", "请求正文不得压缩。");
  }
  for (const auto& header : request.headers) {
    if (!is_utf8(header.value)) {
      return fail(Reason::kMalformed, "A header value is not valid UTF-8.", "请求头不是有效的 UTF-8。");
    }
  }
  return {};
}

Result<Request> request_from_head(const BeastParser& parser) {
  const auto& message = parser.get();
  Request request;
  request.method = std::string(message.method_string());
  request.version = message.version();
  if (request.version != 10 && request.version != 11) {
    return fail(Reason::kMalformed, "Only HTTP/1.0 and HTTP/1.1 are spoken here.", "仅支持 HTTP/1.0 与 HTTP/1.1。");
  }
  for (const auto& field : message) {
    request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  TRY(check_request_head(request));
  ASSIGN_OR_RETURN(request.target, Target::parse({message.target().data(), message.target().size()}));
  request.trace = continue_trace(request.header("traceparent"));
  return request;
}

Result<Request> parse_request_for_fuzzing(BytesView bytes, std::size_t body_limit_bytes) {
  BeastParser parser;
  parser.header_limit(kHeaderLimitBytes);
  parser.body_limit(body_limit_bytes);
  parser.eager(true);
  boost::beast::error_code error;
  boost::asio::const_buffer rest(bytes.data(), bytes.size());
  while (!error && !parser.is_done() && rest.size() > 0) {
    const std::size_t used = parser.put(rest, error);
    if (used == 0) break;
    rest += used;
  }
  if (error && error != boost::beast::http::error::need_more) {
    return fail(Reason::kMalformed, "Not an HTTP request: " + error.message());
  }
  if (!parser.is_header_done()) return fail(Reason::kMalformed, "The header is not complete.");
  ASSIGN_OR_RETURN(Request request, request_from_head(parser));
  if (!parser.is_done()) return fail(Reason::kMalformed, "The body is not complete.");
  request.body = std::move(parser.get().body());
  return request;
}

}  // namespace chancery::api::http
