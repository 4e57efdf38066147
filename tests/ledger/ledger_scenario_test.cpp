// Issue, prove, revoke, verify: the ledger's promises with the real contracts, under both suites.

#include <gtest/gtest.h>

#include "contracts/credential.pb.h"
#include "contracts/credential/status.h"
#include "contracts/registry.h"
#include "merkle/inclusion.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery {
namespace {

using contracts::credential::status_at_block;

class LedgerScenario : public testing::TestWithParam<const char*> {
 protected:
  LedgerScenario() : network_(GetParam(), 7), signer_(network_.signer()) { reopen(); }

  void reopen() {
    ledger_.reset();
    store_.reset();
    auto store = storage::Store::open({.path = directory_ / "store"});
    ASSERT_TRUE(store.has_value()) << store.error().message();
    store_ = std::move(*store);
    auto ledger = test::open_ledger(*store_, network_, *signer_);
    ASSERT_TRUE(ledger.has_value()) << ledger.error().message();
    ledger_ = std::move(*ledger);
  }

  ledger::BlockResult block(std::vector<Bytes> transactions) {
    now_ms_ += 100;
    std::vector<ledger::OrderedTransaction> ordered;
    for (Bytes& one : transactions) ordered.push_back(network_.ordered(std::move(one)));
    auto executed = ledger_->execute(now_ms_, std::move(ordered));
    EXPECT_TRUE(executed.has_value());
    auto result = ledger_->commit(*executed);
    EXPECT_TRUE(result.has_value());
    return std::move(*result);
  }

  ledger::Verification verify(const ledger::Receipt& receipt) {
    return ledger::verify_receipt_bytes(as_bytes(receipt.to_json()), network_.trust());
  }

