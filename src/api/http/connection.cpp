#include "api/http/connection.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "api/http/parse.h"

namespace chancery::api::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using std::chrono::milliseconds;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kBufferLimitBytes = 128U << 10;

std::string address_of(const asio::ip::tcp::socket& socket) {
  beast::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

/// What went wrong while a request was read, for the client; nullopt: it has gone away, or was so slow that the stream
/// closed.
std::optional<std::pair<Error, int>> read_failure(const beast::error_code& error) {
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow) {
    return std::pair{Error{Reason::kTooLarge, "The request header is larger than 16 KiB.", "请求头超过 16 KiB。"}, 431};
  }
  if (error.category() == beast::http::make_error_code(beast::http::error::bad_value).category() &&
      error != beast::http::error::end_of_stream && error != beast::http::error::partial_message) {
    return std::pair{
        Error{Reason::kMalformed, "Not a valid HTTP request: " + error.message() + ".", "不是有效的 HTTP 请求。"}, 400};
  }
  return std::nullopt;
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, std::shared_ptr<asio::io_context> io,
                       std::shared_ptr<ServerCore> core)
    : io_(std::move(io)),
      core_(std::move(core)),
      stream_(std::move(socket)),
      timer_(stream_.get_executor()),
      buffer_(kBufferLimitBytes),
      remote_address_(address_of(stream_.socket())) {
  const std::lock_guard lock(core_->mutex);
  core_->connections.insert(this);
}

Connection::~Connection() {
  const std::lock_guard lock(core_->mutex);
  core_->connections.erase(this);
}

void Connection::start() {
  asio::co_spawn(stream_.get_executor(), [self = shared_from_this()] { return self->run(); }, asio::detached);
}

void Connection::close(bool now) {
  asio::post(stream_.get_executor(), [self = shared_from_this(), now] {
    if (!now && self->streaming_) self->timer_.cancel();
    if (!now && self->busy_) return;
    self->stream_.close();
    self->timer_.cancel();
  });
}

Connection::Awaitable<void> Connection::run() {
  beast::error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  while (co_await wait_for_first_byte()) {
    busy_ = true;
    const bool go_on = co_await serve_one();
    busy_ = false;
    if (!go_on || core_->stopping) break;
  }
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  stream_.close();
}

Connection::Awaitable<bool> Connection::wait_for_first_byte() {
  if (buffer_.size() > 0) co_return true;
  if (core_->stopping) co_return false;
  stream_.expires_after(milliseconds(core_->options.idle_timeout_ms));
  const auto [error, count] = co_await stream_.async_read_some(buffer_.prepare(8192), kAwait);
  buffer_.commit(count);
  co_return !error && count > 0;
}

Connection::Awaitable<bool> Connection::serve_one() {
  BeastParser parser;
  parser.header_limit(static_cast<std::uint32_t>(kHeaderLimitBytes));
  parser.body_limit(boost::none);
  stream_.expires_after(milliseconds(core_->options.header_timeout_ms));
  // Named, like all that is handed to coroutines here: gcc 12 destroys temporaries in a co_await expression twice.
  const Request nobody;
  const auto [error, read] = co_await beast::http::async_read_header(stream_, buffer_, parser, kAwait);
  if (error) {
    const auto failure = read_failure(error);
    if (failure) co_await refuse(nobody, failure->first, failure->second);
    co_return false;
  }
  const std::int64_t started_us = core_->clock->monotonic_us();
  auto head = request_from_head(parser);
  if (!head) {
    const int status = head.error().reason == Reason::kUnsupportedMediaType ? 415
                       : head.error().reason == Reason::kTooLarge           ? 431
                                                                            : 400;
    co_return co_await refuse(nobody, head.error(), status);
  }
  auto request = std::make_shared<Request>(std::move(*head));
  request->remote_address = remote_address_;
  const bool keep_alive = parser.get().keep_alive() && !core_->stopping;

  auto admission = core_->dispatcher->admit(*request);
  if (admission.answer) {
    // Without a body the connection may go on; an unread body must not be taken for the next request.
    const bool has_body = parser.chunked() || parser.content_length().value_or(0) > 0;
    Response answer = std::move(*admission.answer);
    const bool ok = co_await write(*request, admission.route, std::move(answer), keep_alive && !has_body, started_us);
    if (has_body) co_await linger();
    const bool go_on = ok && keep_alive && !has_body;
    co_return go_on;
  }
  if (!co_await read_body(parser, *request, admission.route->body_limit_bytes)) co_return false;
  request->body = std::move(parser.get().body());
  request->parameters = std::move(admission.parameters);
  Response response = co_await wait_for_answer(*admission.route, request);
  const bool written = co_await write(*request, admission.route, std::move(response), keep_alive, started_us);
  const bool go_on = written && keep_alive;
  co_return go_on;
}

