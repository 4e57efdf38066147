#include "ledger/snapshot/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "ledger/final_note.h"
#include "ledger/log_store.h"
#include "ledger/snapshot/branch_cutter.h"
#include "ledger/snapshot/directory.h"
#include "ledger/snapshot/manifest.h"
#include "ledger/snapshot/record_leaves.h"
#include "merkle/inclusion.h"

namespace chancery::ledger {

namespace {

constexpr std::uint64_t kEntriesAtOnce = 4'096;

class SnapshotWriter {
 public:
  SnapshotWriter(const storage::Store& store, const Genesis& genesis, std::string directory, std::size_t target_bytes)
      : store_(store), log_(store), genesis_(genesis), directory_(std::move(directory)), target_bytes_(target_bytes) {}

  Status write(const wire::BlockHeader& last) {
    manifest_.network_id = genesis_.network_id;
    size_ = last.first_leaf() + last.count();
    ASSIGN_OR_RETURN(headers_, log_.window(last, genesis_.parameters.window_ms));
    manifest_.first_block = headers_.back().height();
    // The last, partial tile is made of entries, too.
    const std::uint64_t oldest = std::min(headers_.back().first_leaf(), size_ - size_ % merkle::kTileWidth);
    manifest_.first_entry = oldest - oldest % merkle::kTileWidth;
    TRY(write_edge());
    TRY(write_tiles());
    TRY(write_blocks());
    TRY(write_entries());
    return write_records();
  }

  /// The manifest goes last: a directory with one is complete.
  Result<Bytes> finish(std::string note) {
    manifest_.note = std::move(note);
    Bytes bytes = encode_manifest(manifest_);
    // Whatever this node would refuse from others, it does not offer them.
    TRY(parse_manifest(bytes, genesis_));
    TRY(write_snapshot_file(manifest_path(directory_), bytes));
    return bytes;
  }

 private:
  Status write_chunk(ChunkKind kind, BytesView plain, std::size_t items, const merkle::StateBranch& branch = {}) {
    if (manifest_.chunks.size() == kMostChunks) {
      return fail(Reason::kTooLarge, fmt::format("the snapshot needs more than {} chunks", kMostChunks));
    }
    const Bytes stored = compress_chunk(plain);
    if (stored.size() > kChunkLimitBytes) return fail(Reason::kTooLarge, "a chunk does not compress below the limit");
    TRY(write_snapshot_file(chunk_path(directory_, manifest_.chunks.size()), stored));
    manifest_.chunks.push_back({kind, crypto::hash(crypto::HashAlgorithm::kSha256, stored),
                                static_cast<std::uint32_t>(stored.size()), static_cast<std::uint32_t>(plain.size()),
                                static_cast<std::uint32_t>(items), branch});
    return {};
  }

  /// Collects items until a chunk is full.
  struct Filling {
    ChunkKind kind;
    Bytes plain = {};
    std::size_t items = 0;
  };
  Status flush(Filling& filling) {
    if (filling.items == 0) return {};
    TRY(write_chunk(filling.kind, filling.plain, filling.items));
    filling.plain.clear();
    filling.items = 0;
    return {};
  }
  Status count_item(Filling& filling) {
    ++filling.items;
    return filling.plain.size() < target_bytes_ ? Status{} : flush(filling);
  }

  Status write_edge() {
    const std::uint64_t partial = size_ % merkle::kTileWidth;
    ASSIGN_OR_RETURN(const auto entries, log_.entries(size_ - partial, partial));
    std::vector<Digest> leaves;
    for (const Bytes& entry : entries) leaves.push_back(merkle::leaf_hash(crypto::HashAlgorithm::kSha256, entry));
    ASSIGN_OR_RETURN(const merkle::HistoryTree history, merkle::HistoryTree::restore(size_, log_, leaves));
    for (std::uint32_t level = 0; level < 8 && size_ >> (8 * level) > 0; ++level) {
      auto& digests = manifest_.edge.emplace_back();
      const std::uint64_t count = size_ >> (8 * level);
      const auto width = static_cast<std::uint32_t>(count % merkle::kTileWidth);
      if (width == 0) continue;
      ASSIGN_OR_RETURN(const Bytes tile, history.tile(level, count / merkle::kTileWidth, width, log_));
      for (std::size_t at = 0; at < tile.size(); at += sizeof(Digest)) {
        digests.push_back(*to_digest(BytesView(tile).subspan(at, sizeof(Digest))));
      }
    }
    return {};
  }

  Status write_tiles() {
    Filling filling{ChunkKind::kTiles};
    for (const auto& [level, index] : expected_tiles(size_, manifest_.first_entry)) {
      ASSIGN_OR_RETURN(const Bytes tile, log_.full_tile(level, index));
      append(filling.plain, tile);
      TRY(count_item(filling));
    }
    return flush(filling);
  }

