#include "node/snapshot_join.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/json.h"
#include "ledger/snapshot/directory.h"
#include "ledger/snapshot/manifest.h"
#include "node/node_files.h"
#include "node/snapshot_shelf.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::node {
namespace {

/// Peers that all answer from one shelf, each with a fault of its own.
class FaultyPeers final : public PeerTransport {
 public:
  explicit FaultyPeers(std::string shelf) : shelf_(std::move(shelf)) {}

  std::map<std::string, std::function<void(std::string_view path, Result<std::string>& answer)>> faults;
  std::map<std::string, int> asked;

  Result<std::string> post(const std::string& peer, const std::string& path, const std::string& body) override {
    ++asked[peer];
    Result<std::string> answer = answer_from_shelf(shelf_, 100, path, body);
    if (const auto fault = faults.find(peer); fault != faults.end()) fault->second(path, answer);
    return answer;
  }

 private:
  const std::string shelf_;
};

class SnapshotJoin : public testing::Test {
 protected:
  SnapshotJoin() : network_("intl", 3), signer_(network_.signer()) {
    store_ = *storage::Store::open({.path = directory_ / "store"});
    ledger_ = *test::open_ledger(*store_, network_, *signer_);
    std::vector<ledger::OrderedTransaction> some;
    for (int i = 0; i < 40; ++i) {
      some.push_back(network_.ordered(network_.issue("c-" + std::to_string(i), test::kNetworkStart_ms + 1'000)));
    }
    EXPECT_TRUE(ledger_->commit(*ledger_->execute(test::kNetworkStart_ms + 1'000, some)).has_value());
    EXPECT_TRUE(ledger::write_snapshot(
                    *store_, network_.genesis(), [this](std::uint64_t height) { return ledger_->durable_note(height); },
                    shelf_, 4U << 10)
                    .has_value());
  }

  Result<JoinResult> join(FaultyPeers& peers) {
    return join_by_snapshot(network_.genesis(), peers,
                            {.directory = joined_, .peers = {"a", "b", "c"}, .progress = nullptr});
  }

  Digest joined_root() {
    const auto store = *storage::Store::open({.path = store_path(joined_)});
    const auto signer = network_.signer();
    const auto ledger = test::open_ledger(*store, network_, *signer);
    return ledger ? (*ledger)->head().state_root : Digest{};
  }

  test::TemporaryDirectory directory_;
  const std::string shelf_ = directory_ / "shelf";
  const std::string joined_ = directory_ / "joined";
  test::SmallNetwork network_;
  std::unique_ptr<test::MemorySigner> signer_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

TEST_F(SnapshotJoin, TakesTheSnapshotAndHasTheSameState) {
  FaultyPeers peers(shelf_);
  const auto joined = join(peers);
  ASSERT_TRUE(joined.has_value()) << joined.error().message();
  EXPECT_EQ(joined->facts.height, 2U);
  EXPECT_TRUE(joined->refused_peers.empty());
  EXPECT_EQ(joined_root(), ledger_->head().state_root);
  EXPECT_FALSE(std::filesystem::exists(joined_ + "/snapshot.incoming"));
  EXPECT_EQ(join(peers).error().reason, Reason::kAlreadyExists);
}

TEST_F(SnapshotJoin, APeerThatTampersIsAskedNothingMoreAndTheOthersHelp) {
  FaultyPeers peers(shelf_);
  peers.faults["a"] = [](std::string_view path, Result<std::string>& answer) {
    if (path == kSnapshotChunkPath && answer) (*answer)[answer->size() / 2] ^= 1;
  };
  const auto joined = join(peers);
  ASSERT_TRUE(joined.has_value()) << joined.error().message();
  EXPECT_EQ(joined->refused_peers, std::vector<std::string>{"a"});
  EXPECT_EQ(peers.asked["a"], 3);  // offers, manifest, one chunk
  EXPECT_EQ(joined_root(), ledger_->head().state_root);
}

TEST_F(SnapshotJoin, AFalseManifestIsDroppedWithItsSender) {
  FaultyPeers peers(shelf_);
  // Its hash of the last chunk is right for a forged one, which gives no branch of the state.
  Bytes forged;
  peers.faults["a"] = [&](std::string_view path, Result<std::string>& answer) {
    if (!answer || path == kSnapshotsPath) return;
    if (path == kSnapshotChunkPath) {
      if (!forged.empty() && peers.asked["a"] > 3) return;
      answer = to_string(BytesView(forged));
      return;
    }
    auto manifest = *ledger::parse_manifest(as_bytes(*answer), network_.genesis());
    ledger::ChunkFacts& first = manifest.chunks.front();
    forged = ledger::compress_chunk(Bytes(first.plain_bytes, 7));
    first.sha256 = crypto::hash(crypto::HashAlgorithm::kSha256, forged);
    first.stored_bytes = static_cast<std::uint32_t>(forged.size());
    answer = to_string(BytesView(ledger::encode_manifest(manifest)));
  };
  const auto joined = join(peers);
  ASSERT_TRUE(joined.has_value()) << joined.error().message();
  EXPECT_EQ(joined->refused_peers, std::vector<std::string>{"a"});
  EXPECT_EQ(joined_root(), ledger_->head().state_root);
}

TEST_F(SnapshotJoin, GoesOnWhereItWasInterrupted) {
  FaultyPeers peers(shelf_);
  int chunks = 0;
  const auto stop_after_two = [&](std::string_view path, Result<std::string>& answer) {
    if (path == kSnapshotChunkPath && ++chunks > 2) answer = fail(Reason::kPeerUnreachable, "gone");
  };
  for (const char* peer : {"a", "b", "c"}) peers.faults[peer] = stop_after_two;
  const auto interrupted = join(peers);
  ASSERT_FALSE(interrupted.has_value());
  EXPECT_EQ(interrupted.error().reason, Reason::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(store_path(joined_)));

  peers.faults.clear();
  // A file that rotted meanwhile is fetched again, the other is not.
  ASSERT_TRUE(
      ledger::write_snapshot_file(ledger::chunk_path(joined_ + "/snapshot.incoming", 0), as_bytes("rot")).has_value());
  const auto joined = join(peers);
  ASSERT_TRUE(joined.has_value()) << joined.error().message();
  EXPECT_EQ(joined->fetched, joined->facts.chunks - 1);
  EXPECT_EQ(joined_root(), ledger_->head().state_root);
}

TEST_F(SnapshotJoin, WithoutAnHonestPeerNothingIsInstalled) {
  FaultyPeers peers(shelf_);
  for (const char* peer : {"a", "b", "c"}) {
    peers.faults[peer] = [](std::string_view path, Result<std::string>& answer) {
      if (path != kSnapshotsPath && answer) (*answer)[answer->size() / 3] ^= 4;
    };
  }
  const auto joined = join(peers);
  ASSERT_FALSE(joined.has_value());
  EXPECT_FALSE(std::filesystem::exists(store_path(joined_)));
}

TEST_F(SnapshotJoin, WaitsForTheBlocksThatTheEngineNeeds) {
  FaultyPeers peers(shelf_);
  for (const char* peer : {"a", "b", "c"}) {
    peers.faults[peer] = [](std::string_view path, Result<std::string>& answer) {
      if (path != kSnapshotsPath) return;
      Json offers = *parse_json(*answer);
      offers["height"] = 3;
      answer = offers.dump();
    };
  }
  EXPECT_EQ(join(peers).error().reason, Reason::kNotFound);
}

TEST(SnapshotRequests, ThatAreMalformedOrNameNothingAreRefused) {
  const test::TemporaryDirectory directory;
  const auto answer = [&](std::string_view path, const std::string& body) {
    return answer_from_shelf(directory / "none", 5, path, body).error().reason;
  };
  EXPECT_TRUE(answer_from_shelf(directory / "none", 5, kSnapshotsPath, "").has_value());
  EXPECT_EQ(answer("/other", "{}"), Reason::kNotFound);
  EXPECT_EQ(answer(kSnapshotManifestPath, R"({"height":7})"), Reason::kNotFound);
  EXPECT_EQ(answer(kSnapshotChunkPath, R"({"height":7,"chunk":1})"), Reason::kNotFound);
  EXPECT_TRUE(!answer_from_shelf(directory / "none", 5, kSnapshotChunkPath, R"({"height":7,"chunk":-1})"));
  EXPECT_TRUE(!answer_from_shelf(directory / "none", 5, kSnapshotChunkPath, "../../etc"));
}

}  // namespace
}  // namespace chancery::node
