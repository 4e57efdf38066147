#pragma once
// How a directory without a ledger becomes a node at the height of the others: a snapshot is fetched from peers, each
// chunk verified as it comes, into a store of its own, which becomes the node's when the last chunk was right.
//   <node>/snapshot.incoming/   what has been fetched; an interrupted joining goes on from there
//   <node>/store.joining/       the store that is being built, made afresh from those files each time

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/genesis.h"
#include "ledger/snapshot/writer.h"
#include "node/peers/cosign_exchange.h"

namespace chancery::node {

struct JoinOptions {
  std::string directory;           ///< the node's
  std::vector<std::string> peers;  ///< names, as the transport knows them
  /// After each chunk: how many of how many are in. May be empty.
  std::function<void(std::size_t done, std::size_t of)> progress = nullptr;
};

struct JoinResult {
  ledger::SnapshotFacts facts;
  std::size_t fetched = 0;  ///< chunks that came from peers in this run; the others were there from before
  std::vector<std::string> refused_peers;  ///< sent what did not verify; asked nothing more
};

/// Takes the newest snapshot that a peer offers and after which the network has made at least `kBlocksAfterSnapshot`
/// more blocks. kAlreadyExists when there is a store, kNotFound when nobody offers a usable snapshot, kUnavailable when
/// no peer gives a chunk: what has come is kept for the next attempt. The errors of storage.
Result<JoinResult> join_by_snapshot(const ledger::Genesis& genesis, PeerTransport& transport,
                                    const JoinOptions& options);

/// The consensus engine verifies a state by the two blocks that follow it.
inline constexpr std::uint64_t kBlocksAfterSnapshot = 2;

}  // namespace chancery::node
