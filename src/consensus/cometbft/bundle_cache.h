#pragma once
// Bundles that were decoded and whose signatures were checked, so that each is checked once a node: at the door or on
// its first sight in the mempool, not again in the proposal and in the block. Thread-safe.

#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/bytes.h"
#include "consensus/cometbft/bundle.h"
#include "ledger/ledger.h"

namespace chancery::consensus {

struct KnownBundle {
  std::vector<ledger::OrderedTransaction> transactions;
  bool forged = false;
};

class BundleCache {
 public:
  /// Forgets the oldest bundles beyond `most_transactions`; what is forgotten is checked again when it is needed.
  explicit BundleCache(std::size_t most_transactions) : most_transactions_(most_transactions) {}

  /// SHA-256 of the encoded bundle, as CometBFT names it.
  static Digest name_of(BytesView encoded);

  std::shared_ptr<const KnownBundle> find(const Digest& name) const;
  void put(const Digest& name, std::shared_ptr<const KnownBundle> bundle);

 private:
  struct Hash {
    std::size_t operator()(const Digest& digest) const { return static_cast<std::size_t>(read_u64_be(digest)); }
  };
  const std::size_t most_transactions_;
  mutable std::mutex mutex_;
  std::unordered_map<Digest, std::shared_ptr<const KnownBundle>, Hash> bundles_;
  std::deque<Digest> age_;
  std::size_t transactions_ = 0;
};

}  // namespace chancery::consensus
