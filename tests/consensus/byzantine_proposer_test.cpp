// A proposer may send anything. Honest nodes refuse what no honest node would propose; what they cannot know to be bad
// before it is executed has no effect, and the same on each of them.

#include <gtest/gtest.h>

#include "consensus/cometbft/application.h"
#include "consensus/cometbft/bundle.h"
#include "ledger.pb.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery {
namespace {

constexpr int kAccept = 1;
constexpr int kReject = 2;

/// One honest node: its own store, ledger and clock.
struct HonestNode {
  explicit HonestNode(const test::SmallNetwork& network) : signer(network.signer()) {
    store = std::move(*storage::Store::open({.path = directory / "store"}));
    ledger = std::move(*test::open_ledger(*store, network, *signer));
    consensus::ApplicationEvents events;
    events.engine.final = [this](const ledger::BlockResult& block) { last = block; };
    application = std::make_unique<consensus::CometApplication>(*ledger, clock, cache, std::move(events),
                                                                consensus::ApplicationOptions{.chain_id = "test"});
  }

  int judges(const std::vector<Bytes>& transactions) {
    abci::Request request;
    auto& proposal = *request.mutable_process_proposal();
    for (const Bytes& one : transactions) proposal.add_txs(one.data(), one.size());
    proposal.set_height(static_cast<std::int64_t>(ledger->durable_header().height() + 1));
    return application->handle(request).process_proposal().status();
  }

