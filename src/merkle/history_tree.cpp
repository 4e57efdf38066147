#include "merkle/history_tree.h"

#include <algorithm>
#include <bit>
#include <mutex>

#include "merkle/history_proof.h"

namespace chancery::merkle {

namespace {

constexpr auto kHash = crypto::HashAlgorithm::kSha256;

std::vector<Digest> to_digests(BytesView bytes) {
  std::vector<Digest> digests(bytes.size() / sizeof(Digest));
  for (std::size_t i = 0; i < digests.size(); ++i) {
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * sizeof(Digest)), sizeof(Digest), digests[i].begin());
  }
  return digests;
}

Bytes to_tile_bytes(std::span<const Digest> digests) {
  Bytes bytes;
  bytes.reserve(digests.size() * sizeof(Digest));
  for (const Digest& digest : digests) append(bytes, digest);
  return bytes;
}

Result<Bytes> read_full_tile(const TileSource& source, std::uint32_t level, std::uint64_t index) {
  ASSIGN_OR_RETURN(Bytes tile, source.full_tile(level, index));
  if (tile.size() != kTileWidth * sizeof(Digest)) return fail(Reason::kCorrupt, "a full tile must have 8192 bytes");
  return tile;
}

}  // namespace

/// The right edge of the tree, copied under the lock.
struct HistoryTree::Edge {
  std::uint64_t size;
  std::vector<std::vector<Digest>> partial;
  std::map<TileId, Bytes> unreleased;
};

/// Hashes of complete subtrees, from the edge in memory or from full tiles; each tile is read once a proof.
class HistoryTree::NodeReader final : public CompleteSubtrees {
 public:
  NodeReader(Edge edge, const TileSource& source) : edge_(std::move(edge)), source_(source) {}

  std::uint64_t size() const { return edge_.size; }

  Result<Digest> subtree(std::uint32_t height, std::uint64_t index) override {
    const std::uint32_t level = height / 8, within = height % 8;
    const std::uint64_t first = index << within;
    ASSIGN_OR_RETURN(const std::vector<Digest>* tile, hashes(level, first / kTileWidth));
    const std::size_t offset = first % kTileWidth, count = std::size_t{1} << within;
    CHANCERY_CHECK(offset + count <= tile->size());
    return complete_root(std::span(*tile).subspan(offset, count));
  }

  /// What is there of a tile; the pointer lives as long as this reader.
  Result<const std::vector<Digest>*> hashes(std::uint32_t level, std::uint64_t index) {
    const auto known = tiles_.find({level, index});
    if (known != tiles_.end()) return &known->second;
    const std::uint64_t full_tiles = level > 7 ? 0 : (edge_.size >> (8 * level)) / kTileWidth;
    std::vector<Digest> digests;
    if (index >= full_tiles) {
      if (index > full_tiles || level >= edge_.partial.size()) return fail(Reason::kNotFound, "no such tile yet");
      digests = edge_.partial[level];
    } else if (const auto recent = edge_.unreleased.find({level, index}); recent != edge_.unreleased.end()) {
      digests = to_digests(recent->second);
    } else {
      ASSIGN_OR_RETURN(const Bytes bytes, read_full_tile(source_, level, index));
      digests = to_digests(bytes);
    }
    return &(tiles_[{level, index}] = std::move(digests));
  }

 private:
  Edge edge_;
  const TileSource& source_;
  std::map<TileId, std::vector<Digest>> tiles_;
};

HistoryTree::HistoryTree() : root_(empty_root(kHash)) {}

HistoryTree::HistoryTree(HistoryTree&& other) noexcept {
  *this = std::move(other);
}

HistoryTree& HistoryTree::operator=(HistoryTree&& other) noexcept {
  if (this == &other) return *this;
  const std::scoped_lock lock(mutex_, other.mutex_);
  size_ = other.size_;
  root_ = other.root_;
  partial_ = std::move(other.partial_);
  unreleased_ = std::move(other.unreleased_);
  return *this;
}

Result<HistoryTree> HistoryTree::restore(std::uint64_t size, const TileSource& source,
                                         std::span<const Digest> last_leaf_hashes) {
  if (last_leaf_hashes.size() != size % kTileWidth) {
    return fail(Reason::kCorrupt, "the last level-0 tile must have the size's remainder by 256 of leaf hashes");
  }
  HistoryTree tree;
  tree.size_ = size;
  if (size == 0) return tree;
  tree.partial_.emplace_back(last_leaf_hashes.begin(), last_leaf_hashes.end());
  // Each hash of a partial tile above is the root of a full tile below.
  for (std::uint32_t level = 1; level < 8 && size >> (8 * level) > 0; ++level) {
    const std::uint64_t count = size >> (8 * level);
    std::vector<Digest> hashes;
    for (std::uint64_t below = count - count % kTileWidth; below < count; ++below) {
      ASSIGN_OR_RETURN(const Bytes bytes, read_full_tile(source, level - 1, below));
      hashes.push_back(complete_root(to_digests(bytes)));
    }
    tree.partial_.push_back(std::move(hashes));
  }
  tree.root_ = edge_root(tree.partial_);
  return tree;
}

