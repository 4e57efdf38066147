#include "merkle/inclusion.h"

#include <algorithm>
#include <array>
#include <bit>

namespace chancery::merkle {

namespace {

Status refuse(const char* why) {
  return fail(Reason::kProofInvalid, why);
}

/// A node that RFC 6962 trees can have above these leaves: aligned to the next power of two.
bool is_subtree(std::uint64_t begin, std::uint64_t end) {
  if (begin >= end) return false;
  const std::uint64_t last = end - begin - 1;
  const auto bits = std::bit_width(last);
  return bits == 64 ? begin == 0 : begin >> bits << bits == begin;
}

}  // namespace

Digest leaf_hash(crypto::HashAlgorithm algorithm, BytesView data) {
  const std::uint8_t tag = 0;
  return crypto::Hasher(algorithm).update({&tag, 1}).update(data).finish();
}

Digest inner_hash(crypto::HashAlgorithm algorithm, const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 65> preimage;
  preimage[0] = 1;
  std::copy(left.begin(), left.end(), preimage.begin() + 1);
  std::copy(right.begin(), right.end(), preimage.begin() + 33);
  return crypto::hash(algorithm, preimage);
}

Digest empty_root(crypto::HashAlgorithm algorithm) {
  return crypto::hash(algorithm, {});
}

Status verify_inclusion(crypto::HashAlgorithm algorithm, const Digest& leaf_hash, std::uint64_t index,
                        std::uint64_t size, std::span<const Digest> proof, const Digest& root) {
  if (index >= size) return refuse("the index is not below the tree size");
  // While `last` > 0 there is a level above; the right edge skips levels on which it has no sibling.
  std::uint64_t at = index, last = size - 1;
  Digest hash = leaf_hash;
  for (const Digest& sibling : proof) {
    if (last == 0) return refuse("the inclusion proof is too long");
    if (at % 2 == 1 || at == last) {
      hash = inner_hash(algorithm, sibling, hash);
      // An edge node without a right sibling moves up until it is a right child.
      while (at % 2 == 0 && at != 0) at /= 2, last /= 2;
    } else {
      hash = inner_hash(algorithm, hash, sibling);
    }
    at /= 2;
    last /= 2;
  }
  if (last != 0) return refuse("the inclusion proof is too short");
  if (hash != root) return refuse("the inclusion proof leads to another root");
  return {};
}

Status verify_subtree_inclusion(crypto::HashAlgorithm algorithm, const Digest& leaf_hash, std::uint64_t index,
                                std::uint64_t begin, std::uint64_t end, std::span<const Digest> proof,
                                const Digest& subtree_root) {
  if (!is_subtree(begin, end) || index < begin) return refuse("no such leaf in such a subtree");
  return verify_inclusion(algorithm, leaf_hash, index - begin, end - begin, proof, subtree_root);
}

Status verify_subtree_consistency(crypto::HashAlgorithm algorithm, std::uint64_t begin, std::uint64_t end,
                                  std::uint64_t size, std::span<const Digest> proof, const Digest& subtree_root,
                                  const Digest& root) {
  if (end > size || begin > end) return refuse("the subtree is not within the tree");
  if (begin == end) {
    const bool holds = proof.empty() && subtree_root == empty_root(algorithm);
    return holds ? Status{} : refuse("the empty subtree has one root, and no proof");
  }
  if (!is_subtree(begin, end)) return refuse("the subtree is not aligned");
  // Level by level: the subtree's first and last node and the tree's last one. The proof starts at the largest complete
  // subtree at the subtree's right edge; when that is all of it, its root is known and left out of the proof.
  std::uint64_t first = begin, at = end - 1, last = size - 1;
  const auto go_up = [&] { first /= 2, at /= 2, last /= 2; };
  while (first != at && (at == last || at % 2 == 1)) go_up();
  if (first != at && proof.empty()) return refuse("the consistency proof is too short");
  Digest from_subtree = subtree_root;
  if (first != at) {
    from_subtree = proof.front();
    proof = proof.subspan(1);
  }
  Digest from_tree = from_subtree;
  for (const Digest& sibling : proof) {
    if (last == 0) return refuse("the consistency proof is too long");
    if (at % 2 == 1 || at == last) {
      if (first < at) from_subtree = inner_hash(algorithm, sibling, from_subtree);
      from_tree = inner_hash(algorithm, sibling, from_tree);
      while (at % 2 == 0 && at != 0) go_up();
    } else {
      from_tree = inner_hash(algorithm, from_tree, sibling);
    }
    go_up();
  }
  if (last != 0) return refuse("the consistency proof is too short");
  if (from_subtree != subtree_root) return refuse("the consistency proof leads to another old root");
  if (from_tree != root) return refuse("the consistency proof leads to another new root");
  return {};
}

Status verify_consistency(crypto::HashAlgorithm algorithm, std::uint64_t old_size, std::uint64_t new_size,
                          std::span<const Digest> proof, const Digest& old_root, const Digest& new_root) {
  if (old_size == 0) return refuse("every tree is consistent with the empty one: there is nothing to prove");
  return verify_subtree_consistency(algorithm, 0, old_size, new_size, proof, old_root, new_root);
}

}  // namespace chancery::merkle
