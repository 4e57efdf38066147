#pragma once
// CometBFT's own directory: its configuration, genesis and keys, written afresh by Chancery before each start, so that
// nothing in it is edited by hand. What CometBFT keeps itself lies below data/.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/signature.h"
#include "ledger/genesis.h"

namespace chancery::consensus {

struct CometPeer {
  crypto::PublicKey engine_key;  ///< Ed25519
  std::string address;           ///< "host:port" of its consensus traffic
};

/// How CometBFT finds the blocks around a snapshot that the ledger has taken already: through a light client.
struct CometStateSync {
  /// At least two, "unix://<path>": sockets of this machine behind which other nodes' RPC answers.
  std::vector<std::string> servers;
  std::uint64_t trust_height = 0;
  std::string trust_hash;  ///< hexadecimal, of CometBFT's header at that height
};

struct CometHome {
  std::string directory;
  std::string listen = "127.0.0.1:26656";
  std::vector<CometPeer> peers;
  /// Waiting after a commit for more votes and transactions: longer blocks carry more, shorter ones answer sooner.
  std::int64_t commit_wait_ms = 100;
  std::optional<CometStateSync> state_sync = std::nullopt;

  std::string abci_socket() const { return directory + "/abci.sock"; }
  std::string rpc_socket() const { return directory + "/rpc.sock"; }
  /// "chancery-" and 32 hex digits of the network id.
  static std::string chain_id(const ledger::Genesis& genesis);
  /// 40 hex digits: the first 20 bytes of SHA-256 of the key.
  static std::string node_id(const crypto::PublicKey& engine_key);

  /// Drops the blocks and states that CometBFT keeps, not what it has voted for: it begins as on its first start.
  Status forget_blocks() const;
  /// Writes config.toml, genesis.json and both key files (readable by the owner alone). The key signs votes and names
  /// the node to its peers. Called while no CometBFT runs on this directory. kStorageFailed; kInvalidValue when a
  /// validator of the genesis has no engine key.
  Status write(const ledger::Genesis& genesis, const crypto::PrivateKey& engine_key) const;
};

}  // namespace chancery::consensus