Connection::Awaitable<bool> Connection::read_body(BeastParser& parser, const Request& head, std::size_t limit_bytes) {
  const Error too_large{Reason::kTooLarge, fmt::format("The body is larger than {} bytes.", limit_bytes),
                        fmt::format("请求正文超过 {} 字节。", limit_bytes)};
  if (parser.content_length().value_or(0) > limit_bytes) {
    co_await refuse(head, too_large, 413);
    co_return false;
  }
  parser.body_limit(limit_bytes);
  if (parser.is_done()) co_return true;
  if (equals_ignoring_case(head.header("expect"), "100-continue")) {
    if (!co_await write_raw("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return false;
  }
  stream_.expires_after(milliseconds(core_->options.body_timeout_ms));
  const auto [error, read] = co_await beast::http::async_read(stream_, buffer_, parser, kAwait);
  if (!error) co_return true;
  if (error == beast::http::error::body_limit) {
    co_await refuse(head, too_large, 413);
    co_return false;
  }
  const auto failure = read_failure(error);
  if (failure) co_await refuse(head, failure->first, failure->second);
  co_return false;
}

Connection::Awaitable<Response> Connection::wait_for_answer(const Route& route,
                                                            std::shared_ptr<const Request> request) {
  answer_.reset();
  // Holds the io_context too: an answer from a node thread may come when nobody else remembers this connection.
  Reply reply([weak = weak_from_this(), io = io_, question = ++question_](Response response) {
    const auto self = weak.lock();
    if (!self) return;
    asio::post(self->stream_.get_executor(),
               [self, question, shared = std::make_shared<Response>(std::move(response))]() {
                 if (question != self->question_) return;
                 if (!self->answer_) self->answer_ = std::move(*shared);
                 self->timer_.cancel();
               });
  });
  core_->dispatcher->handle(route, request, std::move(reply));
  timer_.expires_after(milliseconds(core_->options.answer_timeout_ms));
  while (!answer_ && timer_.expiry() > std::chrono::steady_clock::now() && stream_.socket().is_open()) {
    co_await timer_.async_wait(kAwait);
  }
  if (!answer_) {
    co_return core_->dispatcher->refuse(*request, {Reason::kTimeout, "There is no answer yet.", "尚无结果。"}, 504);
  }
  Response response = std::move(*answer_);
  answer_.reset();
  co_return response;
}

Connection::Awaitable<bool> Connection::refuse(const Request& head, const Error& error, int status) {
  Response response = core_->dispatcher->refuse(head, error, status);
  const std::int64_t now_us = core_->clock->monotonic_us();
  const bool written = co_await write(head, nullptr, std::move(response), false, now_us);
  if (written) co_await linger();
  co_return false;
}

Connection::Awaitable<void> Connection::linger() {
  beast::error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  std::array<char, 8192> sink{};
  stream_.expires_after(milliseconds(1'000));
  for (int i = 0; i < 64; ++i) {
    const auto [error, count] = co_await stream_.async_read_some(asio::buffer(sink), kAwait);
    if (error || count == 0) co_return;
  }
}

Connection::Awaitable<bool> Connection::write(const Request& request, const Route* route, Response response,
                                              bool keep_alive, std::int64_t started_us) {
  core_->dispatcher->finish(request, route, response, core_->clock->monotonic_us() - started_us);
  const bool http10 = request.version == 10;
  const bool close_after_stream = response.stream && http10;
  const std::string head = response_head(response, core_->clock->now_ms(), keep_alive && !close_after_stream, http10);
  const bool no_body = request.method == "HEAD" || response.status == 204 || response.status == 304;
  if (!co_await write_raw(head, no_body || response.stream ? std::string_view() : std::string_view(response.body))) {
    co_return false;
  }
  if (response.stream && !no_body) {
    streaming_ = true;
    const bool complete = co_await write_stream(*response.stream, http10);
    streaming_ = false;
    co_return complete && !close_after_stream;
  }
  co_return true;
}

Connection::Awaitable<bool> Connection::write_stream(BodySource& source, bool http10) {
  woken_ = false;
  source.set_wake([weak = weak_from_this(), io = io_] {
    const auto self = weak.lock();
    if (!self) return;
    asio::post(self->stream_.get_executor(), [self] {
      self->woken_ = true;
      self->timer_.cancel();
    });
  });
  while (!core_->stopping) {
    std::string piece;
    const auto step = source.next(piece);
    if (!piece.empty()) {
      const std::string frame = http10 ? std::string() : fmt::format("{:x}\r\n", piece.size());
      if (!http10) piece += "\r\n";
      if (!co_await write_raw(frame, piece)) co_return false;
    }
    if (step == BodySource::Step::kBroken) co_return false;
    if (step == BodySource::Step::kEnd) co_return http10 || co_await write_raw("0\r\n\r\n", {});
    if (step == BodySource::Step::kWait && !woken_) {
      timer_.expires_after(milliseconds(core_->options.heartbeat_ms));
      co_await timer_.async_wait(kAwait);
      if (!stream_.socket().is_open()) co_return false;
    }
    woken_ = false;
  }
  co_return false;
}

Connection::Awaitable<bool> Connection::write_raw(std::string_view head, std::string_view body) {
  stream_.expires_after(milliseconds(core_->options.write_timeout_ms));
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(body)};
  const auto [error, count] = co_await asio::async_write(stream_, buffers, kAwait);
  co_return !error;
}

}  // namespace chancery::api::http
