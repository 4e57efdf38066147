#pragma once
// Takes a snapshot in, chunk by chunk, each verified before anything of it is stored, into a store of its own that
// becomes a node's only when the last chunk was right.

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ledger/genesis.h"
#include "ledger/snapshot/manifest.h"
#include "storage/store.h"

namespace chancery::ledger {

/// One thread.
class SnapshotReader {
 public:
  /// `store` is empty and outlives the reader. Errors of parse_manifest; kAlreadyExists for a store with blocks.
  static Result<SnapshotReader> begin(BytesView manifest, const Genesis& genesis, storage::Store& store);

  const SnapshotManifest& manifest() const { return manifest_; }
  /// The chunk to hand over next; manifest().chunks.size() after the last.
  std::size_t next() const { return next_; }
  bool complete() const { return next_ == manifest_.chunks.size(); }

  /// Chunk next(). kProofInvalid when these are not its bytes: ask somebody else for it, the reader goes on. When it is
  /// the very chunk that the manifest names and still not what the checkpoint covers, then the manifest is false:
  /// manifest_is_false() tells, whoever sent that is no honest peer, and the reader is of no more use. Other errors are
  /// the store's.
  Status add(BytesView chunk);
  bool manifest_is_false() const { return manifest_is_false_; }

  /// After the last chunk: reads everything back, compares both roots with the checkpoint once more, and completes the
  /// store, from then on one that Ledger::open takes. kCorrupt when what is read back differs.
  Status finish();

 private:
  SnapshotReader(SnapshotManifest manifest, const Genesis& genesis, storage::Store& store);

  Status take(const ChunkFacts& facts, BytesView plain);
  Status take_tiles(const ChunkFacts& facts, BytesView plain);
  Status take_blocks(std::span<const BytesView> headers);
  Status take_entries(std::span<const BytesView> entries);
  Status take_records(const ChunkFacts& facts, std::span<const BytesView> records);
  /// A hash of the history tree that has been verified already; kProofInvalid when it is not among those.
  Result<Digest> known_hash(std::uint32_t level, std::uint64_t position) const;

  SnapshotManifest manifest_;
  Genesis genesis_;
  storage::Store* store_;
  std::size_t next_ = 0;
  bool manifest_is_false_ = false;

  std::vector<std::pair<std::uint32_t, std::uint64_t>> tiles_to_come_;
  std::size_t next_tile_ = 0;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Bytes> tiles_;
  std::uint64_t next_height_ = 0;  ///< of the blocks, descending
  Digest next_block_hash_{};
  std::uint64_t next_entry_ = 0;
};

}  // namespace chancery::ledger
