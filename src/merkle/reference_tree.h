#pragma once
// The state tree as its definition reads: recursive, slow, obviously right. Tests compare with it.

#include <map>
#include <optional>
#include <vector>

#include "base/random.h"
#include "merkle/inclusion.h"
#include "merkle/key_bits.h"
#include "merkle/state_tree.h"

namespace chancery::merkle::testing {

class ReferenceTree {
 public:
  explicit ReferenceTree(crypto::HashAlgorithm algorithm) : algorithm_(algorithm) {}

  std::map<Digest, Digest> values;  ///< Value hash by key hash.

  void apply(std::span<const StateTree::Change> changes) {
    for (const auto& change : changes) {
      if (change.value_hash) {
        values[change.key_hash] = *change.value_hash;
      } else {
        values.erase(change.key_hash);
      }
    }
  }

  Digest root() const { return subtree(all(), 0); }

  std::optional<Path> path(const Digest& key_hash) const {
    const auto found = values.find(key_hash);
    if (found == values.end()) return std::nullopt;
    Path path{.key_hash = key_hash, .leaf_hash = leaf(*found), .siblings = {}};
    collect(all(), 0, key_hash, path.siblings);
    return path;
  }

 private:
  using Leaves = std::vector<std::pair<Digest, Digest>>;

  Leaves all() const { return {values.begin(), values.end()}; }

  Digest tagged(std::uint8_t tag, const Digest& a, const Digest& b) const {
    Bytes preimage{tag};
    append(preimage, a);
    append(preimage, b);
    return crypto::hash(algorithm_, preimage);
  }
  Digest leaf(const std::pair<const Digest, Digest>& record) const { return tagged(0, record.first, record.second); }

  static void divide(const Leaves& leaves, std::uint32_t depth, Leaves& left, Leaves& right) {
    for (const auto& record : leaves) (bit_at(record.first, depth) ? right : left).push_back(record);
  }

  Digest subtree(const Leaves& leaves, std::uint32_t depth) const {
    if (leaves.empty()) return Digest{};
    if (leaves.size() == 1) return tagged(0, leaves[0].first, leaves[0].second);
    Leaves left, right;
    divide(leaves, depth, left, right);
    return tagged(1, subtree(left, depth + 1), subtree(right, depth + 1));
  }

  void collect(const Leaves& leaves, std::uint32_t depth, const Digest& key_hash, std::vector<Digest>& siblings) const {
    if (leaves.size() == 1) return;
    Leaves left, right;
    divide(leaves, depth, left, right);
    const bool goes_right = bit_at(key_hash, depth);
    collect(goes_right ? right : left, depth + 1, key_hash, siblings);
    siblings.push_back(subtree(goes_right ? left : right, depth + 1));
  }

  crypto::HashAlgorithm algorithm_;
};

inline Digest random_digest(Random& random) {
  Digest digest;
  random.fill(digest);
  return digest;
}

/// A root from a path, as any verifier computes it.
inline Digest root_of(crypto::HashAlgorithm algorithm, const Path& path) {
  Digest at = path.leaf_hash;
  for (std::size_t i = 0; i < path.siblings.size(); ++i) {
    const auto depth = static_cast<std::uint32_t>(path.siblings.size() - 1 - i);
    at = bit_at(path.key_hash, depth) ? inner_hash(algorithm, path.siblings[i], at)
                                      : inner_hash(algorithm, at, path.siblings[i]);
  }
  return at;
}

}  // namespace chancery::merkle::testing