std::vector<Tile> HistoryTree::append(std::span<const Digest> leaf_hashes) {
  if (leaf_hashes.empty()) return {};
  // The writer alone changes these members, so it may read them without the lock.
  std::vector<std::vector<Digest>> partial = partial_;
  std::vector<Tile> completed;
  std::vector<Digest> arriving(leaf_hashes.begin(), leaf_hashes.end());
  for (std::uint32_t level = 0; !arriving.empty(); ++level) {
    if (partial.size() <= level) partial.emplace_back();
    std::vector<Digest>& tile = partial[level];
    std::uint64_t index = level > 7 ? 0 : (size_ >> (8 * level)) / kTileWidth;
    std::vector<Digest> roots;
    for (std::span<const Digest> rest = arriving; !rest.empty();) {
      const std::size_t taken = std::min<std::size_t>(rest.size(), kTileWidth - tile.size());
      tile.insert(tile.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(taken));
      rest = rest.subspan(taken);
      if (tile.size() < kTileWidth) continue;
      roots.push_back(complete_root(tile));
      completed.push_back({.level = level, .index = index++, .hashes = to_tile_bytes(tile)});
      tile.clear();
    }
    arriving = std::move(roots);
  }
  const Digest root = edge_root(partial);
  const std::unique_lock lock(mutex_);
  for (const Tile& tile : completed) unreleased_[{tile.level, tile.index}] = tile.hashes;
  partial_ = std::move(partial);
  size_ += leaf_hashes.size();
  root_ = root;
  return completed;
}

void HistoryTree::release_completed_tiles(std::uint64_t durable_size) {
  const std::unique_lock lock(mutex_);
  std::erase_if(unreleased_, [&](const auto& entry) {
    const auto& [level, index] = entry.first;
    return (index + 1) << (8 * (level + 1)) <= durable_size;
  });
}

std::uint64_t HistoryTree::size() const {
  const std::shared_lock lock(mutex_);
  return size_;
}

Digest HistoryTree::root() const {
  const std::shared_lock lock(mutex_);
  return root_;
}

HistoryTree::Edge HistoryTree::edge() const {
  const std::shared_lock lock(mutex_);
  return {.size = size_, .partial = partial_, .unreleased = unreleased_};
}

Result<Digest> HistoryTree::root_at(std::uint64_t size, const TileSource& source) const {
  NodeReader reader(edge(), source);
  if (size > reader.size()) return fail(Reason::kNotFound, "the tree is smaller");
  if (size == 0) return empty_root(kHash);
  return range_root(reader, 0, size);
}

Result<std::vector<Digest>> HistoryTree::inclusion_proof(std::uint64_t index, std::uint64_t size,
                                                         const TileSource& source) const {
  NodeReader reader(edge(), source);
  if (size > reader.size() || index >= size) return fail(Reason::kNotFound, "no such leaf at that size");
  return inclusion_path(reader, index, size);
}

Result<std::vector<Digest>> HistoryTree::consistency_proof(std::uint64_t old_size, std::uint64_t new_size,
                                                           const TileSource& source) const {
  NodeReader reader(edge(), source);
  if (old_size > new_size) return fail(Reason::kInvalidValue, "the old size is above the new one");
  if (new_size > reader.size()) return fail(Reason::kNotFound, "the tree is smaller");
  if (old_size == 0 || old_size == new_size) return std::vector<Digest>{};
  return consistency_path(reader, old_size, new_size);
}

Result<Bytes> HistoryTree::tile(std::uint32_t level, std::uint64_t index, std::uint32_t width,
                                const TileSource& source) const {
  if (level > 7 || width == 0 || width > kTileWidth) return fail(Reason::kNotFound, "no such tile");
  NodeReader reader(edge(), source);
  ASSIGN_OR_RETURN(const std::vector<Digest>* hashes, reader.hashes(level, index));
  if (hashes->size() < width) return fail(Reason::kNotFound, "the tile is not that wide yet");
  return to_tile_bytes(std::span(*hashes).first(width));
}

}  // namespace chancery::merkle
