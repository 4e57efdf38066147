// A node from the outside: one answer for each transaction, nothing final before it is durable, backups that restore,
// a full disk that only stops writing.

#include "node/node.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "base/failpoint.h"
#include "ledger/snapshot/directory.h"
#include "node/backup.h"
#include "node/node_files.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::node {
namespace {

constexpr std::string_view kPassphrase = "node passphrase";
constexpr std::int64_t kTimeout_ms = 30'000;

class NodeTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { prepare(directory_.path()); }
  void TearDown() override { failpoint::arm(""); }

  void prepare(const std::string& path) {
    std::filesystem::create_directories(path + "/keys");
    write(genesis_path(path), network_.genesis().document.dump());
    write(trust_path(path), network_.trust().to_json());
    write(node_key_path(path), *network_.node_key().to_pkcs8_pem(kPassphrase, random_));
    write(node_log_key_path(path), *network_.log_key().to_pkcs8_pem(kPassphrase, random_));
  }
  static void write(const std::string& path, const std::string& content) { std::ofstream(path) << content; }

  Result<std::unique_ptr<Node>> open(std::uint64_t reserve_bytes = 0) {
    return open_at(directory_.path(), reserve_bytes);
  }
  Result<std::unique_ptr<Node>> open_at(const std::string& path, std::uint64_t reserve_bytes = 0) {
    return Node::open({.directory = path,
                       .passphrase = std::string(kPassphrase),
                       .cache_bytes = 8U << 20,
                       .reserve_bytes = reserve_bytes},
                      clock_, random_);
  }

  Bytes issue(std::string_view id) { return network_.issue(id, clock_.now_ms()); }

  static std::vector<Outcome> submit(Node& node, std::vector<Bytes> transactions, Stage until = Stage::kFinal) {
    std::promise<std::vector<Outcome>> answer;
    node.submit(std::move(transactions), until, [&](std::vector<Outcome> out) { answer.set_value(std::move(out)); });
    return answer.get_future().get();
  }

  test::TemporaryDirectory directory_;
  SystemClock clock_;
  SystemRandom random_;
  test::SmallNetwork network_{GetParam(), 11};
};

TEST_P(NodeTest, AnswersEachTransactionOfABatchInItsPlace) {
  auto node = open();
  ASSERT_TRUE(node) << node.error().message();
  Bytes forged = issue("c-3");
  forged.back() ^= 1;
  const auto outcomes = submit(**node, {issue("c-1"), to_bytes("not a transaction"), issue("c-1"), forged, {}});
  ASSERT_EQ(outcomes.size(), 5U);
  EXPECT_EQ(outcomes[0].stage, Stage::kFinal);
  EXPECT_FALSE(outcomes[0].error);
  EXPECT_EQ(outcomes[1].error->reason, Reason::kMalformed);
  EXPECT_EQ(outcomes[2].stage, Stage::kFinal);
  EXPECT_EQ(outcomes[2].error->reason, Reason::kAlreadyExists);
  EXPECT_EQ(outcomes[3].error->reason, Reason::kBadSignature);
  EXPECT_EQ(outcomes[4].error->reason, Reason::kMalformed);
  EXPECT_EQ((*node)->ledger().head().tree_size, 2U);
}

TEST_P(NodeTest, GivesTheSameAnswerHoweverOftenATransactionIsSent) {
  const Bytes once = issue("c-1");
  auto node = open();
  ASSERT_TRUE(node);
  const auto both = submit(**node, {once, once});
  EXPECT_EQ(both[0].leaf_index, both[1].leaf_index);
  const auto later = submit(**node, {once});
  EXPECT_EQ(later[0].stage, Stage::kFinal);
  EXPECT_EQ(later[0].height, both[0].height);
  EXPECT_FALSE(later[0].error);
  (*node).reset();
  node = open();
  ASSERT_TRUE(node);
  const auto after_restart = submit(**node, {once});
  EXPECT_EQ(after_restart[0].stage, Stage::kFinal);
  EXPECT_EQ(after_restart[0].leaf_index, both[0].leaf_index);
  const auto known = (*node)->outcome(both[0].id);
  ASSERT_TRUE(known && *known);
  EXPECT_EQ((*known)->stage, Stage::kFinal);
}

