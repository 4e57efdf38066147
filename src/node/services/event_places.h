#pragma once
// Where in the log a record came into being: the entry of a block whose event names it. A block is read once for all of
// its records, because whoever asks for one of a batch asks for the others next.

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "ledger/ledger.h"

namespace chancery::node {

/// Thread-safe. Remembers the last blocks that were asked for: some 100 bytes an event.
class EventPlaces {
 public:
  /// Of events of `contract` whose name begins with `name`.
  EventPlaces(std::string contract, std::string name) : contract_(std::move(contract)), name_(std::move(name)) {}

  /// Leaf index of the entry of block `height` that has such an event about `subject`. kCorrupt when there is none: the
  /// record that names the block says that there is.
  Result<std::uint64_t> leaf_of(const ledger::Ledger& ledger, std::uint64_t height, std::string_view subject);

 private:
  struct Block {
    std::uint64_t height = 0;
    std::unordered_map<std::string, std::uint64_t> leaf_of_subject;
  };
  Result<std::shared_ptr<const Block>> block_at(const ledger::Ledger& ledger, std::uint64_t height);
  Result<std::shared_ptr<const Block>> read(const ledger::Ledger& ledger, std::uint64_t height) const;

  const std::string contract_;
  const std::string name_;
  std::mutex mutex_;
  std::list<std::shared_ptr<const Block>> blocks_;  ///< most recently used first
};

}  // namespace chancery::node
