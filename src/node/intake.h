#pragma once
// The door: encoded transactions become checked ones, in batches. Form and limits first, then the cheap checks against
// clock and network, then whether the same transaction is on its way already, then all signatures of the batch at once.
// Keeps what is in flight, so that a transaction has one answer however often it is sent.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "consensus/engine.h"
#include "ledger/ledger.h"
#include "node/node.h"

namespace chancery::node {

/// The outcome of a transaction that is in the log.
Outcome final_outcome(const Digest& id, const ledger::TransactionLookup& found);

class Intake {
 public:
  /// Everything outlives the intake. The engine is set once, before the first submit.
  Intake(ledger::Ledger& ledger, const Clock& clock, std::size_t queue_transactions);
  ~Intake();
  void set_engine(consensus::Engine& engine);
  /// Finishes what was submitted (the engine must still run), then stops its thread.
  void stop();

  /// As Node::submit.
  void submit(std::vector<Bytes> transactions, Stage until, std::function<void(std::vector<Outcome>)> done,
              std::optional<ledger::IdempotencyRow> idempotency);
  /// A transaction between submit and final.
  std::optional<Outcome> in_flight(const Digest& id) const;

  // Events of the engine.
  void ordered(std::uint64_t height, std::span<const Digest> ids);
  void final(const ledger::BlockResult& block);
  /// Answers everything that is in flight with the error: what became of it shows after a restart.
  void fatal(const Error& error);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
