#pragma once
// The ledger as an application of CometBFT: what each ABCI request means. Heights are those of the ledger: its genesis
// is block 1, so CometBFT's first block has height 2.

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "consensus/cometbft/abci_server.h"
#include "consensus/cometbft/bundle_cache.h"
#include "consensus/engine.h"

namespace chancery::consensus {

inline constexpr std::uint64_t kFirstEngineHeight = 2;

struct ApplicationOptions {
  std::string chain_id;
  /// How far a proposer's clock may be from this node's for the proposal to be accepted.
  std::int64_t clock_tolerance_ms = 30'000;
  /// Client transactions in one block; further bundles wait for the next.
  std::size_t block_transactions = 20'000;
  /// Heights of the snapshots that this node keeps for others; may be empty.
  std::function<std::vector<std::uint64_t>()> snapshot_heights = nullptr;
  std::int64_t retry_ms = 200;  ///< how often a write that the full disk refused is tried again
};

struct ApplicationEvents {
  EngineEvents engine;
  /// A bundle is in the block that is being executed.
  std::function<void(const Digest& bundle)> included;
};

class CometApplication final : public AbciHandler {
 public:
  /// Ledger, clock and cache outlive it.
  CometApplication(ledger::Ledger& ledger, const Clock& clock, BundleCache& cache, ApplicationEvents events,
                   ApplicationOptions options);

  abci::Response handle(const abci::Request& request) override;
  /// Ends the waiting for disk space, if any.
  void stop();

 private:
  void info(abci::ResponseInfo& out);
  Status init_chain(const abci::RequestInitChain& request, abci::ResponseInitChain& out);
  void check_tx(const abci::RequestCheckTx& request, abci::ResponseCheckTx& out);
  void prepare_proposal(const abci::RequestPrepareProposal& request, abci::ResponsePrepareProposal& out);
  void process_proposal(const abci::RequestProcessProposal& request, abci::ResponseProcessProposal& out);
  Status finalize_block(const abci::RequestFinalizeBlock& request, abci::ResponseFinalizeBlock& out);
  Status commit(abci::ResponseCommit& out);
  // Snapshots themselves travel between the nodes (node/snapshot_join.h), and the ledger has verified and taken one
  // before CometBFT starts. What travels here is one chunk with the application hash: by it CometBFT agrees on the
  // height and fills its own stores through its light client.
  void list_snapshots(abci::ResponseListSnapshots& out);
  void offer_snapshot(const abci::RequestOfferSnapshot& request, abci::ResponseOfferSnapshot& out);
  void load_snapshot_chunk(const abci::RequestLoadSnapshotChunk& request, abci::ResponseLoadSnapshotChunk& out);
  void apply_snapshot_chunk(const abci::RequestApplySnapshotChunk& request, abci::ResponseApplySnapshotChunk& out);
  /// The application hash after a block that this node still holds.
  Result<std::string> application_hash_at(std::uint64_t height) const;

  /// From the cache, or decoded and checked now.
  Result<std::shared_ptr<const KnownBundle>> bundle(BytesView encoded);
  /// Why an honest node does not vote for this proposal.
  Status judge(const abci::RequestProcessProposal& request);
  std::vector<ledger::OrderedTransaction> transactions_of(const abci::RequestFinalizeBlock& request);
  Digest application_hash(const wire::BlockHeader& header) const;

  ledger::Ledger& ledger_;
  const Clock& clock_;
  BundleCache& cache_;
  const ApplicationEvents events_;
  const ApplicationOptions options_;

  std::mutex mutex_;  ///< one request of the consensus connection at a time
  std::atomic<bool> stopping_ = false;
  std::shared_ptr<ledger::ExecutedBlock> executed_;  ///< finalized, not committed yet
  std::string executed_hash_;                        ///< CometBFT's name of that block
  abci::ResponseFinalizeBlock executed_answer_;
};

}  // namespace chancery::consensus
