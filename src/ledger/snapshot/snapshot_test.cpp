#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "ledger/snapshot/directory.h"
#include "ledger/snapshot/reader.h"
#include "ledger/snapshot/writer.h"
#include "merkle/signed_note.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::ledger {
namespace {

constexpr std::size_t kSmallChunk = 16U << 10;

struct WrittenSnapshot {
  Bytes manifest;
  std::vector<Bytes> chunks;
};

/// A node with 700 transactions, 600 of them older than the replay window, and what it offers to others.
class Snapshot : public testing::TestWithParam<const char*> {
 protected:
  Snapshot() : network_(GetParam(), 7), signer_(network_.signer()) {
    store_ = *storage::Store::open({.path = directory_ / "store"});
    ledger_ = *test::open_ledger(*store_, network_, *signer_);
  }

  Result<BlockResult> block(Ledger& ledger, const std::vector<Bytes>& transactions) {
    std::vector<OrderedTransaction> ordered;
    for (const Bytes& one : transactions) ordered.push_back(network_.ordered(one));
    auto executed = ledger.execute(now_ms_, ordered);
    if (!executed) return std::unexpected(executed.error());
    return ledger.commit(*executed);
  }

  std::vector<Bytes> issue(std::size_t count) {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(network_.issue("c-" + std::to_string(issued_++), now_ms_));
    return out;
  }

  void fill() {
    for (int i = 0; i < 6; ++i) {
      now_ms_ += 100;
      ASSERT_TRUE(block(*ledger_, issue(100)).has_value());
    }
    now_ms_ += 300'000;
    last_ = issue(100);
    ASSERT_TRUE(block(*ledger_, last_).has_value());
  }

  Result<SnapshotFacts> write() {
    return write_snapshot(
        *store_->frozen(), network_.genesis(), [this](std::uint64_t height) { return ledger_->durable_note(height); },
        directory_ / "snapshots", kSmallChunk);
  }

  WrittenSnapshot read_files(std::uint64_t height) {
    const std::string at = snapshot_directory(directory_ / "snapshots", height);
    WrittenSnapshot out;
    out.manifest = read_snapshot_file(manifest_path(at), kManifestLimitBytes).value();
    const auto parsed = parse_manifest(out.manifest, network_.genesis());
    EXPECT_TRUE(parsed.has_value());
    for (std::size_t i = 0; parsed && i < parsed->chunks.size(); ++i) {
      out.chunks.push_back(read_snapshot_file(chunk_path(at, i), kChunkLimitBytes).value());
    }
    return out;
  }

  std::unique_ptr<storage::Store> fresh_store() {
    return *storage::Store::open({.path = directory_ / ("fresh-" + std::to_string(fresh_++))});
  }

