#pragma once
// Calls other nodes by name, over connections that it keeps.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "node/peers/peer_message.h"
#include "node/peers/peer_tls.h"

namespace chancery::node {

struct PeerClientOptions {
  std::int64_t connect_timeout_ms = 3'000;   ///< to connect and shake hands
  std::int64_t call_timeout_ms = 10'000;     ///< for a whole call, unless it names its own
  std::size_t body_limit_bytes = 64U << 20;  ///< of an answer
  std::size_t kept_per_peer = 4;
  std::int64_t kept_for_ms = 20'000;  ///< shorter than the server's patience, so that a kept connection still lives
};

/// Thread-safe: each call has a connection of its own.
class PeerClient {
 public:
  explicit PeerClient(std::shared_ptr<PeerTls> tls, const PeerClientOptions& options = {});
  ~PeerClient();

  /// Any answer of the authenticated peer is a success here, whatever its status; `target` is path and query. Blocks
  /// for at most `timeout_ms` (0: the default), looking up a host name aside. A kept connection that breaks before a
  /// byte of the answer came is replaced, and the request sent once more.
  /// Errors: kNotFound (no such peer), kPeerUnreachable, kPeerNotTls, kPeerRefused (it did not let us in), kTimeout,
  /// kTooLarge, kMalformed, and those of authenticate_peer.
  Result<PeerResponse> call(std::string_view peer, std::string_view method, std::string_view target,
                            std::string_view body = {}, std::int64_t timeout_ms = 0);

  /// A fresh connection and GET /peer/v1/hello: the peer's name and network are compared, and its clock with ours;
  /// kPeerClockOff beyond `tolerance_ms`. Gives the certificate that it showed.
  Result<crypto::Certificate> probe(std::string_view peer, const Clock& clock, std::int64_t tolerance_ms = 30'000);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