  test::TemporaryDirectory directory_;
  test::SmallNetwork network_;
  std::unique_ptr<test::MemorySigner> signer_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::int64_t now_ms_ = test::kNetworkStart_ms + 1'000;
};

TEST_P(LedgerScenario, IssuesAndTheReceiptVerifiesOffline) {
  const auto result = block({network_.issue("c-1", now_ms_), network_.issue("c-2", now_ms_)});
  ASSERT_EQ(result.results.size(), 2U);
  for (const auto& one : result.results) ASSERT_FALSE(one.error.has_value()) << one.error->message();
  const ledger::RecordKey key{"credential", "credential", to_bytes("c-2")};
  const auto receipt = ledger_->receipt(result.results[1].leaf_index, {&key, 1});
  ASSERT_TRUE(receipt.has_value()) << receipt.error().message();
  const auto verification = verify(*receipt);
  for (const auto& step : verification.steps) EXPECT_TRUE(step.ok) << step.text_en;
  EXPECT_TRUE(verification.passed);
  EXPECT_EQ(verification.transaction_id, result.results[1].id);
  const auto cbor = ledger::verify_receipt_bytes(receipt->to_cbor(), network_.trust());
  EXPECT_TRUE(cbor.passed);
}

TEST_P(LedgerScenario, ProvesAbsenceAndThePastFromThePresentRecord) {
  block({network_.issue("c-1", now_ms_)});
  const std::uint64_t valid_height = ledger_->head().height;
  const auto absent = ledger_->prove_record("credential", "credential", as_bytes("c-9"));
  ASSERT_TRUE(absent.has_value()) << absent.error().message();
  EXPECT_FALSE(absent->records[0].value.has_value());
  EXPECT_TRUE(verify(*absent).passed);

  const auto revoked = block({network_.revoke("c-1", now_ms_)});
  ASSERT_FALSE(revoked.results[0].error.has_value()) << revoked.results[0].error->message();
  const auto present = ledger_->prove_record("credential", "credential", as_bytes("c-1"));
  ASSERT_TRUE(present.has_value());
  ASSERT_TRUE(verify(*present).passed);
  wire::Credential record;
  ASSERT_TRUE(
      record.ParseFromArray(present->records[0].value->data(), static_cast<int>(present->records[0].value->size())));
  EXPECT_EQ(status_at_block(record, valid_height, now_ms_ - 100).status, wire::CREDENTIAL_STATUS_VALID);
  EXPECT_EQ(status_at_block(record, revoked.height, now_ms_).status, wire::CREDENTIAL_STATUS_REVOKED);
}

TEST_P(LedgerScenario, RefusesEveryChangedReceipt) {
  const auto result = block({network_.issue("c-1", now_ms_), network_.issue("c-2", now_ms_)});
  const ledger::RecordKey key{"credential", "credential", to_bytes("c-1")};
  const auto receipt = ledger_->receipt(result.results[0].leaf_index, {&key, 1});
  ASSERT_TRUE(receipt.has_value());
  auto changed = *receipt;
  changed.leaf_index ^= 1;
  EXPECT_FALSE(verify(changed).passed);
  changed = *receipt;
  changed.entry[10] ^= 1;
  EXPECT_FALSE(verify(changed).passed);
  changed = *receipt;
  changed.records[0].value->back() ^= 1;
  EXPECT_FALSE(verify(changed).passed);
  changed = *receipt;
  changed.records[0].key = to_bytes("c-2");
  EXPECT_FALSE(verify(changed).passed);
  changed = *receipt;
  changed.records[0].value.reset();
  EXPECT_FALSE(verify(changed).passed);
  changed = *receipt;
  changed.inclusion_proof.emplace_back();
  EXPECT_FALSE(verify(changed).passed);
  changed = *receipt;
  changed.signer_keys.clear();
  EXPECT_FALSE(verify(changed).passed);
  changed = *receipt;
  changed.network_id[0] ^= 1;
  EXPECT_FALSE(verify(changed).passed);
  changed = *receipt;
  changed.checkpoint.replace(changed.checkpoint.find("height 2"), 8, "height 3");
  EXPECT_FALSE(verify(changed).passed);
}

TEST_P(LedgerScenario, RecordsARefusalAndChangesNothing) {
  block({network_.issue("c-1", now_ms_)});
  const Digest before = ledger_->head().state_root;
  const auto result = block({network_.issue("c-1", now_ms_), network_.revoke("no-such", now_ms_)});
  EXPECT_EQ(result.results[0].error->reason, Reason::kAlreadyExists);
  EXPECT_EQ(result.results[1].error->reason, Reason::kNotFound);
  EXPECT_TRUE(result.results[0].recorded);
  EXPECT_EQ(ledger_->head().state_root, before);
  const auto receipt = ledger_->receipt(result.results[0].leaf_index);
  ASSERT_TRUE(receipt.has_value());
  EXPECT_TRUE(verify(*receipt).passed);
}

TEST_P(LedgerScenario, AllCallsOfATransactionSucceedOrNone) {
  const Digest before = ledger_->head().state_root;
  const auto result = block({network_.transaction({network_.issue_call("c-1"), network_.issue_call("c-1")}, now_ms_)});
  EXPECT_EQ(result.results[0].error->reason, Reason::kAlreadyExists);
  EXPECT_EQ(ledger_->head().state_root, before);
}

TEST_P(LedgerScenario, RefusesAReplayAlsoAfterReopening) {
  const Bytes once = network_.issue("c-1", now_ms_);
  EXPECT_FALSE(block({once}).results[0].error.has_value());
  EXPECT_EQ(block({once}).results[0].error->reason, Reason::kReplayed);
  reopen();
  const auto again = block({once});
  EXPECT_EQ(again.results[0].error->reason, Reason::kReplayed);
  EXPECT_FALSE(again.results[0].recorded);
  now_ms_ += 130'000;
  EXPECT_EQ(block({once}).results[0].error->reason, Reason::kExpired);
}

TEST_P(LedgerScenario, GivesTheSameRootsAfterReopening) {
  for (int i = 0; i < 20; ++i) block({network_.issue("c-" + std::to_string(i), now_ms_)});
  const ledger::Head before = ledger_->head();
  reopen();
  const ledger::Head after = ledger_->head();
  EXPECT_EQ(after.height, before.height);
  EXPECT_EQ(after.state_root, before.state_root);
  EXPECT_EQ(after.history_root, before.history_root);
  EXPECT_EQ(after.checkpoint, before.checkpoint);
  EXPECT_FALSE(block({network_.revoke("c-3", now_ms_)}).results[0].error.has_value());
}

TEST_P(LedgerScenario, ProvesAtEveryHeightThatIsStillKept) {
  std::vector<std::uint64_t> heights;
  for (int i = 0; i < 30; ++i) heights.push_back(block({network_.issue("c-" + std::to_string(i), now_ms_)}).height);
  for (int i = 0; i < 30; ++i) {
    const std::string id = "c-" + std::to_string(i);
    for (const std::uint64_t height : {heights.front(), heights[static_cast<std::size_t>(i)], heights.back()}) {
      const auto proof = ledger_->prove_record("credential", "credential", as_bytes(id), height);
      ASSERT_TRUE(proof.has_value()) << proof.error().message();
      EXPECT_EQ(proof->records[0].value.has_value(), height >= heights[static_cast<std::size_t>(i)]);
      EXPECT_TRUE(verify(*proof).passed);
    }
  }
  now_ms_ += 60'000;
  block({network_.issue("late-1", now_ms_)});
  now_ms_ += 60'000;
  block({network_.issue("late-2", now_ms_)});
  const auto gone = ledger_->prove_record("credential", "credential", as_bytes("c-1"), heights.front());
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().reason, Reason::kGone);
}

