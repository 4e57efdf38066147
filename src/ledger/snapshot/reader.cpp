#include "ledger/snapshot/reader.h"

#include <fmt/format.h>

#include "ledger/ledger_state.h"
#include "ledger/log_store.h"
#include "ledger/snapshot/record_leaves.h"
#include "ledger/store_format.h"
#include "ledger/transaction.h"
#include "merkle/history_proof.h"
#include "merkle/inclusion.h"

namespace chancery::ledger {

namespace {

constexpr auto kLogHash = crypto::HashAlgorithm::kSha256;
constexpr std::size_t kTileBytes = merkle::kTileWidth * sizeof(Digest);

std::vector<Digest> digests_of(BytesView tile) {
  std::vector<Digest> out;
  for (std::size_t at = 0; at < tile.size(); at += sizeof(Digest)) {
    out.push_back(*to_digest(tile.subspan(at, sizeof(Digest))));
  }
  return out;
}

}  // namespace

SnapshotReader::SnapshotReader(SnapshotManifest manifest, const Genesis& genesis, storage::Store& store)
    : manifest_(std::move(manifest)),
      genesis_(genesis),
      store_(&store),
      tiles_to_come_(expected_tiles(manifest_.checkpoint.size, manifest_.first_entry)),
      next_height_(manifest_.checkpoint.height),
      next_block_hash_(manifest_.checkpoint.block_hash),
      next_entry_(manifest_.first_entry) {}

Result<SnapshotReader> SnapshotReader::begin(BytesView manifest, const Genesis& genesis, storage::Store& store) {
  ASSIGN_OR_RETURN(const auto last, LogStore(store).last_block());
  if (last) return fail(Reason::kAlreadyExists, "a snapshot is taken into an empty store");
  ASSIGN_OR_RETURN(SnapshotManifest parsed, parse_manifest(manifest, genesis));
  return SnapshotReader(std::move(parsed), genesis, store);
}

Status SnapshotReader::add(BytesView chunk) {
  CHANCERY_CHECK(!complete());
  if (manifest_is_false_) return fail(Reason::kProofInvalid, "the manifest is not true");
  const ChunkFacts& facts = manifest_.chunks[next_];
  if (chunk.size() != facts.stored_bytes || crypto::hash(crypto::HashAlgorithm::kSha256, chunk) != facts.sha256) {
    return fail(Reason::kProofInvalid, fmt::format("these are not the bytes of chunk {}", next_),
                fmt::format("第 {} 块的内容与清单不符", next_));
  }
  const auto plain = decompress_chunk(chunk, facts.plain_bytes);
  Status taken = plain ? take(facts, *plain) : std::unexpected(plain.error());
  if (!taken) {
    manifest_is_false_ = taken.error().reason == Reason::kProofInvalid;
    return taken;
  }
  ++next_;
  return {};
}

Status SnapshotReader::take(const ChunkFacts& facts, BytesView plain) {
  if (facts.kind == ChunkKind::kTiles) return take_tiles(facts, plain);
  ASSIGN_OR_RETURN(const auto items, split_items(plain, facts.items));
  if (facts.kind == ChunkKind::kBlocks) return take_blocks(items);
  if (facts.kind == ChunkKind::kEntries) return take_entries(items);
  return take_records(facts, items);
}

Result<Digest> SnapshotReader::known_hash(std::uint32_t level, std::uint64_t position) const {
  const std::uint64_t index = position / merkle::kTileWidth;
  const std::size_t offset = position % merkle::kTileWidth;
  if (const auto found = tiles_.find({level, index}); found != tiles_.end()) {
    return *to_digest(BytesView(found->second).subspan(offset * sizeof(Digest), sizeof(Digest)));
  }
  const std::uint64_t size = manifest_.checkpoint.size;
  const bool on_edge = level < manifest_.edge.size() && index == (size >> (8 * level)) / merkle::kTileWidth;
  if (!on_edge || offset >= manifest_.edge[level].size()) {
    return fail(Reason::kProofInvalid, "a part of the log has nothing above it that vouches for it");
  }
  return manifest_.edge[level][offset];
}

Status SnapshotReader::take_tiles(const ChunkFacts& facts, BytesView plain) {
  if (plain.size() != facts.items * kTileBytes) return fail(Reason::kProofInvalid, "a chunk of tiles has a wrong size");
  storage::WriteBatch batch(*store_);
  for (std::size_t i = 0; i < facts.items; ++i, ++next_tile_) {
    const auto [level, index] = tiles_to_come_[next_tile_];  // the manifest has as many as it must
    const BytesView tile = plain.subspan(i * kTileBytes, kTileBytes);
    ASSIGN_OR_RETURN(const Digest expected, known_hash(level + 1, index));
    if (merkle::complete_root(digests_of(tile)) != expected) {
      return fail(Reason::kProofInvalid, fmt::format("tile {} of level {} is not of this log", index, level));
    }
    LogStore::put_tile({level, index, to_bytes(tile)}, batch);
    tiles_[{level, index}] = to_bytes(tile);
  }
  return store_->write(batch);
}

Status SnapshotReader::take_blocks(std::span<const BytesView> headers) {
  storage::WriteBatch batch(*store_);
  for (const BytesView bytes : headers) {
    wire::StoredBlock block;
    wire::BlockHeader& header = *block.mutable_header();
    if (!header.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
        hash_header(genesis_.suite->hash, header) != next_block_hash_ || header.height() != next_height_) {
      return fail(Reason::kProofInvalid, fmt::format("block {} is not the one that its successor names", next_height_));
    }
    block.set_block_hash(next_block_hash_.data(), next_block_hash_.size());
    // Older checkpoints are covered by the newest; their signatures are not carried.
    if (next_height_ == manifest_.checkpoint.height) block.set_checkpoint(manifest_.note);
    LogStore::replace_block(block, batch);
    next_block_hash_ = digest_of(header.previous_block_hash());
    --next_height_;
  }
  return store_->write(batch);
}

Status SnapshotReader::take_entries(std::span<const BytesView> entries) {
  storage::WriteBatch batch(*store_);
  wire::Entry entry;
  wire::Transaction envelope;
  for (const BytesView bytes : entries) {
    ASSIGN_OR_RETURN(const Digest expected, known_hash(0, next_entry_));
    if (merkle::leaf_hash(kLogHash, bytes) != expected) {
      return fail(Reason::kProofInvalid, fmt::format("entry {} is not what the log covers", next_entry_));
    }
    if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
        !envelope.ParseFromString(entry.transaction())) {
      return fail(Reason::kProofInvalid, fmt::format("entry {} cannot be decoded", next_entry_));
    }
    LogStore::put_entry(next_entry_, transaction_id(genesis_.suite->hash, as_bytes(envelope.body())), bytes, batch);
    ++next_entry_;
  }
  return store_->write(batch);
}

