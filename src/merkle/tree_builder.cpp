#include "merkle/tree_builder.h"

#include <utility>

#include "merkle/key_bits.h"

namespace chancery::merkle {

namespace {
constexpr std::size_t kLeavesAtOnce = 4096;
}

TreeBuilder::TreeBuilder(BatchHasher& hasher, BucketGeometry geometry)
    : buckets(std::make_unique<LeafBuckets>(geometry)),
      top(std::make_unique<TopLevels>(geometry.deepest_level())),
      hasher_(hasher),
      subtrees_(hasher) {}

void TreeBuilder::add(std::span<const LeafEntry> sorted) {
  pending_.insert(pending_.end(), sorted.begin(), sorted.end());
  if (pending_.size() < kLeavesAtOnce) return;
  // The last bucket may go on in the next chunk.
  const BucketId last = buckets->geometry().bucket_of(pending_.back().key_hash);
  std::size_t whole = pending_.size();
  while (whole > 0 && buckets->geometry().bucket_of(pending_[whole - 1].key_hash) == last) --whole;
  store(std::span(pending_).first(whole));
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(whole));
}

void TreeBuilder::store(std::span<const LeafEntry> whole_buckets) {
  std::vector<std::pair<BucketId, SubtreeBatch::Ref>> nodes;
  subtrees_.clear();
  for (std::size_t begin = 0; begin < whole_buckets.size();) {
    const BucketId id = buckets->geometry().bucket_of(whole_buckets[begin].key_hash);
    std::size_t end = begin + 1;
    while (end < whole_buckets.size() && prefix_of(whole_buckets[end].key_hash, id.depth) == id.index) ++end;
    const auto leaves = whole_buckets.subspan(begin, end - begin);
    nodes.emplace_back(id, subtrees_.add(leaves, id.depth));
    buckets->replace(id, buckets->arena().make(leaves));
    begin = end;
  }
  subtrees_.run();
  for (const auto& [id, ref] : nodes) top->at(id.depth, id.index) = subtrees_.digest(ref);
}

void TreeBuilder::finish() {
  store(pending_);
  pending_ = {};
  for (std::uint32_t level = buckets->geometry().deepest_level(); level > 0; --level) raise(level);
}

void TreeBuilder::raise(std::uint32_t level) {
  const BucketGeometry& geometry = buckets->geometry();
  // On the deepest level only the divided part has nodes.
  const std::uint64_t parents = level > geometry.depth ? geometry.split : std::uint64_t{1} << (level - 1);
  for (std::uint64_t parent = 0; parent < parents; ++parent) {
    const Digest& left = top->at(level, 2 * parent);
    const Digest& right = top->at(level, 2 * parent + 1);
    Digest& out = top->at(level - 1, parent);
    if (left == kEmptySubtree && right == kEmptySubtree) continue;
    if (right == kEmptySubtree && buckets->count_up_to_two(level, 2 * parent) == 1) {
      out = left;
    } else if (left == kEmptySubtree && buckets->count_up_to_two(level, 2 * parent + 1) == 1) {
      out = right;
    } else {
      hasher_.add(BatchHasher::kInnerTag, left, right, &out);
    }
  }
  hasher_.flush();
}

}  // namespace chancery::merkle
