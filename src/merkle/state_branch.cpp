#include "merkle/state_branch.h"

#include <fmt/format.h>

#include <vector>

#include "merkle/batch_hasher.h"
#include "merkle/inclusion.h"
#include "merkle/key_bits.h"

namespace chancery::merkle {

namespace {

struct Folded {
  std::uint64_t leaves = 0;
  Digest digest{};
};

/// Takes branches off the front of a list, subtree by subtree.
class BranchFold {
 public:
  BranchFold(crypto::HashAlgorithm algorithm, std::span<const StateBranch> branches)
      : algorithm_(algorithm), rest_(branches) {}

  bool done() const { return rest_.empty(); }

  /// The subtree at this place; recursion ends at kMaxBranchDepth.
  Result<Folded> take(std::uint32_t depth, std::uint64_t prefix) {
    if (rest_.empty()) return fail(Reason::kProofInvalid, "the branches end before the last key");
    const StateBranch& next = rest_.front();
    if (next.depth == depth && next.prefix == prefix) {
      if ((next.leaves == 0) != (next.digest == kEmptySubtree)) {
        return fail(Reason::kProofInvalid, "a branch is empty by its number of leaves or its digest, not by both");
      }
      rest_ = rest_.subspan(1);
      return Folded{next.leaves, next.digest};
    }
    if (next.depth <= depth || next.depth > kMaxBranchDepth || next.prefix >> (next.depth - depth) != prefix) {
      return fail(Reason::kProofInvalid, fmt::format("the branches leave a gap or overlap at depth {}", depth));
    }
    ASSIGN_OR_RETURN(const Folded left, take(depth + 1, prefix << 1));
    ASSIGN_OR_RETURN(const Folded right, take(depth + 1, prefix << 1 | 1));
    return join(left, right);
  }

 private:
  Folded join(const Folded& left, const Folded& right) const {
    const std::uint64_t leaves = left.leaves + right.leaves;
    if (leaves == 0) return {};
    // A single leaf stands for every subtree that holds nothing else.
    if (leaves == 1) return left.leaves == 1 ? left : right;
    return {leaves, inner_hash(algorithm_, left.digest, right.digest)};
  }

  crypto::HashAlgorithm algorithm_;
  std::span<const StateBranch> rest_;
};

}  // namespace

bool in_branch(std::uint32_t depth, std::uint64_t prefix, const Digest& key_hash) {
  return prefix_of(key_hash, depth) == prefix;
}

Result<Digest> branch_digest(crypto::HashAlgorithm algorithm, std::uint32_t depth, std::uint64_t prefix,
                             std::span<const StateTree::Leaf> leaves) {
  CHANCERY_CHECK(depth <= kMaxBranchDepth);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (!in_branch(depth, prefix, leaves[i].key_hash)) {
      return fail(Reason::kProofInvalid, fmt::format("record {} belongs to another branch", i));
    }
    if (i > 0 && !(leaves[i - 1].key_hash < leaves[i].key_hash)) {
      return fail(Reason::kProofInvalid, fmt::format("record {} is not in the order of key hashes", i));
    }
  }
  BatchHasher hasher(algorithm);
  std::vector<LeafEntry> entries(leaves.size());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    entries[i].key_hash = leaves[i].key_hash;
    hasher.add(BatchHasher::kLeafTag, leaves[i].key_hash, leaves[i].value_hash, &entries[i].leaf_hash);
  }
  hasher.flush();
  SubtreeBatch subtree(hasher);
  const SubtreeBatch::Ref ref = subtree.add(entries, depth);
  subtree.run();
  return subtree.digest(ref);
}

Result<Digest> root_of_branches(crypto::HashAlgorithm algorithm, std::span<const StateBranch> branches) {
  BranchFold fold(algorithm, branches);
  ASSIGN_OR_RETURN(const Folded root, fold.take(0, 0));
  if (!fold.done()) return fail(Reason::kProofInvalid, "there are branches behind the last key");
  return root.digest;
}

}  // namespace chancery::merkle
