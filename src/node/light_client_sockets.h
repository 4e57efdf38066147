#pragma once
// A way for this node's consensus engine to ask other nodes' engines what its light client must know, without a port in
// the open: a Unix socket a peer, and behind it the nodes' own connections.
//   POST /engine  <JSON-RPC request>  ->  <JSON-RPC answer>     commit, validators and consensus_params alone

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "consensus/cometbft/comet_home.h"
#include "ledger/genesis.h"
#include "node/peers/cosign_exchange.h"

namespace chancery::node {

inline constexpr std::string_view kLightClientPath = "/engine";

class LightClientSockets {
 public:
  /// Sockets "light-0.sock" and so on below `directory`, one a peer in the order of `peers`, readable by the owner
  /// alone. kUnavailable when one can't be made. The transport outlives them.
  static Result<std::unique_ptr<LightClientSockets>> start(const std::string& directory, PeerTransport& transport,
                                                           const std::vector<std::string>& peers);
  ~LightClientSockets();
  void stop();

  /// "unix://<path>" of a peer's socket; empty when there is none of that name.
  std::string server_of(std::string_view peer) const;

 private:
  LightClientSockets();
  struct State;
  std::unique_ptr<State> state_;
};

/// The engine's header at `height` as more than a third of the voting power names it, so that one honest validator at
/// least is among them; and the sockets of those that do, at least two. kUnavailable until there are so many.
Result<consensus::CometStateSync> find_trusted_block(const ledger::Genesis& genesis, PeerTransport& transport,
                                                     const std::vector<std::string>& peers, std::uint64_t height,
                                                     const LightClientSockets& sockets);

}  // namespace chancery::node
