#pragma once
// An HTTP response, whole or streamed.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request.h"

namespace chancery::api::http {

/// A body that is made while it is sent: event streams, long lists. Pulled by an io thread, one piece at a time.
class BodySource {
 public:
  enum class Step {
    kData,  ///< something was appended; ask again
    kWait,  ///< nothing now; ask again after a wake or after the server's heartbeat
    kEnd,
    kBroken,  ///< it can't be completed: the connection is cut, so that nobody takes the body for whole
  };
  virtual ~BodySource() = default;
  /// Appends at most about 64 KiB to `out`. Must not block.
  virtual Step next(std::string& out) = 0;
  /// The server hands over how to be woken, before the first next(). `wake` may be called from any thread, also after
  /// the source is gone.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): those who override it keep what they are given.
  virtual void set_wake(std::function<void()> /*wake*/) {}
};

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;
  std::unique_ptr<BodySource> stream;  ///< instead of `body`: sent in chunks

  Response() = default;
  Response(int status_code, std::string_view content_type, std::string content) : status(status_code) {
    body = std::move(content);
    set("Content-Type", content_type);
  }
  /// Replaces a header of the same name.
  Response& set(std::string_view name, std::string_view value);
  Response& add(std::string_view name, std::string_view value);
  std::string_view header(std::string_view name) const;
};

std::string_view status_phrase(int status);

/// Status line and headers, up to and including the empty line. Adds Date (`now_ms`), Content-Length or chunked
/// transfer, Connection. Line breaks in values cannot occur: they are cut off there.
std::string response_head(const Response& response, std::int64_t now_ms, bool keep_alive, bool http10);

/// "Mon, 23 Nov 2026 09:44:11 GMT" (RFC 9110 section 5.6.7).
std::string http_date(std::int64_t time_ms);

}  // namespace chancery::api::http
