#pragma once
// One connection of a peer: handshake, then request after request. Private to the server.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "node/peers/peer_routes.h"
#include "node/peers/peer_server.h"

namespace chancery::node {

class PeerConnection;

/// What the connections of a server share; each holds it, and with it the io_context.
struct PeerServerCore {
  PeerServerOptions options;
  std::shared_ptr<PeerTls> tls;
  const Clock* clock = nullptr;
  PeerRoutes routes;
  boost::asio::io_context io;
  std::atomic<bool> stopping = false;
  std::mutex mutex;
  std::set<PeerConnection*> connections;       // guarded by mutex
  std::map<std::string, std::size_t> by_peer;  // guarded by mutex

  /// False when this peer has its share of connections already.
  bool enter(const std::string& peer);
  void leave(const std::string& peer);
};

class PeerConnection : public std::enable_shared_from_this<PeerConnection> {
 public:
  PeerConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<PeerServerCore> core);
  ~PeerConnection();
  PeerConnection(const PeerConnection&) = delete;
  PeerConnection& operator=(const PeerConnection&) = delete;

  void start();
  /// From any thread.
  void close();

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  Awaitable<void> run();
  Awaitable<bool> shake_hands();
  /// False: the connection ends.
  Awaitable<bool> serve_one();
  Awaitable<bool> read_request(Parser& parser, std::shared_ptr<const PeerRoute>& route);
  Awaitable<bool> write(const PeerResponse& response, bool keep_alive);
  Awaitable<void> refuse_and_drain(const PeerResponse& response);
  Awaitable<void> end_tls();
  void set_deadline(std::int64_t timeout_ms);
  void note_failed_handshake(const boost::system::error_code& error);

  std::shared_ptr<PeerServerCore> core_;  // first in, last out
  std::shared_ptr<PeerTls::Snapshot> snapshot_;
  PeerTls::Verdict verdict_;
  Stream stream_;
  boost::beast::flat_buffer buffer_;
  bool entered_ = false;
};

}  // namespace chancery::node
