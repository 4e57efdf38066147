#pragma once
// Several nodes: CometBFT orders bundles of transactions, this engine feeds it, answers its questions and keeps it
// alive.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "consensus/cometbft/comet_home.h"
#include "consensus/engine.h"
#include "crypto/signature.h"

namespace chancery::consensus {

struct CometbftOptions {
  CometHome home;
  std::string program;  ///< of CometBFT, see find_cometbft
  /// Transactions that were taken and are in no block yet.
  std::size_t queue_transactions = 60'000;
  /// A bundle closes at this many transactions or bytes, or so long after its first.
  std::size_t bundle_transactions = 1'000;
  std::size_t bundle_bytes = 384U << 10;
  std::int64_t bundle_wait_ms = 20;
  /// A bundle that no block has taken for so long is offered again.
  std::int64_t offer_again_ms = 5'000;
  /// Heights of the snapshots that this node offers; may be empty.
  std::function<std::vector<std::uint64_t>()> snapshot_heights = nullptr;
  /// Asked before CometBFT starts while the ledger is as a snapshot left it: how to find the blocks around `height`.
  /// kUnavailable: ask again later.
  std::function<Result<CometStateSync>(std::uint64_t height)> state_sync = nullptr;
};

struct EngineHealth {
  bool running = false;
  std::uint64_t starts = 0;
  std::string last_error;
};

class CometbftEngine final : public Engine {
 public:
  /// Ledger and clock outlive the engine. kUnavailable when the socket can't be made.
  static Result<std::unique_ptr<CometbftEngine>> start(ledger::Ledger& ledger, const Clock& clock,
                                                       crypto::PrivateKey engine_key, EngineEvents events,
                                                       CometbftOptions options);
  ~CometbftEngine() override;

  Status submit(std::vector<ledger::OrderedTransaction> transactions) override;
  /// Stops at once: what no block has taken yet stays unanswered here, other nodes may still order it.
  void stop() override;

  EngineHealth health() const;
  /// The answer of CometBFT's RPC, for the operator's pages.
  Result<Json> ask(const std::string& method) const;
  /// A JSON-RPC request of another node's light client, and its answer. Only what a light client asks for: kForbidden
  /// for other methods, kMalformed, kUnavailable.
  Result<std::string> answer_light_client(const std::string& request) const;

 private:
  CometbftEngine();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::consensus
