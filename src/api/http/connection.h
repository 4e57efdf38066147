#pragma once
// One client connection: reads a request, has it answered, writes the answer, again. Private to the server.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include "api/http/beast_request.h"
#include "api/http/server.h"

namespace chancery::api::http {

class Connection;

/// What the connections of a server share. Owned together with the io_context by each of them, so that an answer that
/// comes after the server has gone finds nothing rather than something dead.
struct ServerCore {
  ServerOptions options;
  Dispatcher* dispatcher = nullptr;
  const Clock* clock = nullptr;
  std::atomic<bool> stopping = false;
  std::mutex mutex;
  std::set<Connection*> connections;  // guarded by mutex
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::io_context> io,
             std::shared_ptr<ServerCore> core);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  /// From any thread. `now`: also in the middle of a request.
  void close(bool now);

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  Awaitable<void> run();
  /// False: the connection ends.
  Awaitable<bool> serve_one();
  Awaitable<bool> wait_for_first_byte();
  Awaitable<bool> read_body(BeastParser& parser, const Request& head, std::size_t limit_bytes);
  Awaitable<Response> wait_for_answer(const Route& route, std::shared_ptr<const Request> request);
  Awaitable<bool> write(const Request& request, const Route* route, Response response, bool keep_alive,
                        std::int64_t started_us);
  Awaitable<bool> write_stream(BodySource& source, bool http10);
  Awaitable<bool> write_raw(std::string_view head, std::string_view body);
  Awaitable<bool> refuse(const Request& head, const Error& error, int status);
  /// Lets the client read the last answer although it is still sending (RFC 9112 section 9.6).
  Awaitable<void> linger();

  std::shared_ptr<boost::asio::io_context> io_;  // first in, last out
  std::shared_ptr<ServerCore> core_;
  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  std::string remote_address_;
  bool busy_ = false;           // a request is in flight; touched on the strand only
  bool streaming_ = false;      // the request in flight has no end of its own; touched on the strand only
  bool woken_ = false;          // a stream has news; touched on the strand only
  std::uint64_t question_ = 0;  // counts requests: a late answer must not be taken for the next one's
  std::optional<Response> answer_;
};

}  // namespace chancery::api::http
