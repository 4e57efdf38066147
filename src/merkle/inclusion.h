#pragma once
// Verifiers of RFC 6962 trees: leaf = H(0x00 | data), inner = H(0x01 | left | right). The history tree always uses
// SHA-256; batches of deposits use the network's hash. Index and sizes are inputs of every check, never read from a
// proof. All functions: kProofInvalid when the proof does not hold.

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace chancery::merkle {

/// H(0x00 | data), RFC 9162 section 2.1.1.
Digest leaf_hash(crypto::HashAlgorithm algorithm, BytesView data);
/// H(0x01 | left | right), RFC 9162 section 2.1.1.
Digest inner_hash(crypto::HashAlgorithm algorithm, const Digest& left, const Digest& right);
/// The root of a tree without leaves: H of nothing.
Digest empty_root(crypto::HashAlgorithm algorithm);

/// RFC 9162 section 2.1.3.2. Proof from the leaf to the root.
Status verify_inclusion(crypto::HashAlgorithm algorithm, const Digest& leaf_hash, std::uint64_t index,
                        std::uint64_t size, std::span<const Digest> proof, const Digest& root);
/// RFC 9162 section 2.1.4.2; 0 < old_size <= new_size. (Every tree is consistent with the empty one: a proof of that
/// would say nothing, so old_size 0 is refused.)
Status verify_consistency(crypto::HashAlgorithm algorithm, std::uint64_t old_size, std::uint64_t new_size,
                          std::span<const Digest> proof, const Digest& old_root, const Digest& new_root);

/// A leaf of the tree within the subtree over the leaves [begin, end), which must be aligned
/// (draft-ietf-plants-merkle-tree-certs, "Subtrees"). `index` counts from the tree's first leaf.
Status verify_subtree_inclusion(crypto::HashAlgorithm algorithm, const Digest& leaf_hash, std::uint64_t index,
                                std::uint64_t begin, std::uint64_t end, std::span<const Digest> proof,
                                const Digest& subtree_root);
/// The subtree over [begin, end) is part of the tree of `size` leaves.
Status verify_subtree_consistency(crypto::HashAlgorithm algorithm, std::uint64_t begin, std::uint64_t end,
                                  std::uint64_t size, std::span<const Digest> proof, const Digest& subtree_root,
                                  const Digest& root);

}  // namespace chancery::merkle