TEST_P(LedgerScenario, ExecutesAheadOfTheWriteAndReadersSeeOnlyWhatIsDurable) {
  block({network_.issue("c-1", now_ms_)});
  now_ms_ += 100;
  auto first = ledger_->execute(now_ms_, {network_.ordered(network_.issue("c-2", now_ms_))});
  now_ms_ += 100;
  auto second = ledger_->execute(now_ms_, {network_.ordered(network_.revoke("c-2", now_ms_))});
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_FALSE(ledger_->record("credential", "credential", as_bytes("c-2"))->value.has_value());
  const auto absent = ledger_->prove_record("credential", "credential", as_bytes("c-2"));
  ASSERT_TRUE(absent.has_value());
  EXPECT_TRUE(verify(*absent).passed);
  ASSERT_TRUE(ledger_->commit(*first).has_value());
  EXPECT_TRUE(ledger_->record("credential", "credential", as_bytes("c-2"))->value.has_value());
  const auto committed = ledger_->commit(*second);
  ASSERT_TRUE(committed.has_value());
  EXPECT_FALSE(committed->results[0].error.has_value()) << committed->results[0].error->message();
  const auto proof = ledger_->prove_record("credential", "credential", as_bytes("c-2"));
  ASSERT_TRUE(proof.has_value());
  EXPECT_TRUE(verify(*proof).passed);
}

TEST_P(LedgerScenario, ServesTilesThatGiveTheHistoryRoot) {
  std::vector<Bytes> many;
  for (int i = 0; i < 700; ++i) many.push_back(network_.issue("c-" + std::to_string(i), now_ms_));
  block(std::move(many));
  EXPECT_EQ(ledger_->tile("tile/0/000")->size(), 256U * 32);
  EXPECT_EQ(ledger_->tile("tile/0/002.p/188")->size(), 188U * 32);
  EXPECT_EQ(ledger_->tile("tile/1/000.p/2")->size(), 2U * 32);
  EXPECT_FALSE(ledger_->tile("tile/0/002.p/189").has_value());
  EXPECT_FALSE(ledger_->tile("tile/0/002").has_value());
  ASSERT_TRUE(ledger_->tile("tile/entries/002.p/188").has_value());
  for (const std::uint64_t leaf : {0U, 255U, 256U, 699U}) {
    const auto receipt = ledger_->receipt(leaf);
    ASSERT_TRUE(receipt.has_value()) << receipt.error().message();
    EXPECT_TRUE(verify(*receipt).passed);
  }
  for (bool complete = false; !complete;) {
    const auto scrubbed = ledger_->scrub(100);
    ASSERT_TRUE(scrubbed.has_value()) << scrubbed.error().message();
    complete = *scrubbed;
  }
}

INSTANTIATE_TEST_SUITE_P(BothSuites, LedgerScenario, testing::Values("intl", "gm"),
                         [](const auto& suite) { return std::string(suite.param); });

}  // namespace
}  // namespace chancery
