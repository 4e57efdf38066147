#include "node/peers/peer_dialogue.h"

#include <fcntl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>

#include "node/peers/tls_error.h"

namespace chancery::node {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t kHeaderLimitBytes = 8U << 10;

}  // namespace

PeerDialogue::PeerDialogue(PeerTls& tls, const Peer& peer)
    : name_(peer.name),
      address_(peer.address),
      verdict_{&tls, tls.snapshot(), peer.name, {}, {}},
      stream_(beast::tcp_stream(io_), verdict_.snapshot->client) {
  PeerTls::watch(stream_.native_handle(), verdict_);
}

template <class Value, class Make>
Value PeerDialogue::run(Make make) {
  std::optional<Value> out;
  asio::co_spawn(io_, make(), [&out](const std::exception_ptr& thrown, Value value) {
    if (!thrown) out.emplace(std::move(value));
  });
  io_.restart();
  io_.run();
  last_used_ = std::chrono::steady_clock::now();
  if (!out) return fail(Reason::kInternal, "the call to a peer was cut short", "对节点的调用被中断");
  return std::move(*out);
}

Status PeerDialogue::open(Time deadline) {
  return run<Status>([&] { return connect(deadline); });
}

Result<PeerResponse> PeerDialogue::ask(std::string_view method, std::string_view target, std::string_view body,
                                       std::size_t body_limit_bytes, Time deadline) {
  return run<Result<PeerResponse>>([&] { return exchange(method, target, body, body_limit_bytes, deadline); });
}

PeerDialogue::Awaitable<Status> PeerDialogue::connect(Time deadline) {
  const auto unreachable = [this](const beast::error_code& error) {
    const std::string why = error == beast::error::timeout ? "no answer" : error.message();
    return fail(Reason::kPeerUnreachable, name_ + " at " + address_ + ": " + why,
                name_ + "（" + address_ + "）：" + why);
  };
  const auto at = parse_host_port(address_);
  CHANCERY_CHECK(at.has_value());  // the list was read through the same door
  tcp::resolver resolver(io_);
  const auto [lookup_error, endpoints] = co_await resolver.async_resolve(at->host, at->port, kAwait);
  if (lookup_error) co_return unreachable(lookup_error);
  auto& socket = beast::get_lowest_layer(stream_);
  socket.expires_at(deadline);
  const auto [connect_error, endpoint] = co_await socket.async_connect(endpoints, kAwait);
  if (connect_error) co_return unreachable(connect_error);
  beast::error_code ignored;
  socket.socket().set_option(tcp::no_delay(true), ignored);
  ::fcntl(socket.socket().native_handle(), F_SETFD, FD_CLOEXEC);
  const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (error) co_return handshake_failure(error);
  co_return Status();
}

std::unexpected<Error> PeerDialogue::handshake_failure(const beast::error_code& error) const {
  if (verdict_.error) return std::unexpected(*verdict_.error);
  const std::string who = name_ + " at " + address_;
  const std::string who_zh = name_ + "（" + address_ + "）";
  if (error == beast::error::timeout) {
    return fail(Reason::kPeerUnreachable, who + " connects but does not shake hands", who_zh + " 已连接但不应答握手");
  }
  if (speaks_no_tls(error)) {
    return fail(Reason::kPeerNotTls, who + " answers in plain text", who_zh + " 以明文应答");
  }
  if (is_alert(error)) {
    return fail(Reason::kPeerRefused, who + ": " + error.message(), who_zh + "：" + error.message());
  }
  return fail(Reason::kPeerUnreachable, who + " broke off the handshake: " + error.message(),
              who_zh + " 中断了握手：" + error.message());
}

std::unexpected<Error> PeerDialogue::answer_failure(const beast::error_code& error) const {
  const std::string who = name_ + " at " + address_;
  const std::string who_zh = name_ + "（" + address_ + "）";
  if (error == beast::error::timeout) {
    return fail(Reason::kTimeout, who + " did not answer in time", who_zh + " 未按时应答");
  }
  if (error == http::error::body_limit || error == http::error::header_limit || error == http::error::buffer_overflow) {
    return fail(Reason::kTooLarge, who + " answers more than is taken", who_zh + " 的应答超出上限");
  }
  // In TLS 1.3 the other side looks at our certificate after we believe that all is well.
  if (is_alert(error)) {
    return fail(Reason::kPeerRefused, who + " does not take our certificate: " + error.message(),
                who_zh + " 不接受本节点的证书：" + error.message());
  }
  if (error.category() == http::make_error_code(http::error::bad_value).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    return fail(Reason::kMalformed, who + " answers no HTTP: " + error.message(), who_zh + " 的应答不是 HTTP");
  }
  return fail(Reason::kPeerUnreachable, who + " broke off: " + error.message(), who_zh + " 中断：" + error.message());
}

PeerDialogue::Awaitable<Result<PeerResponse>> PeerDialogue::exchange(std::string_view method, std::string_view target,
                                                                     std::string_view body,
                                                                     std::size_t body_limit_bytes, Time deadline) {
  reusable_ = false;
  broken_before_answer_ = false;
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(method);
  request.target(target);
  request.set(http::field::host, name_);
  request.body() = body;
  request.prepare_payload();
  beast::get_lowest_layer(stream_).expires_at(deadline);
  const auto [write_error, sent] = co_await http::async_write(stream_, request, kAwait);
  // A refusal may stand in the way of the request: what the peer said counts more than that we could not speak.
  http::response_parser<http::string_body> parser;
  parser.header_limit(kHeaderLimitBytes);
  parser.body_limit(body_limit_bytes);
  const auto [read_error, received] = co_await http::async_read(stream_, buffer_, parser, kAwait);
  if (read_error) {
    broken_before_answer_ =
        received == 0 && !parser.got_some() && read_error != beast::error::timeout && !is_alert(read_error);
    co_return answer_failure(read_error);
  }
  reusable_ = !write_error && parser.get().keep_alive();
  auto& answer = parser.get();
  PeerResponse out{static_cast<int>(answer.result_int()), std::string(answer[http::field::content_type]),
                   std::move(answer.body())};
  co_return out;
}

}  // namespace chancery::node
