#pragma once
// Serves authenticated peers: see peer_tls.h for who that is. GET /peer/v1/hello is always there and answers
//   { "node": "mawei-1", "network": "<64 hex>", "time_ms": 1790000000000 }

#include <cstdint>
#include <memory>
#include <string>

#include "node/peers/peer_message.h"
#include "node/peers/peer_tls.h"

namespace chancery::node {

struct PeerServerOptions {
  std::string address = "0.0.0.0";  ///< IPv4 or IPv6 of a local interface
  std::uint16_t port = 0;           ///< 0: any free port
  unsigned threads = 4;             ///< handlers that run at the same time
  std::size_t max_connections = 256;
  std::size_t max_connections_per_peer = 32;  ///< one peer cannot take the room of all
  std::int64_t handshake_timeout_ms = 5'000;
  std::int64_t idle_timeout_ms = 60'000;
  std::int64_t request_timeout_ms = 15'000;  ///< from the first byte of a request to its last
  std::int64_t write_timeout_ms = 15'000;
};

class PeerServer {
 public:
  /// Listens and serves from its own threads. kUnavailable when the address cannot be taken. The clock outlives it.
  static Result<std::unique_ptr<PeerServer>> start(const PeerServerOptions& options, std::shared_ptr<PeerTls> tls,
                                                   const Clock& clock);
  ~PeerServer();

  /// `method` is GET or POST. A path that ends in '*' takes everything that begins with what stands before it; exact
  /// paths win. Larger bodies get 413 before they are read. May be called while it serves; a path is added once.
  void handle(const std::string& method, const std::string& path, PeerHandler handler,
              std::size_t body_limit_bytes = kDefaultPeerBodyBytes);

  /// Closes everything; requests in flight end when their handler returns. Idempotent.
  void stop();
  std::uint16_t port() const;
  std::size_t connections() const;

 private:
  PeerServer();
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace chancery::node
