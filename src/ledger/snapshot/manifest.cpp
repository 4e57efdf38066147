#include "ledger/snapshot/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ledger/final_note.h"
#include "merkle/history_proof.h"
#include "merkle/history_tree.h"
#include "snapshot.pb.h"

namespace chancery::ledger {

namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kTileLevels = 8;

std::unexpected<Error> malformed(std::string_view what) {
  return fail(Reason::kMalformed, fmt::format("the manifest: {}", what));
}

Result<ChunkFacts> parse_chunk(const wire::SnapshotChunk& wire) {
  ChunkFacts out;
  if (wire.kind() < 1 || wire.kind() > 4) return malformed("a chunk of unknown kind");
  out.kind = static_cast<ChunkKind>(wire.kind());
  const auto sha256 = to_digest(as_bytes(wire.sha256()));
  if (!sha256) return malformed("a chunk's hash has not 32 bytes");
  out.sha256 = *sha256;
  if (wire.stored_bytes() > kChunkLimitBytes || wire.plain_bytes() > kChunkLimitBytes) {
    return fail(Reason::kTooLarge, fmt::format("a chunk of {} bytes, the limit is {}",
                                               std::max(wire.stored_bytes(), wire.plain_bytes()), kChunkLimitBytes));
  }
  out.stored_bytes = wire.stored_bytes();
  out.plain_bytes = wire.plain_bytes();
  out.items = wire.items();
  if (out.kind != ChunkKind::kRecords) {
    if (out.items == 0) return malformed("an empty chunk");
    return out;
  }
  const auto digest = to_digest(as_bytes(wire.branch_digest()));
  if (!digest) return malformed("a branch's digest has not 32 bytes");
  out.branch = {wire.branch_depth(), wire.branch_prefix(), out.items, *digest};
  return out;
}

Result<std::vector<std::vector<Digest>>> parse_edge(const wire::SnapshotManifest& wire) {
  std::vector<std::vector<Digest>> out;
  if (static_cast<std::size_t>(wire.edge_size()) > kTileLevels) return malformed("too many levels of tiles");
  for (const std::string& level : wire.edge()) {
    if (level.size() % sizeof(Digest) != 0 || level.size() / sizeof(Digest) >= merkle::kTileWidth) {
      return malformed("a partial tile of a wrong size");
    }
    auto& digests = out.emplace_back();
    for (std::size_t at = 0; at < level.size(); at += sizeof(Digest)) {
      digests.push_back(*to_digest(as_bytes(level).subspan(at, sizeof(Digest))));
    }
  }
  return out;
}

/// The edge must be that of a tree of the checkpoint's size with the checkpoint's root.
Status check_edge(const SnapshotManifest& manifest) {
  const std::uint64_t size = manifest.checkpoint.size;
  std::size_t levels = 0;
  for (; levels < kTileLevels && size >> (8 * levels) > 0; ++levels) {
    if (levels >= manifest.edge.size() || manifest.edge[levels].size() != (size >> (8 * levels)) % merkle::kTileWidth) {
      return malformed("its edge is not that of a log of the checkpoint's size");
    }
  }
  if (levels != manifest.edge.size()) return malformed("its edge has levels that the log has not");
  const Digest root = size == 0 ? merkle::empty_root(crypto::HashAlgorithm::kSha256) : merkle::edge_root(manifest.edge);
  if (root != manifest.checkpoint.root) {
    return fail(Reason::kProofInvalid, "the manifest's edge does not give the checkpoint's history root");
  }
  return {};
}

Status check_chunks(const SnapshotManifest& manifest, const Genesis& genesis) {
  std::uint64_t items[5] = {};
  std::vector<merkle::StateBranch> branches;
  ChunkKind last = ChunkKind::kTiles;
  for (const ChunkFacts& chunk : manifest.chunks) {
    if (chunk.kind < last) return malformed("its chunks are not in order");
    last = chunk.kind;
    items[static_cast<std::size_t>(chunk.kind)] += chunk.items;
    if (chunk.kind == ChunkKind::kRecords) branches.push_back(chunk.branch);
  }
  const std::uint64_t size = manifest.checkpoint.size;
  const std::uint64_t height = manifest.checkpoint.height;
  if (manifest.first_entry > size || manifest.first_entry % merkle::kTileWidth != 0 || manifest.first_block == 0 ||
      manifest.first_block > height) {
    return malformed("it begins at an impossible block or entry");
  }
  const auto of = [&](ChunkKind kind) { return items[static_cast<std::size_t>(kind)]; };
  if (of(ChunkKind::kEntries) != size - manifest.first_entry ||
      of(ChunkKind::kBlocks) != height - manifest.first_block + 1) {
    return malformed("its chunks hold another number of blocks or entries than it names");
  }
  // Every hash of the last list is computed, so the list must be bounded by what really travels.
  if ((size - manifest.first_entry) / merkle::kTileWidth > kMostChunks * merkle::kTileWidth) {
    return fail(Reason::kTooLarge, "the manifest carries too many entries");
  }
  if (of(ChunkKind::kTiles) != expected_tiles(size, manifest.first_entry).size()) {
    return malformed("its chunks hold another number of tiles than its log needs");
  }
  ASSIGN_OR_RETURN(const Digest root, merkle::root_of_branches(genesis.suite->hash, branches));
  if (root != manifest.checkpoint.state_root) {
    return fail(Reason::kProofInvalid, "the manifest's branches do not give the checkpoint's state root");
  }
  return {};
}

}  // namespace

