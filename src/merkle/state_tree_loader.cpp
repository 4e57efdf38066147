#include <algorithm>

#include "merkle/batch_hasher.h"
#include "merkle/key_bits.h"
#include "merkle/leaf_buckets.h"
#include "merkle/state_tree.h"
#include "merkle/top_levels.h"
#include "merkle/tree_builder.h"
#include "merkle/tree_undo.h"

namespace chancery::merkle {

namespace {

/// Key hashes are uniform, so this many of them tell within some percent how many will come.
constexpr std::size_t kSampleLeaves = 16'384;

std::uint64_t estimate_total(std::uint64_t leaves_so_far, const Digest& last_key_hash) {
  const double covered = (static_cast<double>(read_u64_be(last_key_hash)) + 1.0) / 18446744073709551616.0;
  const double most = static_cast<double>(kLeavesPerBucket << kMaxBucketDepth);
  return static_cast<std::uint64_t>(std::min(static_cast<double>(leaves_so_far) / covered, most));
}

}  // namespace

struct StateTree::Loader::State {
  StateTree& tree;
  std::vector<LeafEntry> sample;  ///< Until the builder is there.
  std::unique_ptr<TreeBuilder> builder;
  std::optional<Digest> last_key_hash;
  std::vector<LeafEntry> entries;
};

StateTree::Loader::Loader(StateTree& empty_tree) : state_(new State{empty_tree, {}, nullptr, std::nullopt, {}}) {
  CHANCERY_CHECK(empty_tree.size() == 0 && empty_tree.undos_.empty());
}

StateTree::Loader::~Loader() = default;

Status StateTree::Loader::add(std::span<const Leaf> sorted_chunk) {
  BatchHasher& hasher = *state_->tree.hasher_;
  state_->entries.resize(sorted_chunk.size());
  for (std::size_t i = 0; i < sorted_chunk.size(); ++i) {
    const Leaf& leaf = sorted_chunk[i];
    if (state_->last_key_hash && !(*state_->last_key_hash < leaf.key_hash)) {
      hasher.flush();
      return fail(Reason::kCorrupt, "the records are not in the order of their key hashes");
    }
    state_->last_key_hash = leaf.key_hash;
    LeafEntry& entry = state_->entries[i];
    entry.key_hash = leaf.key_hash;
    hasher.add(BatchHasher::kLeafTag, leaf.key_hash, leaf.value_hash, &entry.leaf_hash);
  }
  hasher.flush();
  if (state_->builder) {
    state_->builder->add(state_->entries);
    return {};
  }
  auto& sample = state_->sample;
  sample.insert(sample.end(), state_->entries.begin(), state_->entries.end());
  if (sample.size() < kSampleLeaves) return {};
  const std::uint64_t total = estimate_total(sample.size(), sample.back().key_hash);
  state_->builder = std::make_unique<TreeBuilder>(hasher, BucketGeometry::for_leaves(total));
  state_->builder->add(sample);
  sample = {};
  return {};
}

Digest StateTree::Loader::finish(std::uint64_t version) {
  StateTree& tree = state_->tree;
  if (!state_->builder) {
    const auto geometry = BucketGeometry::for_leaves(state_->sample.size());
    state_->builder = std::make_unique<TreeBuilder>(*tree.hasher_, geometry);
    state_->builder->add(state_->sample);
  }
  state_->builder->finish();
  const auto lock = tree.write_lock();
  tree.buckets_ = std::move(state_->builder->buckets);
  tree.top_ = std::move(state_->builder->top);
  tree.version_ = tree.oldest_version_ = version;
  return tree.top_->at(0, 0);
}

Result<Digest> StateTree::load(std::uint64_t version, std::span<const Leaf> sorted) {
  Loader loader(*this);
  TRY(loader.add(sorted));
  return loader.finish(version);
}

}  // namespace chancery::merkle
