#pragma once
// A node's place among its peers: its list of them, its TLS identity, the server that they call and the client that
// calls them. Opened before the node, because the node calls; serves after it, because the node answers.

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "ledger/genesis.h"
#include "node/node.h"
#include "node/peers/cosign_exchange.h"
#include "node/peers/peer_client.h"
#include "node/peers/peer_file_watch.h"
#include "node/peers/peer_server.h"

namespace chancery::node {

class Peering final : public PeerTransport {
 public:
  /// Reads peers.json and the identity below `directory`. kWrongNetwork when the list is another network's, and the
  /// errors of both files. The clock outlives it.
  static Result<std::unique_ptr<Peering>> open(const std::string& directory, std::string_view passphrase,
                                               const ledger::Genesis& genesis, const Clock& clock);
  ~Peering() override;

  /// For NodeOptions. `cometbft` is the program. Peers that are validators of the genesis take part in consensus.
  Result<NodeNetwork> network(std::string cometbft);
  /// Answers peers by this node from now on. kUnavailable when the address can't be taken.
  Status serve(Node& node);
  void stop();

  Result<std::string> post(const std::string& peer, const std::string& path, const std::string& body) override;
  PeerTls& tls() { return *tls_; }
  PeerClient& client() { return client_; }

 private:
  Peering(PeerList list, ledger::Genesis genesis, std::shared_ptr<PeerTls> tls, const Clock& clock);

  const PeerList list_;
  const ledger::Genesis genesis_;
  const std::shared_ptr<PeerTls> tls_;
  const Clock& clock_;
  PeerClient client_;
  std::unique_ptr<PeerServer> server_;
  std::unique_ptr<PeerFileWatch> watch_;
};

}  // namespace chancery::node