std::uint64_t SnapshotManifest::record_count() const {
  std::uint64_t out = 0;
  for (const ChunkFacts& chunk : chunks) out += chunk.branch.leaves;
  return out;
}

std::uint64_t SnapshotManifest::stored_bytes() const {
  std::uint64_t out = 0;
  for (const ChunkFacts& chunk : chunks) out += chunk.stored_bytes;
  return out;
}

Bytes encode_manifest(const SnapshotManifest& manifest) {
  wire::SnapshotManifest wire;
  wire.set_version(kVersion);
  wire.set_network_id(manifest.network_id.data(), manifest.network_id.size());
  wire.set_checkpoint(manifest.note);
  for (const auto& level : manifest.edge) {
    std::string* bytes = wire.add_edge();
    for (const Digest& digest : level) bytes->append(as_text(digest));
  }
  wire.set_first_entry(manifest.first_entry);
  wire.set_first_block(manifest.first_block);
  for (const ChunkFacts& chunk : manifest.chunks) {
    wire::SnapshotChunk* out = wire.add_chunks();
    out->set_kind(static_cast<std::uint32_t>(chunk.kind));
    out->set_sha256(chunk.sha256.data(), chunk.sha256.size());
    out->set_stored_bytes(chunk.stored_bytes);
    out->set_plain_bytes(chunk.plain_bytes);
    out->set_items(chunk.items);
    if (chunk.kind != ChunkKind::kRecords) continue;
    out->set_branch_depth(chunk.branch.depth);
    out->set_branch_prefix(chunk.branch.prefix);
    out->set_branch_digest(chunk.branch.digest.data(), chunk.branch.digest.size());
  }
  Bytes bytes(wire.ByteSizeLong());
  CHANCERY_CHECK(wire.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
  return bytes;
}

Result<SnapshotManifest> parse_manifest(BytesView bytes, const Genesis& genesis) {
  if (bytes.size() > kManifestLimitBytes) {
    return fail(Reason::kTooLarge,
                fmt::format("a manifest of {} bytes, the limit is {}", bytes.size(), kManifestLimitBytes));
  }
  wire::SnapshotManifest wire;
  if (!wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return malformed("not a SnapshotManifest");
  if (wire.version() != kVersion) {
    return fail(Reason::kUnsupported, fmt::format("a snapshot of version {}", wire.version()));
  }
  if (static_cast<std::size_t>(wire.chunks_size()) > kMostChunks) {
    return fail(Reason::kTooLarge, fmt::format("{} chunks, the limit is {}", wire.chunks_size(), kMostChunks));
  }
  SnapshotManifest out;
  if (to_digest(as_bytes(wire.network_id())) != genesis.network_id) {
    return fail(Reason::kWrongNetwork, "the snapshot is of network " + to_hex(as_bytes(wire.network_id())));
  }
  out.network_id = genesis.network_id;
  out.note = wire.checkpoint();
  ASSIGN_OR_RETURN(out.checkpoint, verify_final_note(out.note, genesis));
  ASSIGN_OR_RETURN(out.edge, parse_edge(wire));
  out.first_entry = wire.first_entry();
  out.first_block = wire.first_block();
  for (const wire::SnapshotChunk& chunk : wire.chunks()) {
    ASSIGN_OR_RETURN(ChunkFacts facts, parse_chunk(chunk));
    out.chunks.push_back(facts);
  }
  TRY(check_edge(out));
  TRY(check_chunks(out, genesis));
  return out;
}

Digest manifest_id(BytesView bytes) {
  return crypto::hash(crypto::HashAlgorithm::kSha256, bytes);
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> expected_tiles(std::uint64_t size, std::uint64_t first_entry) {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> out;
  for (std::uint32_t level = kTileLevels - 1; level < kTileLevels; --level) {
    const std::uint64_t full = (size >> (8 * level)) / merkle::kTileWidth;
    // Below level 7 a tile's width and all levels under it fit a shift of 64.
    const std::uint64_t holds_first = level + 1 < kTileLevels ? first_entry >> (8 * (level + 1)) : 0;
    const std::uint64_t rebuilds_edge = full - full % merkle::kTileWidth;
    for (std::uint64_t index = std::min(holds_first, rebuilds_edge); index < full; ++index) {
      out.emplace_back(level, index);
    }
  }
  return out;
}

}  // namespace chancery::ledger
