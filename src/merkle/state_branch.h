#pragma once
// The state tree cut into branches: each holds all leaves whose key hashes begin with the same bits, and all of them
// together hold every leaf. A branch can be checked alone against a root that vouches for all of them.
//
// The digest of a branch is that of its subtree (state_tree.h): of a single leaf the leaf's own hash, of nothing zero.

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "merkle/state_tree.h"

namespace chancery::merkle {

/// Deeper than any honest tree needs: 2^40 branches.
inline constexpr std::uint32_t kMaxBranchDepth = 40;

struct StateBranch {
  std::uint32_t depth = 0;   ///< leading bits that all its key hashes share, at most kMaxBranchDepth
  std::uint64_t prefix = 0;  ///< the value of those bits
  std::uint64_t leaves = 0;
  Digest digest{};

  bool operator==(const StateBranch&) const = default;
};

bool in_branch(std::uint32_t depth, std::uint64_t prefix, const Digest& key_hash);

/// The digest of the branch with these leaves, in strictly ascending order of their key hashes; kProofInvalid when they
/// are in another order or not of that branch.
Result<Digest> branch_digest(crypto::HashAlgorithm algorithm, std::uint32_t depth, std::uint64_t prefix,
                             std::span<const StateTree::Leaf> leaves);

/// The root over branches in ascending order that together cover every key hash once; kProofInvalid when they don't.
/// Whoever compares the result with a root that he trusts may believe each digest, once the leaves of its branch gave
/// it again.
Result<Digest> root_of_branches(crypto::HashAlgorithm algorithm, std::span<const StateBranch> branches);

}  // namespace chancery::merkle
