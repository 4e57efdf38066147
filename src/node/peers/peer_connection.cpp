#include "node/peers/peer_connection.h"

#include <fcntl.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>

#include "base/log.h"
#include "base/metrics.h"
#include "node/peers/tls_error.h"

namespace chancery::node {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t kHeaderLimitBytes = 8U << 10;
constexpr std::size_t kBufferLimitBytes = 64U << 10;
constexpr std::int64_t kLinger_ms = 1'000;
constexpr std::size_t kDrainPieces = 64;

PeerResponse text(int status, std::string sentence) {
  return {status, "text/plain; charset=utf-8", std::move(sentence) + "\n"};
}

Counter& answered(int status) {
  return metrics().counter("chancery_peer_requests_total", "Requests of peers.",
                           {{"status", std::to_string(status / 100) + "xx"}});
}

PeerResponse run_handler(const PeerRoute& route, const PeerRequest& request) {
  try {
    return route.handler(request);
  } catch (const std::exception& problem) {
    log_error("peer.handler_failed", Error{Reason::kInternal, problem.what(), {}});
    return text(500, "internal error");
  }
}

}  // namespace

bool PeerServerCore::enter(const std::string& peer) {
  const std::lock_guard lock(mutex);
  std::size_t& count = by_peer[peer];
  if (count >= options.max_connections_per_peer) return false;
  ++count;
  return true;
}

void PeerServerCore::leave(const std::string& peer) {
  const std::lock_guard lock(mutex);
  if (const auto found = by_peer.find(peer); found != by_peer.end() && --found->second == 0) by_peer.erase(found);
}

PeerConnection::PeerConnection(asio::ip::tcp::socket socket, std::shared_ptr<PeerServerCore> core)
    : core_(std::move(core)),
      snapshot_(core_->tls->snapshot()),
      stream_(beast::tcp_stream(std::move(socket)), snapshot_->server),
      buffer_(kBufferLimitBytes) {
  ::fcntl(beast::get_lowest_layer(stream_).socket().native_handle(), F_SETFD, FD_CLOEXEC);
  verdict_.tls = core_->tls.get();
  verdict_.snapshot = snapshot_;
  PeerTls::watch(stream_.native_handle(), verdict_);
  const std::lock_guard lock(core_->mutex);
  core_->connections.insert(this);
}

PeerConnection::~PeerConnection() {
  if (entered_) core_->leave(verdict_.peer);
  const std::lock_guard lock(core_->mutex);
  core_->connections.erase(this);
}

void PeerConnection::start() {
  asio::co_spawn(stream_.get_executor(), [self = shared_from_this()] { return self->run(); }, asio::detached);
}

void PeerConnection::close() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { beast::get_lowest_layer(self->stream_).close(); });
}

void PeerConnection::set_deadline(std::int64_t timeout_ms) {
  beast::get_lowest_layer(stream_).expires_after(std::chrono::milliseconds(timeout_ms));
}

PeerConnection::Awaitable<void> PeerConnection::run() {
  beast::error_code ignored;
  beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (co_await shake_hands()) {
    while (co_await serve_one()) {
    }
    co_await end_tls();
  }
  beast::get_lowest_layer(stream_).close();
}

PeerConnection::Awaitable<bool> PeerConnection::shake_hands() {
  set_deadline(core_->options.handshake_timeout_ms);
  const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAwait);
  if (error) {
    note_failed_handshake(error);
    // The alert must reach the other side before the connection is cut: it says why.
    auto& socket = beast::get_lowest_layer(stream_);
    beast::error_code ignored;
    socket.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    std::array<char, 4096> sink{};
    const asio::mutable_buffer into = asio::buffer(sink);
    socket.expires_after(std::chrono::milliseconds(kLinger_ms));
    for (std::size_t i = 0; i < kDrainPieces; ++i) {
      const auto [end, count] = co_await socket.async_read_some(into, kAwait);
      if (end || count == 0) break;
    }
    co_return false;
  }
  entered_ = core_->enter(verdict_.peer);
  if (!entered_) log_warn("peer.too_many_connections", {{"peer", verdict_.peer}});
  co_return entered_;
}

