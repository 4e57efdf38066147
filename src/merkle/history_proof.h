#pragma once
// How RFC 6962 trees are put together from complete subtrees (2^height leaves, aligned). SHA-256.

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::merkle {

/// Where the hashes of complete subtrees come from.
class CompleteSubtrees {
 public:
  virtual ~CompleteSubtrees() = default;
  /// The root over the leaves [index << height, (index + 1) << height).
  virtual Result<Digest> subtree(std::uint32_t height, std::uint64_t index) = 0;
};

/// The root of a complete subtree from a power of two of its nodes on one level.
Digest complete_root(std::span<const Digest> nodes);

/// The root over all partial tiles, which are the right edge of a tree that is not empty.
Digest edge_root(const std::vector<std::vector<Digest>>& partial_tiles);

/// MTH(D[begin:end]) of RFC 9162 section 2.1.1; begin must be a multiple of the largest power of two below end - begin.
Result<Digest> range_root(CompleteSubtrees& subtrees, std::uint64_t begin, std::uint64_t end);
/// RFC 9162 section 2.1.3.1, from the leaf to the root; index < size.
Result<std::vector<Digest>> inclusion_path(CompleteSubtrees& subtrees, std::uint64_t index, std::uint64_t size);
/// RFC 9162 section 2.1.4.1; 0 < old_size < new_size.
Result<std::vector<Digest>> consistency_path(CompleteSubtrees& subtrees, std::uint64_t old_size,
                                             std::uint64_t new_size);

}  // namespace chancery::merkle
