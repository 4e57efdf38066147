#include "merkle/batch_hasher.h"

#include <algorithm>
#include <cstring>

#include "merkle/key_bits.h"

namespace chancery::merkle {

BatchHasher::BatchHasher(crypto::HashAlgorithm algorithm)
    : algorithm_(algorithm), preimages_(kBatch * kPreimageBytes), digests_(kBatch), outs_(kBatch) {
  views_.reserve(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) views_.emplace_back(&preimages_[i * kPreimageBytes], kPreimageBytes);
}

void BatchHasher::add(std::uint8_t tag, const Digest& first, const Digest& second, Digest* out) {
  std::uint8_t* preimage = &preimages_[queued_ * kPreimageBytes];
  preimage[0] = tag;
  std::memcpy(preimage + 1, first.data(), first.size());
  std::memcpy(preimage + 33, second.data(), second.size());
  outs_[queued_] = out;
  if (++queued_ == kBatch) flush();
}

void BatchHasher::flush() {
  crypto::hash_batch(algorithm_, std::span(views_).first(queued_), std::span(digests_).first(queued_));
  for (std::size_t i = 0; i < queued_; ++i) *outs_[i] = digests_[i];
  queued_ = 0;
}

SubtreeBatch::SubtreeBatch(BatchHasher& hasher) : hasher_(hasher) {
  clear();
}

void SubtreeBatch::clear() {
  digests_.assign(1, kEmptySubtree);
  ranks_.assign(1, 0);
  for (auto& jobs : jobs_) jobs.clear();
}

SubtreeBatch::Ref SubtreeBatch::add_leaf(const LeafEntry& leaf) {
  digests_.push_back(leaf.leaf_hash);
  ranks_.push_back(0);
  return static_cast<Ref>(digests_.size() - 1);
}

SubtreeBatch::Ref SubtreeBatch::add_inner(Ref left, Ref right) {
  const std::uint16_t rank = std::max(ranks_[left], ranks_[right]);
  if (jobs_.size() <= rank) jobs_.resize(rank + 1u);
  const auto out = static_cast<Ref>(digests_.size());
  jobs_[rank].push_back({left, right, out});
  digests_.emplace_back();
  ranks_.push_back(static_cast<std::uint16_t>(rank + 1));
  return out;
}

SubtreeBatch::Ref SubtreeBatch::add(std::span<const LeafEntry> leaves, std::uint32_t depth) {
  if (leaves.empty()) return 0;
  if (leaves.size() == 1) return add_leaf(leaves.front());
  const std::uint32_t fork = shared_bits(leaves.front().key_hash, leaves.back().key_hash);
  const auto middle = std::partition_point(leaves.begin(), leaves.end(),
                                           [&](const LeafEntry& leaf) { return !bit_at(leaf.key_hash, fork); });
  const auto left_count = static_cast<std::size_t>(middle - leaves.begin());
  const Ref left = add(leaves.first(left_count), fork + 1);
  const Ref right = add(leaves.subspan(left_count), fork + 1);
  Ref node = add_inner(left, right);
  // Above the fork all leaves go the same way: inner nodes with one empty child.
  for (std::uint32_t level = fork; level > depth; --level) {
    const bool goes_right = bit_at(leaves.front().key_hash, level - 1);
    node = goes_right ? add_inner(0, node) : add_inner(node, 0);
  }
  return node;
}

void SubtreeBatch::run() {
  for (const auto& jobs : jobs_) {
    for (const Job& job : jobs) {
      hasher_.add(BatchHasher::kInnerTag, digests_[job.left], digests_[job.right], &digests_[job.out]);
    }
    hasher_.flush();
  }
}

}  // namespace chancery::merkle