void PeerConnection::note_failed_handshake(const beast::error_code& error) {
  const Reason reason = verdict_.error                   ? verdict_.error->reason
                        : lacks_certificate(error)       ? Reason::kUnauthenticated
                        : speaks_no_tls(error)           ? Reason::kPeerNotTls
                        : error == beast::error::timeout ? Reason::kTimeout
                                                         : Reason::kMalformed;
  const std::string detail = verdict_.error ? verdict_.error->detail : error.message();
  metrics()
      .counter("chancery_peer_handshakes_refused_total", "Connections that were not let in.",
               {{"reason", std::string(reason_text(reason).wire_name)}})
      .add();
  beast::error_code unknown;
  const auto from = beast::get_lowest_layer(stream_).socket().remote_endpoint(unknown);
  log_warn("peer.refused", {{"reason", reason_text(reason).wire_name},
                            {"detail", detail},
                            {"endpoint", unknown ? std::string() : from.address().to_string()}});
}

PeerConnection::Awaitable<bool> PeerConnection::serve_one() {
  if (core_->stopping) co_return false;
  if (buffer_.size() == 0) {
    set_deadline(core_->options.idle_timeout_ms);
    const auto room = buffer_.prepare(8192);
    const auto [error, count] = co_await stream_.async_read_some(room, kAwait);
    buffer_.commit(count);
    if (error || count == 0) co_return false;
  }
  Parser parser;
  std::shared_ptr<const PeerRoute> route;
  if (!co_await read_request(parser, route)) co_return false;
  const auto& message = parser.get();
  const std::string target(message.target());
  const std::size_t mark = target.find('?');
  const PeerRequest request{verdict_.peer, std::string(message.method_string()), target.substr(0, mark),
                            mark == std::string::npos ? "" : target.substr(mark + 1), message.body()};
  // A connection that began under an older certificate ends with this answer: the next one shows the new one.
  const bool keep_alive = message.keep_alive() && !core_->stopping && core_->tls->generation() == snapshot_->generation;
  const PeerResponse response = run_handler(*route, request);
  const bool written = co_await write(response, keep_alive);
  co_return written&& keep_alive;
}

PeerConnection::Awaitable<bool> PeerConnection::read_request(Parser& parser, std::shared_ptr<const PeerRoute>& route) {
  parser.header_limit(kHeaderLimitBytes);
  parser.body_limit(boost::none);
  set_deadline(core_->options.request_timeout_ms);
  const auto [error, read] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
  if (error) co_return false;
  const auto& head = parser.get();
  const std::string target(head.target());
  const PeerRoutes::Match match = core_->routes.find(head.method_string(), target.substr(0, target.find('?')));
  if (!match.route) {
    const PeerResponse refusal = match.path_known ? text(405, "not with this method") : text(404, "no such path");
    co_await refuse_and_drain(refusal);
    co_return false;
  }
  const std::size_t limit = match.route->body_limit_bytes;
  if (parser.content_length().value_or(0) > limit) {
    const PeerResponse refusal = text(413, "the body is larger than " + std::to_string(limit) + " bytes");
    co_await refuse_and_drain(refusal);
    co_return false;
  }
  parser.body_limit(limit);
  route = match.route;
  if (parser.is_done()) co_return true;
  const auto [body_error, count] = co_await http::async_read(stream_, buffer_, parser, kAwait);
  if (body_error == http::error::body_limit) {
    const PeerResponse refusal = text(413, "the body is larger than " + std::to_string(limit) + " bytes");
    co_await refuse_and_drain(refusal);
  }
  co_return !body_error;
}

PeerConnection::Awaitable<bool> PeerConnection::write(const PeerResponse& response, bool keep_alive) {
  answered(response.status).add();
  http::response<http::string_body> out(static_cast<http::status>(response.status), 11);
  out.set(http::field::content_type, response.content_type);
  out.keep_alive(keep_alive);
  out.body() = response.body;
  out.prepare_payload();
  set_deadline(core_->options.write_timeout_ms);
  const auto [error, count] = co_await http::async_write(stream_, out, kAwait);
  co_return !error;
}

PeerConnection::Awaitable<void> PeerConnection::refuse_and_drain(const PeerResponse& response) {
  const bool written = co_await write(response, false);
  if (!written) co_return;
  // Lets the caller read the answer although it is still sending (RFC 9112 section 9.6).
  set_deadline(kLinger_ms);
  std::array<char, 8192> sink{};
  const asio::mutable_buffer into = asio::buffer(sink);
  for (std::size_t i = 0; i < kDrainPieces; ++i) {
    const auto [error, count] = co_await stream_.async_read_some(into, kAwait);
    if (error || count == 0) co_return;
  }
}

PeerConnection::Awaitable<void> PeerConnection::end_tls() {
  set_deadline(kLinger_ms);
  co_await stream_.async_shutdown(kAwait);
}

}  // namespace chancery::node