  test::TemporaryDirectory directory_;
  test::SmallNetwork network_;
  std::unique_ptr<test::MemorySigner> signer_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<Ledger> ledger_;
  std::int64_t now_ms_ = test::kNetworkStart_ms + 1'000;
  std::size_t issued_ = 0;
  std::vector<Bytes> last_;
  int fresh_ = 0;
};

TEST_P(Snapshot, ANodeThatTookItHasTheSameRootsAndGoesOnAlike) {
  fill();
  const auto facts = write();
  ASSERT_TRUE(facts.has_value()) << facts.error().message();
  EXPECT_EQ(facts->height, 8U);
  EXPECT_EQ(facts->records, ledger_->record_count());
  const WrittenSnapshot snapshot = read_files(facts->height);
  EXPECT_GT(snapshot.chunks.size(), 5U);

  const auto fresh = fresh_store();
  auto reader = SnapshotReader::begin(snapshot.manifest, network_.genesis(), *fresh);
  ASSERT_TRUE(reader.has_value()) << reader.error().message();
  for (const Bytes& chunk : snapshot.chunks) {
    const Status added = reader->add(chunk);
    ASSERT_TRUE(added.has_value()) << added.error().message();
  }
  const Status finished = reader->finish();
  ASSERT_TRUE(finished.has_value()) << finished.error().message();

  const auto joined_signer = network_.signer();
  const auto joined = test::open_ledger(*fresh, network_, *joined_signer);
  ASSERT_TRUE(joined.has_value()) << joined.error().message();
  Ledger& other = **joined;
  EXPECT_EQ(other.head().height, ledger_->head().height);
  EXPECT_EQ(other.head().state_root, ledger_->head().state_root);
  EXPECT_EQ(other.head().history_root, ledger_->head().history_root);
  EXPECT_EQ(other.horizon().joined_height, 8U);
  EXPECT_EQ(other.horizon().first_entry, 256U);

  // What came with it is served with proofs; what did not is gone with a word of why.
  for (const std::uint64_t leaf : {256U, 511U, 512U, 699U}) {
    const auto receipt = other.receipt(leaf);
    ASSERT_TRUE(receipt.has_value()) << receipt.error().message();
    EXPECT_TRUE(verify_receipt(*receipt, network_.trust()).passed) << leaf;
  }
  EXPECT_EQ(other.receipt(255).error().reason, Reason::kGone);
  EXPECT_EQ(other.entry(0).error().reason, Reason::kGone);
  EXPECT_EQ(other.block(2).error().reason, Reason::kGone);
  EXPECT_EQ(other.height_at(test::kNetworkStart_ms + 1'000).error().reason, Reason::kGone);
  EXPECT_EQ(other.tile("tile/entries/000").error().reason, Reason::kGone);
  const auto proof = other.prove_record("credential", "credential", as_bytes("c-3"));
  ASSERT_TRUE(proof.has_value());
  EXPECT_TRUE(verify_receipt(*proof, network_.trust()).passed);
  bool whole = false;
  for (int i = 0; i < 100 && !whole; ++i) {
    const auto scrubbed = other.scrub(500);
    ASSERT_TRUE(scrubbed.has_value()) << scrubbed.error().message();
    whole = *scrubbed;
  }
  EXPECT_TRUE(whole);

  // A transaction of the window stays unrepeatable, and the next block is the same on both.
  now_ms_ += 100;
  std::vector<Bytes> next = issue(3);
  next.push_back(last_.front());
  const auto here = block(*ledger_, next);
  const auto there = block(other, next);
  ASSERT_TRUE(here.has_value() && there.has_value());
  EXPECT_EQ(there->results.back().error->reason, Reason::kReplayed);
  EXPECT_EQ(other.head().state_root, ledger_->head().state_root);
  EXPECT_EQ(other.head().history_root, ledger_->head().history_root);
}

TEST_P(Snapshot, ASecondSnapshotOfTheJoinedNodeIsGoodToo) {
  fill();
  const auto facts = write();
  ASSERT_TRUE(facts.has_value());
  const WrittenSnapshot snapshot = read_files(facts->height);
  const auto fresh = fresh_store();
  auto reader = *SnapshotReader::begin(snapshot.manifest, network_.genesis(), *fresh);
  for (const Bytes& chunk : snapshot.chunks) ASSERT_TRUE(reader.add(chunk).has_value());
  ASSERT_TRUE(reader.finish().has_value());
  const auto signer = network_.signer();
  const auto joined = *test::open_ledger(*fresh, network_, *signer);
  now_ms_ += 400'000;
  ASSERT_TRUE(block(*joined, issue(5)).has_value());
  const auto again = write_snapshot(
      *fresh->frozen(), network_.genesis(), [&](std::uint64_t height) { return joined->durable_note(height); },
      directory_ / "second", kSmallChunk);
  ASSERT_TRUE(again.has_value()) << again.error().message();
  EXPECT_EQ(again->height, 9U);
}

TEST_P(Snapshot, OfTheFirstBlockAloneCarriesEverything) {
  const auto facts = write();
  ASSERT_TRUE(facts.has_value()) << facts.error().message();
  const WrittenSnapshot snapshot = read_files(1);
  const auto fresh = fresh_store();
  auto reader = *SnapshotReader::begin(snapshot.manifest, network_.genesis(), *fresh);
  for (const Bytes& chunk : snapshot.chunks) ASSERT_TRUE(reader.add(chunk).has_value());
  ASSERT_TRUE(reader.finish().has_value());
  const auto signer = network_.signer();
  const auto joined = test::open_ledger(*fresh, network_, *signer);
  ASSERT_TRUE(joined.has_value()) << joined.error().message();
  EXPECT_EQ((*joined)->head().state_root, ledger_->head().state_root);
  EXPECT_TRUE((*joined)->block(1).has_value());
}

TEST_P(Snapshot, IsOfTheMomentItWasTakenWhateverIsWrittenMeanwhile) {
  fill();
  const Head then = ledger_->head();
  const auto frozen = store_->frozen();
  now_ms_ += 100;
  ASSERT_TRUE(block(*ledger_, issue(50)).has_value());
  const auto facts = write_snapshot(
      *frozen, network_.genesis(), [this](std::uint64_t height) { return ledger_->durable_note(height); },
      directory_ / "snapshots", kSmallChunk);
  ASSERT_TRUE(facts.has_value()) << facts.error().message();
  EXPECT_EQ(facts->height, then.height);
  EXPECT_EQ(facts->state_root, then.state_root);
}

TEST_P(Snapshot, AThousandMutatedChunksAreAllRefusedAndTheRightOnesStillTaken) {
  fill();
  const WrittenSnapshot snapshot = read_files(write()->height);
  const auto fresh = fresh_store();
  auto reader = *SnapshotReader::begin(snapshot.manifest, network_.genesis(), *fresh);
  SeededRandom random(99);
  const std::size_t each = 1'000 / snapshot.chunks.size() + 1;
  std::size_t refused = 0;
  for (const Bytes& chunk : snapshot.chunks) {
    for (std::size_t i = 0; i < each; ++i) {
      Bytes mutated = chunk;
      std::array<std::uint8_t, 9> dice{};
      random.fill(dice);
      const std::size_t at = read_u64_be(dice) % mutated.size();
      if (i % 4 == 0) {
        mutated.resize(at);
      } else if (i % 4 == 1) {
        mutated.insert(mutated.begin() + static_cast<std::ptrdiff_t>(at), dice[8]);
      } else {
        mutated[at] ^= static_cast<std::uint8_t>(dice[8] | 1);
      }
      const Status added = reader.add(mutated);
      ASSERT_FALSE(added.has_value());
      EXPECT_EQ(added.error().reason, Reason::kProofInvalid);
      ++refused;
    }
    ASSERT_TRUE(reader.add(chunk).has_value());
  }
  EXPECT_GE(refused, 1'000U);
  EXPECT_FALSE(reader.manifest_is_false());
  EXPECT_TRUE(reader.finish().has_value());
}

TEST_P(Snapshot, ContentsThatTheCheckpointDoesNotCoverAreRefusedEvenWhenTheManifestVouchesForThem) {
  fill();
  const WrittenSnapshot snapshot = read_files(write()->height);
  const SnapshotManifest honest = *parse_manifest(snapshot.manifest, network_.genesis());
  SeededRandom random(5);
  std::set<ChunkKind> kinds;
  for (std::size_t target = 0; target < snapshot.chunks.size(); ++target) {
    const ChunkFacts& facts = honest.chunks[target];
    if (!kinds.insert(facts.kind).second) continue;  // the first chunk of each kind
    for (int i = 0; i < 8; ++i) {
      Bytes plain = *decompress_chunk(snapshot.chunks[target], facts.plain_bytes);
      std::array<std::uint8_t, 9> dice{};
      random.fill(dice);
      plain[read_u64_be(dice) % plain.size()] ^= static_cast<std::uint8_t>(dice[8] | 1);
      const Bytes forged = compress_chunk(plain);
      SnapshotManifest lying = honest;
      lying.chunks[target].sha256 = crypto::hash(crypto::HashAlgorithm::kSha256, forged);
      lying.chunks[target].stored_bytes = static_cast<std::uint32_t>(forged.size());
      const auto fresh = fresh_store();
      auto reader = *SnapshotReader::begin(encode_manifest(lying), network_.genesis(), *fresh);
      for (std::size_t before = 0; before < target; ++before) {
        ASSERT_TRUE(reader.add(snapshot.chunks[before]).has_value());
      }
      const Status added = reader.add(forged);
      ASSERT_FALSE(added.has_value()) << "chunk " << target;
      EXPECT_EQ(added.error().reason, Reason::kProofInvalid);
      EXPECT_TRUE(reader.manifest_is_false());
      EXPECT_FALSE(reader.add(snapshot.chunks[target]).has_value());
    }
  }
  EXPECT_EQ(kinds.size(), 4U);
}

TEST_P(Snapshot, EveryTruncatedManifestIsRefused) {
  fill();
  const WrittenSnapshot snapshot = read_files(write()->height);
  for (std::size_t size = 0; size < snapshot.manifest.size(); size += 1 + size / 40) {
    EXPECT_FALSE(parse_manifest(BytesView(snapshot.manifest).first(size), network_.genesis()).has_value()) << size;
  }
  EXPECT_FALSE(
      parse_manifest(BytesView(snapshot.manifest).first(snapshot.manifest.size() - 1), network_.genesis()).has_value());
}

TEST_P(Snapshot, NoMutatedManifestLetsAnythingElseThrough) {
  fill();
  const WrittenSnapshot snapshot = read_files(write()->height);
  SeededRandom random(3);
  const SnapshotManifest honest = *parse_manifest(snapshot.manifest, network_.genesis());
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    Bytes mutated = snapshot.manifest;
    std::array<std::uint8_t, 9> dice{};
    random.fill(dice);
    mutated[read_u64_be(dice) % mutated.size()] ^= static_cast<std::uint8_t>(dice[8] | 1);
    const auto parsed = parse_manifest(mutated, network_.genesis());
    if (!parsed) {
      ++refused;
      continue;
    }
    // What is left changed is a chunk's own hash, size or number of items, which its right bytes then don't match.
    EXPECT_EQ(parsed->checkpoint, honest.checkpoint);
    EXPECT_EQ(parsed->edge, honest.edge);
    for (std::size_t k = 0; k < honest.chunks.size(); ++k) {
      const merkle::StateBranch& now = parsed->chunks[k].branch;
      const merkle::StateBranch& then = honest.chunks[k].branch;
      EXPECT_TRUE(now.depth == then.depth && now.prefix == then.prefix && now.digest == then.digest);
    }
  }
  EXPECT_GT(refused, 50);
}

TEST_P(Snapshot, ACheckpointWithoutEnoughSignaturesIsRefused) {
  fill();
  const WrittenSnapshot snapshot = read_files(write()->height);
  SnapshotManifest manifest = *parse_manifest(snapshot.manifest, network_.genesis());
  const merkle::SignedNote note = *merkle::parse_note(manifest.note);
  // The log key alone counts for nothing.
  merkle::SignedNote only_log = note;
  std::erase_if(only_log.signatures,
                [&](const merkle::NoteSignature& line) { return line.key_id != note.signatures.back().key_id; });
  if (note.signatures.size() > 1) {
    manifest.note = merkle::encode_note(only_log);
    EXPECT_EQ(parse_manifest(encode_manifest(manifest), network_.genesis()).error().reason, Reason::kProofUntrusted);
  }
  merkle::SignedNote broken = note;
  broken.signatures.front().signature[5] ^= 1;
  manifest.note = merkle::encode_note(broken);
  EXPECT_EQ(parse_manifest(encode_manifest(manifest), network_.genesis()).error().reason, Reason::kProofInvalid);
  merkle::SignedNote stranger = note;
  for (auto& line : stranger.signatures) line.name = "test/somebody";
  manifest.note = merkle::encode_note(stranger);
  EXPECT_EQ(parse_manifest(encode_manifest(manifest), network_.genesis()).error().reason, Reason::kProofUntrusted);
}

TEST_P(Snapshot, ANodeThatHasBlocksTakesNone) {
  const WrittenSnapshot snapshot = read_files(write()->height);
  const auto reader = SnapshotReader::begin(snapshot.manifest, network_.genesis(), *store_);
  ASSERT_FALSE(reader.has_value());
  EXPECT_EQ(reader.error().reason, Reason::kAlreadyExists);
}

TEST_P(Snapshot, OnlyTheNewestAreKept) {
  for (int i = 0; i < 4; ++i) {
    now_ms_ += 100;
    ASSERT_TRUE(block(*ledger_, issue(1)).has_value());
    ASSERT_TRUE(write().has_value());
  }
  const std::string parent = directory_ / "snapshots";
  EXPECT_EQ(snapshot_heights(parent), (std::vector<std::uint64_t>{2, 3, 4, 5}));
  std::filesystem::create_directories(parent + "/9.part");
  prune_snapshots(parent, 2);
  EXPECT_EQ(snapshot_heights(parent), (std::vector<std::uint64_t>{4, 5}));
  EXPECT_FALSE(std::filesystem::exists(parent + "/9.part"));
}

INSTANTIATE_TEST_SUITE_P(Suites, Snapshot, testing::Values("gm", "intl"));

TEST(ExpectedTiles, AreThoseOfTheEdgeAndOfWhatIsCarried) {
  using Tiles = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
  EXPECT_EQ(expected_tiles(0, 0), Tiles{});
  EXPECT_EQ(expected_tiles(255, 0), Tiles{});
  EXPECT_EQ(expected_tiles(256, 256), (Tiles{{0, 0}}));
  EXPECT_EQ(expected_tiles(700, 512), (Tiles{{0, 0}, {0, 1}}));
  // 65,536 leaves fill one tile of level 1; its own tiles are needed only where entries below it are carried.
  EXPECT_EQ(expected_tiles(65'536 + 300, 65'536), (Tiles{{1, 0}, {0, 256}}));
  EXPECT_EQ(expected_tiles(65'536 + 300, 65'280), (Tiles{{1, 0}, {0, 255}, {0, 256}}));
}

}  // namespace
}  // namespace chancery::ledger
