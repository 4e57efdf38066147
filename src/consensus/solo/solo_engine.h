#pragma once
// The embedded engine: one node, group commit. Two threads overlap: while one makes block n durable, the other executes
// block n + 1. A block closes at `block_transactions`, or `block_wait_ms` after its first transaction.

#include <memory>

#include "base/clock.h"
#include "consensus/engine.h"

namespace chancery::consensus {

struct SoloOptions {
  std::size_t queue_transactions = 60'000;
  /// How often a write that the full disk refused is tried again.
  std::int64_t retry_ms = 200;
};

class SoloEngine final : public Engine {
 public:
  /// Ledger and clock outlive the engine.
  SoloEngine(ledger::Ledger& ledger, const Clock& clock, EngineEvents events, const SoloOptions& options = {});
  ~SoloEngine() override;

  Status submit(std::vector<ledger::OrderedTransaction> transactions) override;
  void stop() override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::consensus