Status SnapshotReader::take_records(const ChunkFacts& facts, std::span<const BytesView> records) {
  ASSIGN_OR_RETURN(const auto leaves, leaves_of_records(genesis_.suite->hash, records));
  ASSIGN_OR_RETURN(const Digest digest,
                   merkle::branch_digest(genesis_.suite->hash, facts.branch.depth, facts.branch.prefix, leaves));
  if (digest != facts.branch.digest) {
    return fail(Reason::kProofInvalid, "the records of the chunk do not give the digest of their branch");
  }
  storage::WriteBatch batch(*store_);
  for (std::size_t i = 0; i < records.size(); ++i) {
    batch.put(storage::Family::kRecords, leaves[i].key_hash, records[i]);
  }
  return store_->write(batch);
}

Status SnapshotReader::finish() {
  CHANCERY_CHECK(complete());
  const merkle::Checkpoint& checkpoint = manifest_.checkpoint;
  VersionedState records(*store_, genesis_.suite->hash, 1);
  ASSIGN_OR_RETURN(const Digest state_root, records.load(checkpoint.height));
  const LogStore log(*store_);
  const std::uint64_t partial = checkpoint.size % merkle::kTileWidth;
  ASSIGN_OR_RETURN(const auto entries, log.entries(checkpoint.size - partial, partial));
  std::vector<Digest> leaves;
  for (const Bytes& entry : entries) leaves.push_back(merkle::leaf_hash(kLogHash, entry));
  ASSIGN_OR_RETURN(const auto history, merkle::HistoryTree::restore(checkpoint.size, log, leaves));
  if (state_root != checkpoint.state_root || history.root() != checkpoint.root) {
    return fail(Reason::kCorrupt, "what is read back from the new store is not what the checkpoint covers");
  }
  storage::WriteBatch batch(*store_);
  batch.put(storage::Family::kMeta, as_bytes(kFormatKey), as_bytes(kFormat));
  batch.put(storage::Family::kMeta, as_bytes(kNetworkKey), genesis_.network_id);
  batch.put(storage::Family::kMeta, as_bytes(kHorizonKey),
            encode_horizon({manifest_.first_block, manifest_.first_entry, checkpoint.height}));
  TRY(store_->write(batch));
  return store_->flush();
}

}  // namespace chancery::ledger
