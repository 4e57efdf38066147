#pragma once
// One root over up to 1,000,000 digests, and every digest's own inclusion proof: a batch deposit is signed and ledgered
// once, and each item of it can still be proven alone. RFC 6962 tree, in the network's hash; the leaf data is the
// digest.

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "merkle/inclusion.h"

namespace chancery::merkle {

inline constexpr std::uint64_t kMaxBatchItems = 1'000'000;

/// Holds all nodes: 64 bytes an item.
class MerkleBatch {
 public:
  /// Item i is leaf_hash(algorithm, items[i]). kInvalidValue when empty, kTooLarge above kMaxBatchItems.
  static Result<MerkleBatch> build(crypto::HashAlgorithm algorithm, std::span<const Digest> items);

  const Digest& root() const { return nodes_.back(); }
  std::uint64_t size() const { return size_; }

  /// Item `index`'s proof for verify_inclusion; index < size(). At most 20 digests.
  std::vector<Digest> proof(std::uint64_t index) const;
  /// The same into `out` (at least 20 digests long) without allocation; returns the number of digests written.
  std::size_t proof(std::uint64_t index, std::span<Digest> out) const;

 private:
  MerkleBatch() = default;
  std::uint64_t size_ = 0;
  std::vector<Digest> nodes_;  ///< All levels, leaves first.
  std::vector<std::uint64_t> level_begin_;
};

/// The root alone, with the tree's memory freed again.
Result<Digest> batch_root(crypto::HashAlgorithm algorithm, std::span<const Digest> items);

}  // namespace chancery::merkle