  Status write_blocks() {
    Filling filling{ChunkKind::kBlocks};
    for (const wire::BlockHeader& header : headers_) {
      append_item(filling.plain, as_bytes(header.SerializeAsString()));
      TRY(count_item(filling));
    }
    return flush(filling);
  }

  Status write_entries() {
    Filling filling{ChunkKind::kEntries};
    for (std::uint64_t first = manifest_.first_entry; first < size_; first += kEntriesAtOnce) {
      ASSIGN_OR_RETURN(const auto entries, log_.entries(first, std::min(kEntriesAtOnce, size_ - first)));
      for (const Bytes& entry : entries) {
        append_item(filling.plain, entry);
        TRY(count_item(filling));
      }
    }
    return flush(filling);
  }

  Status write_records() {
    BranchCutter cutter(target_bytes_, [this](std::uint32_t depth, std::uint64_t prefix, BytesView plain,
                                              std::size_t items) { return write_branch(depth, prefix, plain, items); });
    Status status;
    TRY(store_.scan(storage::Family::kRecords, {}, [&](BytesView key, BytesView value) {
      const auto key_hash = to_digest(key);
      status = key_hash ? cutter.add(*key_hash, value) : fail(Reason::kCorrupt, "a record's key is not a hash");
      return status.has_value();
    }));
    TRY(status);
    return cutter.finish();
  }

  Status write_branch(std::uint32_t depth, std::uint64_t prefix, BytesView plain, std::size_t items) {
    ASSIGN_OR_RETURN(const auto records, split_items(plain, items));
    ASSIGN_OR_RETURN(const auto leaves, leaves_of_records(genesis_.suite->hash, records));
    ASSIGN_OR_RETURN(const Digest digest, merkle::branch_digest(genesis_.suite->hash, depth, prefix, leaves));
    return write_chunk(ChunkKind::kRecords, plain, items, {depth, prefix, items, digest});
  }

  const storage::Store& store_;
  const LogStore log_;
  const Genesis& genesis_;
  const std::string directory_;
  const std::size_t target_bytes_;
  SnapshotManifest manifest_;
  std::uint64_t size_ = 0;                  ///< of the log
  std::vector<wire::BlockHeader> headers_;  ///< the newest first
};

SnapshotFacts facts_of(const SnapshotManifest& manifest, BytesView bytes) {
  return {manifest.checkpoint.height, manifest.record_count(), manifest.checkpoint.size - manifest.first_entry,
          manifest.chunks.size(),     manifest.stored_bytes(), manifest.checkpoint.state_root,
          manifest_id(bytes)};
}

}  // namespace

Result<SnapshotFacts> write_snapshot(const storage::Store& frozen, const Genesis& genesis, const FinalNoteOf& note_of,
                                     const std::string& parent, std::size_t chunk_target_bytes) {
  namespace fs = std::filesystem;
  ASSIGN_OR_RETURN(const auto last, LogStore(frozen).last_block());
  if (!last) return fail(Reason::kNotFound, "the store holds no block");
  const std::uint64_t height = last->header().height();
  const std::string directory = snapshot_directory(parent, height);
  std::error_code error;
  if (fs::exists(directory, error)) return read_snapshot_facts(directory, genesis);
  const std::string unfinished = directory + ".part";
  fs::remove_all(unfinished, error);
  fs::create_directories(unfinished, error);
  if (error) return fail(Reason::kStorageFailed, unfinished + ": " + error.message());
  const auto write = [&]() -> Status {
    SnapshotWriter writer(frozen, genesis, unfinished, chunk_target_bytes);
    TRY(writer.write(last->header()));
    ASSIGN_OR_RETURN(std::string note, note_of(height));
    ASSIGN_OR_RETURN(const auto checkpoint, verify_final_note(note, genesis));
    if (checkpoint.height != height || checkpoint.state_root != to_digest(as_bytes(last->header().state_root()))) {
      return fail(Reason::kCorrupt, fmt::format("the checkpoint is not that of block {} in the store", height));
    }
    auto finished = writer.finish(std::move(note));
    if (!finished && finished.error().reason == Reason::kProofInvalid) {
      return fail(Reason::kCorrupt, "the store is not what its checkpoint covers: " + finished.error().detail);
    }
    TRY(std::move(finished));
    fs::rename(unfinished, directory, error);
    if (error) return fail(Reason::kStorageFailed, directory + ": " + error.message());
    return {};
  };
  if (Status written = write(); !written) {
    fs::remove_all(unfinished, error);
    return std::unexpected(std::move(written).error());
  }
  return read_snapshot_facts(directory, genesis);
}

Result<SnapshotFacts> read_snapshot_facts(const std::string& directory, const Genesis& genesis) {
  ASSIGN_OR_RETURN(const Bytes bytes, read_snapshot_file(manifest_path(directory), kManifestLimitBytes));
  ASSIGN_OR_RETURN(const SnapshotManifest manifest, parse_manifest(bytes, genesis));
  return facts_of(manifest, bytes);
}

}  // namespace chancery::ledger
