#pragma once
// What a snapshot consists of (docs/formats/snapshot.md): the final checkpoint of one block and a list of chunks, each
// of which can be checked alone, because the manifest ties it to a root of that checkpoint.
//
//   tiles    8,192 bytes each, the upper levels first: exactly those that expected_tiles() names
//   blocks   u32 length | encoded BlockHeader, the newest first: each names the hash of the one before it
//   entries  u32 length | encoded Entry, ascending from first_entry
//   records  u32 length | u16 length of the raw key | raw key | value, ascending by the hash of the raw key
//
// Numbers are big-endian. A chunk travels as one zstd frame.

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/genesis.h"
#include "merkle/checkpoint.h"
#include "merkle/state_branch.h"

namespace chancery::ledger {

inline constexpr std::size_t kManifestLimitBytes = 8U << 20;
/// Of a chunk, both as it travels and decompressed.
inline constexpr std::size_t kChunkLimitBytes = 8U << 20;
inline constexpr std::size_t kMostChunks = 65'536;

enum class ChunkKind : std::uint8_t { kTiles = 1, kBlocks = 2, kEntries = 3, kRecords = 4 };

struct ChunkFacts {
  ChunkKind kind = ChunkKind::kRecords;
  Digest sha256{};                 ///< of the chunk as it travels
  std::uint32_t stored_bytes = 0;  ///< as it travels
  std::uint32_t plain_bytes = 0;
  std::uint32_t items = 0;
  merkle::StateBranch branch;  ///< records only; its leaves are the items
};

struct SnapshotManifest {
  Digest network_id{};
  std::string note;               ///< the checkpoint with its signatures
  merkle::Checkpoint checkpoint;  ///< the same, parsed
  std::vector<std::vector<Digest>> edge;
  std::uint64_t first_entry = 0;
  std::uint64_t first_block = 1;
  std::vector<ChunkFacts> chunks;

  std::uint64_t record_count() const;
  std::uint64_t stored_bytes() const;
};

Bytes encode_manifest(const SnapshotManifest& manifest);
/// Within all limits, its checkpoint final under `genesis`, its edge and its branches those of the checkpoint's two
/// roots, its chunks in order and complete. kTooLarge, kMalformed, kWrongNetwork, kProofInvalid, kProofUntrusted or
/// kCheckpointInvalid.
Result<SnapshotManifest> parse_manifest(BytesView bytes, const Genesis& genesis);
/// Identifies a manifest: SHA-256 of its bytes.
Digest manifest_id(BytesView bytes);

/// Level and index of each full tile that a tree of `size` leaves needs to go on and to prove everything from
/// `first_entry` on; the upper levels first, ascending within a level.
std::vector<std::pair<std::uint32_t, std::uint64_t>> expected_tiles(std::uint64_t size, std::uint64_t first_entry);

/// One zstd frame that states its size.
Bytes compress_chunk(BytesView plain);
/// Exactly `plain_bytes` (at most kChunkLimitBytes) from exactly one frame; kProofInvalid otherwise.
Result<Bytes> decompress_chunk(BytesView frame, std::size_t plain_bytes);

/// The items of a chunk of blocks, entries or records: views into `plain`. kProofInvalid unless there are exactly
/// `count` of them.
Result<std::vector<BytesView>> split_items(BytesView plain, std::size_t count);
void append_item(Bytes& plain, BytesView item);

}  // namespace chancery::ledger
