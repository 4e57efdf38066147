// HTTP requests from the first byte to our Request.

#include <cstddef>
#include <cstdint>

#include "api/http/parse.h"
#include "base/bytes.h"
#include "base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chancery;
  constexpr std::size_t kBodyLimitBytes = 1024;
  const auto request = api::http::parse_request_for_fuzzing({data, size}, kBodyLimitBytes);
  if (!request) return 0;
  CHANCERY_CHECK(request->target.path.starts_with('/'));
  CHANCERY_CHECK(request->body.size() <= kBodyLimitBytes);
  CHANCERY_CHECK(request->headers.size() <= api::http::kMaxHeaders);
  for (const std::string& segment : request->target.segments) CHANCERY_CHECK(is_utf8(segment));
  for (const auto& [name, value] : request->target.query) CHANCERY_CHECK(is_utf8(name) && is_utf8(value));
  (void)request->media_type();
  (void)request->cookie("session");
  (void)api::http::language_of(*request);
  (void)api::http::accepted_quality(request->header("accept"), "application/json");
  (void)api::http::parse_form(request->body);
  (void)api::http::continue_trace(request->header("traceparent"));
  return 0;
}
