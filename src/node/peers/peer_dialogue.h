#pragma once
// One connection to a peer, used by one caller at a time. Private to the client.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <memory>

#include "node/peers/peer_client.h"

namespace chancery::node {

class PeerDialogue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  PeerDialogue(PeerTls& tls, const Peer& peer);

  /// Connects and shakes hands, until `deadline`. Errors as PeerClient::call.
  Status open(Time deadline);
  Result<PeerResponse> ask(std::string_view method, std::string_view target, std::string_view body,
                           std::size_t body_limit_bytes, Time deadline);

  std::uint64_t generation() const { return verdict_.snapshot->generation; }
  /// The last answer came whole and the peer keeps the connection.
  bool reusable() const { return reusable_; }
  /// Nothing of the last answer came: the connection had been closed before.
  bool broken_before_answer() const { return broken_before_answer_; }
  Time last_used() const { return last_used_; }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

  Awaitable<Status> connect(Time deadline);
  Awaitable<Result<PeerResponse>> exchange(std::string_view method, std::string_view target, std::string_view body,
                                           std::size_t body_limit_bytes, Time deadline);
  std::unexpected<Error> handshake_failure(const boost::system::error_code& error) const;
  std::unexpected<Error> answer_failure(const boost::system::error_code& error) const;
  /// Runs a coroutine to its end on this thread.
  template <class Value, class Make>
  Value run(Make make);

  std::string name_;
  std::string address_;
  boost::asio::io_context io_{1};
  PeerTls::Verdict verdict_;
  Stream stream_;
  boost::beast::flat_buffer buffer_;
  bool reusable_ = false;
  bool broken_before_answer_ = false;
  Time last_used_{};
};

}  // namespace chancery::node