TEST_P(NodeTest, TellsTheStagesApart) {
  auto node = open();
  ASSERT_TRUE(node);
  EXPECT_EQ(submit(**node, {issue("c-1")}, Stage::kReceived)[0].stage, Stage::kReceived);
  EXPECT_GE(submit(**node, {issue("c-2")}, Stage::kOrdered)[0].stage, Stage::kOrdered);
  const auto final = (*node)->submit_and_wait(issue("c-3"), kTimeout_ms);
  ASSERT_TRUE(final);
  EXPECT_EQ(final->stage, Stage::kFinal);
  EXPECT_LE(final->height, (*node)->ledger().head().height);
}

TEST_P(NodeTest, RefusesWhatIsForAnotherNetworkOrTime) {
  auto node = open();
  ASSERT_TRUE(node);
  test::SmallNetwork other(GetParam(), 12);
  const auto outcomes =
      submit(**node, {other.issue("c-1", clock_.now_ms()), network_.issue("c-2", clock_.now_ms() + 60'000),
                      network_.issue("c-3", clock_.now_ms() - 600'000)});
  EXPECT_EQ(outcomes[0].error->reason, Reason::kWrongNetwork);
  EXPECT_EQ(outcomes[1].error->reason, Reason::kNotYetValid);
  EXPECT_EQ(outcomes[2].error->reason, Reason::kExpired);
  EXPECT_EQ((*node)->ledger().head().tree_size, 0U);
}

TEST_P(NodeTest, NothingIsFinalWhenTheWriteFails) {
  auto node = open();
  ASSERT_TRUE(node);
  failpoint::arm("store.before_write=error");
  const auto outcomes = submit(**node, {issue("c-1")});
  EXPECT_NE(outcomes[0].stage, Stage::kFinal);
  EXPECT_EQ(outcomes[0].error->reason, Reason::kStorageFailed);
  EXPECT_FALSE((*node)->readiness().live);
  EXPECT_EQ(submit(**node, {issue("c-2")})[0].error->reason, Reason::kStorageFailed);
  failpoint::arm("");
  (*node).reset();
  node = open();
  ASSERT_TRUE(node) << node.error().message();
  EXPECT_EQ((*node)->ledger().head().tree_size, 0U);
}

TEST_P(NodeTest, AWriteThatFailedAfterItWasDurableIsFoundAfterTheRestart) {
  const Bytes once = issue("c-1");
  auto node = open();
  ASSERT_TRUE(node);
  failpoint::arm("store.after_write=error");
  EXPECT_NE(submit(**node, {once})[0].stage, Stage::kFinal);
  failpoint::arm("");
  (*node).reset();
  node = open();
  ASSERT_TRUE(node) << node.error().message();
  EXPECT_EQ(submit(**node, {once})[0].stage, Stage::kFinal);
  EXPECT_EQ((*node)->ledger().head().tree_size, 1U);
}

TEST_P(NodeTest, AFullDiskStopsWritingOnlyAndRecovers) {
  std::uint64_t reserve_bytes = 0;
  {
    auto node = open();
    ASSERT_TRUE(node);
    ASSERT_EQ(submit(**node, {issue("c-1")})[0].stage, Stage::kFinal);
    reserve_bytes = ~std::uint64_t{0} >> 1;
  }
  auto full = open(reserve_bytes);
  ASSERT_TRUE(full) << full.error().message();
  std::promise<std::vector<Outcome>> answer;
  (*full)->submit({issue("c-2")}, Stage::kFinal, [&](std::vector<Outcome> out) { answer.set_value(std::move(out)); });
  auto future = answer.get_future();
  EXPECT_EQ(future.wait_for(std::chrono::milliseconds(600)), std::future_status::timeout);
  EXPECT_FALSE((*full)->readiness().writable);
  EXPECT_TRUE((*full)->readiness().live);
  EXPECT_EQ(submit(**full, {issue("c-3")})[0].error->reason, Reason::kReadOnly);
  EXPECT_TRUE((*full)->ledger().prove_record("credential", "credential", as_bytes("c-1")));
  (*full)->stop();
  const auto dropped = future.get();
  EXPECT_NE(dropped[0].stage, Stage::kFinal);
  (*full).reset();
  auto free_again = open();
  ASSERT_TRUE(free_again) << free_again.error().message();
  EXPECT_EQ(submit(**free_again, {issue("c-4")})[0].stage, Stage::kFinal);
}

TEST_P(NodeTest, ABackupIsVerifiedAndRestoresElsewhere) {
  const test::TemporaryDirectory elsewhere;
  const Bytes once = issue("c-1");
  ledger::Head head;
  {
    auto node = open();
    ASSERT_TRUE(node);
    ASSERT_EQ(submit(**node, {once})[0].stage, Stage::kFinal);
    head = (*node)->ledger().head();
    const Status written = (*node)->backup_to(elsewhere / "backup");
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ((*node)->backup_to(elsewhere / "backup").error().reason, Reason::kAlreadyExists);
  }
  const auto facts = verify_backup(elsewhere / "backup", true);
  ASSERT_TRUE(facts) << facts.error().message();
  EXPECT_EQ(facts->height, head.height);
  const Status restored = restore_backup(elsewhere / "backup", elsewhere / "node");
  ASSERT_TRUE(restored) << restored.error().message();
  prepare(elsewhere / "node");
  auto node = open_at(elsewhere / "node");
  ASSERT_TRUE(node) << node.error().message();
  EXPECT_EQ((*node)->ledger().head().state_root, head.state_root);
  EXPECT_EQ(submit(**node, {once})[0].leaf_index, 0U) << "replay protection must survive the restore";
  EXPECT_EQ((*node)->ledger().head().tree_size, 1U);
}

TEST_P(NodeTest, NeverSignsAHeightAgainAfterAnOlderBackupIsRestored) {
  const test::TemporaryDirectory elsewhere;
  {
    auto node = open();
    ASSERT_TRUE(node);
    ASSERT_EQ(submit(**node, {issue("c-1")})[0].stage, Stage::kFinal);
    ASSERT_TRUE((*node)->backup_to(elsewhere / "backup"));
    ASSERT_EQ(submit(**node, {issue("c-2")})[0].stage, Stage::kFinal);
  }
  std::filesystem::remove_all(store_path(directory_.path()));
  ASSERT_TRUE(restore_backup(elsewhere / "backup", directory_.path()));
  const auto node = open();
  ASSERT_FALSE(node.has_value());
  EXPECT_EQ(node.error().reason, Reason::kCorrupt);
}

TEST_P(NodeTest, WritesSnapshotsOnDemandAndAtTheirHeightsWhileItGoesOn) {
  NodeOptions options{.directory = directory_.path(), .passphrase = std::string(kPassphrase)};
  options.reserve_bytes = 0;
  options.snapshot_every_blocks = 2;
  const auto node = *Node::open(options, clock_, random_);
  const auto asked = node->create_snapshot();
  ASSERT_TRUE(asked.has_value()) << asked.error().message();
  EXPECT_EQ(asked->height, 1U);
  for (int i = 0; i < 6; ++i) submit(*node, {issue("s-" + std::to_string(i))});
  // The one on demand waits until those that were due are written.
  const auto last = node->create_snapshot();
  ASSERT_TRUE(last.has_value()) << last.error().message();
  EXPECT_EQ(last->height, node->ledger().head().height);
  EXPECT_EQ(last->state_root, node->ledger().head().state_root);
  EXPECT_LE(ledger::snapshot_heights(snapshots_path(directory_.path())).size(), 3U);
  EXPECT_TRUE(submit(*node, {issue("after")}).front().error == std::nullopt);
}

TEST_P(NodeTest, KeysThatAreNoValidatorsAreRefusedInANetworkOfOne) {
  const auto stranger = crypto::PrivateKey::generate(network_.genesis().suite->signature, random_);
  write(node_key_path(directory_.path()), *stranger->to_pkcs8_pem(kPassphrase, random_));
  const auto node = open();
  ASSERT_FALSE(node.has_value());
  EXPECT_EQ(node.error().reason, Reason::kProofUntrusted);
}

INSTANTIATE_TEST_SUITE_P(BothSuites, NodeTest, ::testing::Values("intl", "gm"),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace chancery::node
