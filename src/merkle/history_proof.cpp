#include "merkle/history_proof.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "merkle/inclusion.h"

namespace chancery::merkle {

namespace {

constexpr auto kHash = crypto::HashAlgorithm::kSha256;

/// The largest power of two below `count`; count > 1.
std::uint64_t split_point(std::uint64_t count) {
  return std::bit_floor(count - 1);
}

}  // namespace

Digest complete_root(std::span<const Digest> nodes) {
  CHANCERY_CHECK(std::has_single_bit(nodes.size()));
  std::vector<Digest> level(nodes.begin(), nodes.end());
  for (std::size_t count = level.size() / 2; count > 0; count /= 2) {
    for (std::size_t i = 0; i < count; ++i) level[i] = inner_hash(kHash, level[2 * i], level[2 * i + 1]);
  }
  return level.front();
}

Digest edge_root(const std::vector<std::vector<Digest>>& partial_tiles) {
  std::optional<Digest> root;
  // From the right end: each complete subtree to the left, smallest first, becomes the left side.
  for (const auto& tile : partial_tiles) {
    std::span<const Digest> rest = tile;
    while (!rest.empty()) {
      const std::size_t last = std::size_t{1} << std::countr_zero(rest.size());
      const Digest left = complete_root(rest.last(last));
      root = root ? inner_hash(kHash, left, *root) : left;
      rest = rest.first(rest.size() - last);
    }
  }
  CHANCERY_CHECK(root.has_value());
  return *root;
}

Result<Digest> range_root(CompleteSubtrees& subtrees, std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t count = end - begin;
  if (std::has_single_bit(count)) {
    const auto height = static_cast<std::uint32_t>(std::countr_zero(count));
    return subtrees.subtree(height, begin >> height);
  }
  const std::uint64_t middle = begin + split_point(count);
  ASSIGN_OR_RETURN(const Digest left, range_root(subtrees, begin, middle));
  ASSIGN_OR_RETURN(const Digest right, range_root(subtrees, middle, end));
  return inner_hash(kHash, left, right);
}

Result<std::vector<Digest>> inclusion_path(CompleteSubtrees& subtrees, std::uint64_t index, std::uint64_t size) {
  std::vector<Digest> path;
  std::uint64_t begin = 0, end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + split_point(end - begin);
    const bool goes_right = index >= middle;
    ASSIGN_OR_RETURN(const Digest sibling,
                     goes_right ? range_root(subtrees, begin, middle) : range_root(subtrees, middle, end));
    path.push_back(sibling);
    (goes_right ? begin : end) = middle;
  }
  std::ranges::reverse(path);
  return path;
}

Result<std::vector<Digest>> consistency_path(CompleteSubtrees& subtrees, std::uint64_t old_size,
                                             std::uint64_t new_size) {
  std::vector<Digest> path;
  std::uint64_t begin = 0, end = new_size;
  // Down to the complete subtree at the old tree's right edge.
  while (end != old_size) {
    const std::uint64_t middle = begin + split_point(end - begin);
    const bool goes_right = old_size > middle;
    ASSIGN_OR_RETURN(const Digest sibling,
                     goes_right ? range_root(subtrees, begin, middle) : range_root(subtrees, middle, end));
    path.push_back(sibling);
    (goes_right ? begin : end) = middle;
  }
  if (begin != 0) {
    ASSIGN_OR_RETURN(const Digest start, range_root(subtrees, begin, end));
    path.push_back(start);
  }
  std::ranges::reverse(path);
  return path;
}

}  // namespace chancery::merkle
