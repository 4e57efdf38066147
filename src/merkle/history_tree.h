#pragma once
// The history tree: the transactions of the network's whole life as leaves of one append-only RFC 6962 tree, always
// SHA-256 (C2SP tlog-tiles fixes it), also in a gm network: outsiders' log clients must be able to follow it.
//
// Memory holds the right edge only: for each level of tiles (C2SP tlog-tiles: 256 hashes wide, 8 levels high) the
// hashes of the tile that is still partial. Everything older is read back from full tiles.
//
// Threads: one writer (append, release_completed_tiles) and any number of readers.

#include <cstdint>
#include <map>
#include <shared_mutex>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "merkle/inclusion.h"

namespace chancery::merkle {

inline constexpr std::uint64_t kTileWidth = 256;

/// A full tile: 256 hashes of 32 bytes. Level 0 holds leaf hashes, level L the roots of full tiles of level L-1.
struct Tile {
  std::uint32_t level;
  std::uint64_t index;
  Bytes hashes;  ///< 8,192 bytes.
};

/// Where full tiles are read back from. Called from any reader's thread.
class TileSource {
 public:
  virtual ~TileSource() = default;
  /// The 8,192 bytes of a full tile; kNotFound when it is not there.
  virtual Result<Bytes> full_tile(std::uint32_t level, std::uint64_t index) const = 0;
};

class HistoryTree {
 public:
  /// The tree without leaves.
  HistoryTree();

  /// Reads back the right edge of a tree of `size` leaves. `last_leaf_hashes` are the size % 256 hashes of the partial
  /// level-0 tile. kCorrupt when a tile or the leaf hashes have the wrong length; compare root() with what you trust.
  static Result<HistoryTree> restore(std::uint64_t size, const TileSource& source,
                                     std::span<const Digest> last_leaf_hashes);

  HistoryTree(HistoryTree&& other) noexcept;
  HistoryTree& operator=(HistoryTree&& other) noexcept;

  /// Appends leaf_hash(kSha256, data) of each new leaf. Returns the tiles that became full, to be made durable with the
  /// block; they also stay in memory until release_completed_tiles(), so that proofs never fall into a gap.
  std::vector<Tile> append(std::span<const Digest> leaf_hashes);
  /// The tiles that append() returned for the first `durable_size` leaves can now be had from the source.
  void release_completed_tiles(std::uint64_t durable_size);

  std::uint64_t size() const;
  /// SHA-256 of nothing for an empty tree.
  Digest root() const;

  // For any size up to the present one; kNotFound above it. Errors of the source are passed on.
  Result<Digest> root_at(std::uint64_t size, const TileSource& source) const;
  /// RFC 9162 section 2.1.3.1; kNotFound unless index < size.
  Result<std::vector<Digest>> inclusion_proof(std::uint64_t index, std::uint64_t size, const TileSource& source) const;
  /// RFC 9162 section 2.1.4.1; kInvalidValue unless old_size <= new_size. Empty from size 0 and between equal sizes.
  Result<std::vector<Digest>> consistency_proof(std::uint64_t old_size, std::uint64_t new_size,
                                                const TileSource& source) const;
  /// The first `width` (1 to 256) hashes of a tile; kNotFound when the tree does not have that many yet.
  Result<Bytes> tile(std::uint32_t level, std::uint64_t index, std::uint32_t width, const TileSource& source) const;

 private:
  using TileId = std::pair<std::uint32_t, std::uint64_t>;  // level, index
  struct Edge;
  class NodeReader;

  Edge edge() const;

  mutable std::shared_mutex mutex_;
  std::uint64_t size_ = 0;
  Digest root_;
  std::vector<std::vector<Digest>> partial_;  ///< By tile level; each shorter than 256.
  std::map<TileId, Bytes> unreleased_;
};

}  // namespace chancery::merkle