  /// The application hash after the block; empty when the node refused to execute it.
  std::string executes(const std::vector<Bytes>& transactions) {
    abci::Request request;
    auto& block = *request.mutable_finalize_block();
    for (const Bytes& one : transactions) block.add_txs(one.data(), one.size());
    block.set_height(static_cast<std::int64_t>(ledger->durable_header().height() + 1));
    block.set_hash("block");
    block.mutable_time()->set_seconds(clock.now_ms() / 1000);
    const abci::Response answer = application->handle(request);
    if (!answer.has_finalize_block()) return {};
    abci::Request commit;
    commit.mutable_commit();
    if (!application->handle(commit).has_commit()) return {};
    return answer.finalize_block().app_hash();
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<test::MemorySigner> signer;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<ledger::Ledger> ledger;
  ManualClock clock{test::kNetworkStart_ms + 10'000};
  consensus::BundleCache cache{100'000};
  std::unique_ptr<consensus::CometApplication> application;
  ledger::BlockResult last;
};

class ByzantineProposer : public testing::TestWithParam<const char*> {
 protected:
  ByzantineProposer() : network_(GetParam(), 21) {
    for (int i = 0; i < 3; ++i) nodes_.push_back(std::make_unique<HonestNode>(network_));
  }

  std::int64_t now_ms() const { return nodes_[0]->clock.now_ms(); }
  Bytes time() const { return consensus::encode_block_time(now_ms()); }
  static Bytes bundle(const std::vector<Bytes>& transactions) {
    std::vector<BytesView> views(transactions.begin(), transactions.end());
    return consensus::encode_bundle(views);
  }
  Bytes issue(const std::string& id) { return network_.issue(id, now_ms()); }
  /// The last byte of the signature is another one.
  static Bytes forged(const Bytes& transaction) {
    wire::Transaction envelope;
    EXPECT_TRUE(envelope.ParseFromArray(transaction.data(), static_cast<int>(transaction.size())));
    std::string& signature = *envelope.mutable_signatures(0)->mutable_value();
    signature.back() = static_cast<char>(signature.back() ^ 1);
    return to_bytes(envelope.SerializeAsString());
  }

  void all_judge(int expected, const std::vector<Bytes>& transactions, const char* what) {
    for (const auto& node : nodes_) EXPECT_EQ(node->judges(transactions), expected) << what;
  }
  /// All nodes come to the same state; its hash.
  std::string all_execute(const std::vector<Bytes>& transactions) {
    const std::string hash = nodes_[0]->executes(transactions);
    EXPECT_FALSE(hash.empty());
    for (const auto& node : nodes_) {
      if (node != nodes_[0]) {
        EXPECT_EQ(node->executes(transactions), hash);
      }
      EXPECT_EQ(node->ledger->head().state_root, nodes_[0]->ledger->head().state_root);
    }
    return hash;
  }
  std::optional<Reason> reason_of(std::size_t index) const {
    const auto& results = nodes_[0]->last.results;
    if (index >= results.size() || !results[index].error) return std::nullopt;
    return results[index].error->reason;
  }
  Digest state() const { return nodes_[0]->ledger->head().state_root; }

  test::SmallNetwork network_;
  std::vector<std::unique_ptr<HonestNode>> nodes_;
};

TEST_P(ByzantineProposer, AnHonestProposalIsAcceptedAndTakesEffect) {
  const std::vector<Bytes> proposal = {time(), bundle({issue("a"), issue("b")})};
  all_judge(kAccept, proposal, "honest");
  const Digest before = state();
  all_execute(proposal);
  ASSERT_EQ(nodes_[0]->last.results.size(), 2U);
  EXPECT_FALSE(reason_of(0));
  EXPECT_NE(state(), before);
}

TEST_P(ByzantineProposer, WhatIsNoBundleIsRefusedAndWouldHaveNoEffect) {
  Bytes damaged = bundle({issue("a")});
  damaged[damaged.size() / 2] ^= 0x20;
  for (const Bytes& bad : {to_bytes("hello"), Bytes{}, damaged, Bytes{'B'}}) {
    const std::vector<Bytes> proposal = {time(), bad};
    all_judge(kReject, proposal, "no bundle");
  }
  const Digest before = state();
  all_execute({time(), damaged, to_bytes("hello")});
  EXPECT_EQ(state(), before);
}

TEST_P(ByzantineProposer, AForgedSignatureIsRefusedAndWouldHaveNoEffect) {
  const std::vector<Bytes> proposal = {time(), bundle({issue("good"), forged(issue("bad"))})};
  all_judge(kReject, proposal, "forged");
  all_execute(proposal);
  EXPECT_TRUE(nodes_[0]->ledger->prove_record("credential", "credential", as_bytes("bad"))->records[0].value ==
              std::nullopt);
}

TEST_P(ByzantineProposer, TheSameBundleTwiceIsRefusedAndWouldTakeEffectOnce) {
  const Bytes one = bundle({issue("a")});
  all_judge(kReject, {time(), one, one}, "twice");
  all_execute({time(), one, one});
  std::size_t effects = 0;
  for (const auto& result : nodes_[0]->last.results) effects += result.error ? 0U : 1U;
  EXPECT_EQ(effects, 1U);
}

TEST_P(ByzantineProposer, AReplayInALaterBlockChangesNothing) {
  const Bytes one = issue("a");
  all_execute({time(), bundle({one})});
  const Digest before = state();
  all_execute({time(), bundle({one})});
  EXPECT_EQ(state(), before);
  // Hidden beside a fresh one, so that the bundle has another name.
  all_execute({time(), bundle({one, issue("b")})});
  std::size_t effects = 0;
  for (const auto& result : nodes_[0]->last.results) effects += result.error ? 0U : 1U;
  EXPECT_EQ(effects, 1U);
}

TEST_P(ByzantineProposer, ALateTransactionChangesNothing) {
  const Bytes late = issue("late");
  for (const auto& node : nodes_) node->clock.advance_ms(10 * 60'000);
  const Digest before = state();
  all_execute({time(), bundle({late})});
  EXPECT_EQ(state(), before);
}

TEST_P(ByzantineProposer, AClockFarFromTheirsIsRefused) {
  const Bytes good = bundle({issue("a")});
  all_judge(kReject, {consensus::encode_block_time(now_ms() + 3'600'000), good}, "an hour ahead");
  all_judge(kReject, {consensus::encode_block_time(now_ms() - 3'600'000), good}, "an hour behind");
  all_judge(kReject, {consensus::encode_block_time(-5), good}, "before 1970");
  all_judge(kReject, {good}, "no clock at all");
  all_judge(kReject, {good, time()}, "the clock not in front");
  all_judge(kReject, {time(), time(), good}, "two clocks");
  all_judge(kAccept, {consensus::encode_block_time(now_ms() + 5'000), good}, "five seconds ahead");
}

TEST_P(ByzantineProposer, TimeNeverGoesBackWhateverIsDecided) {
  all_execute({time(), bundle({issue("a")})});
  const std::int64_t first_ms = nodes_[0]->ledger->head().time_ms;
  all_execute({consensus::encode_block_time(first_ms - 20'000), bundle({issue("b")})});
  EXPECT_GT(nodes_[0]->ledger->head().time_ms, first_ms);
}

TEST_P(ByzantineProposer, MoreThanABlockHoldsIsRefused) {
  // 20,000 is the limit of a block; a bundle holds up to 5,000.
  std::vector<Bytes> proposal = {time()};
  const Bytes one = issue("a");
  for (int bundles = 0; bundles < 5; ++bundles) {
    std::vector<Bytes> many(static_cast<std::size_t>(4'001 + bundles), one);
    proposal.push_back(bundle(many));
  }
  all_judge(kReject, proposal, "20,015 transactions");
}

TEST_P(ByzantineProposer, AProposalOfItsOwnLeavesOutWhatIsBadAndKeepsTheLimit) {
  abci::Request request;
  auto& prepare = *request.mutable_prepare_proposal();
  const Bytes good = bundle({issue("a")});
  const Bytes bad = bundle({forged(issue("b"))});
  prepare.add_txs(bad.data(), bad.size());
  prepare.add_txs(good.data(), good.size());
  prepare.set_max_tx_bytes(1 << 20);
  const abci::Response answer = nodes_[0]->application->handle(request);
  ASSERT_EQ(answer.prepare_proposal().txs_size(), 2);
  EXPECT_TRUE(consensus::is_block_time(as_bytes(answer.prepare_proposal().txs(0))));
  EXPECT_EQ(to_bytes(answer.prepare_proposal().txs(1)), good);
  prepare.set_max_tx_bytes(40);
  EXPECT_EQ(nodes_[0]->application->handle(request).prepare_proposal().txs_size(), 1);
}

TEST_P(ByzantineProposer, ABlockAskedForAgainAfterACrashGivesTheSameAnswerAndAnotherOneIsCorrupt) {
  abci::Request request;
  auto& block = *request.mutable_finalize_block();
  const Bytes one = bundle({issue("a")});
  const Bytes now = time();
  block.add_txs(now.data(), now.size());
  block.add_txs(one.data(), one.size());
  block.set_height(2);
  block.set_hash("first");
  const std::string hash = nodes_[0]->application->handle(request).finalize_block().app_hash();
  EXPECT_EQ(nodes_[0]->application->handle(request).finalize_block().app_hash(), hash);
  block.set_hash("second");
  EXPECT_TRUE(nodes_[0]->application->handle(request).has_exception());
}

INSTANTIATE_TEST_SUITE_P(BothSuites, ByzantineProposer, testing::Values("gm", "intl"));

}  // namespace
}  // namespace chancery
