#pragma once
// The HTTP/1.1 server: connections, limits, time-outs, back pressure. It knows no routes: a Dispatcher does.

#include <cstdint>
#include <memory>
#include <string>

#include "api/http/reply.h"
#include "api/http/router.h"
#include "base/clock.h"

namespace chancery::api::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8700;  ///< 0: any free port
  unsigned io_threads = 2;
  std::size_t max_connections = 2'048;      ///< further ones get 503 at once
  std::int64_t idle_timeout_ms = 60'000;    ///< between two requests of a connection
  std::int64_t header_timeout_ms = 10'000;  ///< from the first byte of a request to the end of its header; then closed
  std::int64_t body_timeout_ms = 60'000;    ///< for a whole body
  std::int64_t write_timeout_ms = 30'000;   ///< for one piece of an answer; a slower reader is dropped
  std::int64_t answer_timeout_ms = 90'000;  ///< for a handler; then the client gets 504
  std::int64_t heartbeat_ms = 15'000;       ///< how long a waiting stream is left alone
  std::int64_t stop_timeout_ms = 5'000;     ///< for requests in flight at stop()
};

/// Called from io threads. `refuse` makes the answer to a request that never gets to a handler.
class Dispatcher {
 public:
  virtual ~Dispatcher() = default;
  /// Decides by the header alone, before the body is read.
  struct Admission {
    const Route* route = nullptr;
    std::vector<std::string> parameters;
    std::unique_ptr<Response> answer;  ///< when set: send this, read no body
  };
  virtual Admission admit(const Request& head) = 0;
  virtual void handle(const Route& route, std::shared_ptr<const Request> request, Reply reply) = 0;
  /// `head` may be empty when not even a method was read.
  virtual Response refuse(const Request& head, const Error& error, int status) = 0;
  /// Last look at an answer (common headers, counting). `duration_us` from the end of the header to the answer.
  virtual void finish(const Request& request, const Route* route, Response& response, std::int64_t duration_us) = 0;
};

class Server {
 public:
  /// Listens and serves from its own threads. kUnavailable when the address can't be taken. All references outlive it.
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Dispatcher& dispatcher,
                                               const Clock& clock);
  ~Server();
  /// No new connections; requests in flight get `stop_timeout_ms`. Idempotent.
  void stop();
  std::uint16_t port() const;
  std::size_t connections() const;

 private:
  Server();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::api::http
