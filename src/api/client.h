#pragma once
// A small blocking HTTP/1.1 client for the command line and for load generators: plain TCP, keep-alive, one connection
// an object. Not thread-safe; use one object a thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace chancery::api {

using ClientHeaders = std::vector<std::pair<std::string, std::string>>;

struct ClientResponse {
  int status = 0;
  ClientHeaders headers;  ///< names in lower case
  std::string body;

  bool ok() const { return status >= 200 && status < 300; }
  std::string_view header(std::string_view lower_case_name) const;
};

/// One server-sent event.
struct ClientEvent {
  std::string id;
  std::string type;  ///< "message" when the stream names none
  std::string data;
};

struct ClientOptions {
  std::int64_t connect_timeout_ms = 5'000;
  std::int64_t io_timeout_ms = 120'000;       ///< for one read or write
  std::size_t body_limit_bytes = 256U << 20;  ///< of an answer; kTooLarge beyond
};

class Client {
 public:
  /// `server`: "http://127.0.0.1:8700" or "127.0.0.1:8700"; a host name is looked up. Connects lazily.
  /// kInvalidValue for https and anything that is no such address.
  static Result<Client> create(std::string_view server, const ClientOptions& options = {});
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;

  /// Sent with every request from now on, e.g. {"Authorization", "Bearer ..."}.
  void set_header(std::string_view name, std::string_view value);

  /// Any answer of the server is a success here, whatever its status. Errors: kUnavailable (no connection), kTimeout,
  /// kMalformed (not HTTP). Repeats once on a connection that the server had closed while it was idle.
  Result<ClientResponse> request(std::string_view method, std::string_view target, const ClientHeaders& headers = {},
                                 std::string_view body = {});
  Result<ClientResponse> get(std::string_view target, const ClientHeaders& headers = {});
  Result<ClientResponse> post(std::string_view target, std::string_view content_type, std::string_view body,
                              const ClientHeaders& headers = {});

  /// Pipelining, for load generators: send() any number of prepared requests, then receive() the answers in order.
  /// Nothing is repeated here.
  Status send(std::string_view method, std::string_view target, const ClientHeaders& headers, std::string_view body);
  Result<ClientResponse> receive();

  /// Like get, but hands the body over in pieces as they come (event streams, NDJSON). `on_data` returns false to stop;
  /// the connection is then closed. Answers with status and headers, and with the body when the status is not 2xx.
  Result<ClientResponse> stream(std::string_view target, const ClientHeaders& headers,
                                const std::function<bool(std::string_view)>& on_data);
  /// Reads GET `target` as server-sent events (WHATWG HTML section 9.2). `on_event` returns false to stop.
  Result<ClientResponse> events(std::string_view target, const ClientHeaders& headers,
                                const std::function<bool(const ClientEvent&)>& on_event);

 private:
  Client();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::api
