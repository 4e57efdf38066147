#pragma once
// An engine orders transactions; the ledger applies them. The ledger never knows which engine runs.

#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "ledger/ledger.h"

namespace chancery::consensus {

/// Called from the engine's threads; must not block.
struct EngineEvents {
  /// The transactions have their place in block `height`, which is not durable yet.
  std::function<void(std::uint64_t height, std::span<const Digest> ids)> ordered;
  /// The block is durable and its checkpoint signed.
  std::function<void(const ledger::BlockResult&)> final;
  /// The node must stop: storage failed or data is corrupt. No block is executed after this.
  std::function<void(const Error&)> fatal;
};

class Engine {
 public:
  virtual ~Engine() = default;
  /// Hands over transactions whose signatures were checked. kOverloaded when the queue is full (nothing was taken),
  /// kReadOnly or the fatal error when no block can be made.
  virtual Status submit(std::vector<ledger::OrderedTransaction> transactions) = 0;
  /// Waits until everything that was submitted is final or refused, then stops its threads.
  virtual void stop() = 0;
};

}  // namespace chancery::consensus
