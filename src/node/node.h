#pragma once
// A running node: the ledger, its engine, the intake that checks signatures, and what else the process needs of them.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "consensus/cometbft/cometbft_engine.h"
#include "ledger/ledger.h"
#include "ledger/snapshot/writer.h"
#include "node/peers/cosign_exchange.h"

namespace chancery::node {

/// The directory of a node:
///   genesis.json   trust.json   store/ (RocksDB)   signed (the newest checkpoint that was signed)
///   blobs/   batches/   readmodel.sqlite   access/   keys/ (encrypted PKCS#8)   snapshots/
/// What a node of a network of several needs besides: its engine and a way to its peers.
struct NodeNetwork {
  std::string cometbft;               ///< the program, see consensus::find_cometbft
  std::string engine_listen;          ///< "host:port" of the engine's own traffic
  std::int64_t commit_wait_ms = 100;  ///< see consensus::CometHome
  std::vector<consensus::CometPeer> engine_peers;
  std::string own_name;            ///< a validator's of the genesis, or else the node observes
  std::vector<std::string> peers;  ///< names, as the transport knows them
  PeerTransport* transport = nullptr;
};

struct NodeOptions {
  std::string directory;
  /// Opens the node's own key files.
  std::string passphrase;
  /// Transactions that wait for signature check or a block; beyond it kOverloaded.
  std::size_t queue_transactions = 60'000;
  std::size_t cache_bytes = 256U << 20;
  /// Free disk space below which nothing more is written. The store still flushes and compacts then, out of this
  /// reserve: the library aborts the process when one of its own writes fails (Debian builds it with assertions).
  std::uint64_t reserve_bytes = 256U << 20;
  /// Records and log entries that the background check recomputes each second; 0 switches it off.
  std::uint64_t scrub_per_second = 2'000;
  /// A snapshot for nodes that join is taken at every height that this divides; 0: only when asked for. Of those the
  /// two newest are kept.
  std::uint64_t snapshot_every_blocks = 1'000;
  /// Set exactly when the genesis gives its validators engine keys.
  std::optional<NodeNetwork> network{};
};

enum class Stage : std::uint8_t { kRefused, kReceived, kOrdered, kFinal };
std::string_view to_string(Stage stage);

struct Outcome {
  Digest id{};
  Stage stage = Stage::kReceived;
  std::uint64_t height = 0;
  std::uint64_t leaf_index = 0;
  /// With kRefused: it never got into a block. With kFinal: recorded as failed. With kReceived or kOrdered: the node
  /// stopped before the answer was known; ask again with the same transaction.
  std::optional<Error> error;
};

/// What subscribers see of a final transaction; in order of leaf index.
struct FinalEntry {
  std::uint64_t leaf_index = 0;
  std::shared_ptr<const wire::Entry> entry;
  Digest id{};
};

class Node {
 public:
  static Result<std::unique_ptr<Node>> open(const NodeOptions& options, Clock& clock, Random& random);
  ~Node();
  void stop();

  ledger::Ledger& ledger();
  const ledger::Genesis& genesis() const;
  Clock& clock();
  Random& random();
  const std::string& directory() const;

  /// Takes encoded transactions, checks form and signatures, orders them. `until` says at which stage `done` is called
  /// (once, from a node thread, with one outcome for each transaction in order). kReceived: as soon as the form is
  /// right and signatures are checked. A transaction that was seen before gets the outcome of its first time.
  /// `idempotency` belongs to the only transaction of the request.
  void submit(std::vector<Bytes> transactions, Stage until, std::function<void(std::vector<Outcome>)> done,
              std::optional<ledger::IdempotencyRow> idempotency = std::nullopt);
  /// The same, waiting at most `timeout_ms` for kFinal; kTimeout leaves the transaction on its way.
  Result<Outcome> submit_and_wait(Bytes transaction, std::int64_t timeout_ms,
                                  std::optional<ledger::IdempotencyRow> idempotency = std::nullopt);
  /// What is known of a transaction: in flight, final, or nullopt.
  Result<std::optional<Outcome>> outcome(const Digest& id) const;

  /// Called after each final block with its height, from a node thread; must not block. Returns a token for
  /// unsubscribe.
  std::uint64_t subscribe(std::function<void(std::uint64_t height)> on_final);
  void unsubscribe(std::uint64_t token);

  /// Answers a request that came from the authenticated peer `peer`; kNotFound for a path that nodes do not serve each
  /// other, kUnavailable in a network of one.
  Result<std::string> answer_peer(const std::string& peer, std::string_view path, const std::string& body);
  /// Empty in a network of one.
  std::vector<CosignExchange::PeerState> peers() const;
  std::optional<consensus::EngineHealth> engine_health() const;

  /// Why the node isn't ready to serve or to write; empty when all is well.
  struct Readiness {
    bool live = true;
    bool ready = true;
    bool writable = true;
    std::vector<Error> problems;
  };
  Readiness readiness() const;

  /// kReadOnly while the volume of the store has less than the reserve free. Whatever writes files of its own for
  /// clients asks first: the reserve belongs to what the store does in the background.
  Status require_space() const;

  /// An online copy of store, genesis, trust file, blobs and batches (not of keys) into a new directory; opened and
  /// compared with its checkpoint after writing. kAlreadyExists when the directory is there.
  Status backup_to(const std::string& directory);
  /// Writes a snapshot of the newest durable block for nodes that join, below <directory>/snapshots, while this node
  /// goes on; waits until it is written and its checkpoint final.
  Result<ledger::SnapshotFacts> create_snapshot();

 private:
  Node();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
