// Proposals and supervision over a real ledger, in both suites.

#include "node/services/governance.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "contracts/governance/testing/council.h"
#include "contracts/testing/requests.h"
#include "node/services/supervision.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::node {
namespace {

namespace council = contracts::governance::testing;

/// The small network of contracts/testing with mawei alone in the council: its network_admin and org_admin is root.
Json sections() {
  Json out = contracts::testing::genesis_sections();
  out["governance"] = contracts::governance::default_governance(
      {.council = {"mawei"}, .reserve_network_matters = false, .delay_ms = 0});
  out["supervision"] = {{"rules",
                         {{{"id", "fast"},
                           {"name_zh", "过快"},
                           {"name_en", "Fast"},
                           {"kind", "RULE_KIND_RATE"},
                           {"methods", {"evidence.deposit"}},
                           {"threshold", 3},
                           {"window_ms", 10'000}}}}};
  return out;
}

class Governed : public ::testing::TestWithParam<const char*> {
 protected:
  Governed() : network_(GetParam(), 7, sections()), signer_(network_.signer()) { open(); }

  void open() {
    ledger_.reset();
    store_.reset();
    store_ = std::move(*storage::Store::open({.path = directory_ / "store"}));
    auto ledger = test::open_ledger(*store_, network_, *signer_);
    CHANCERY_CHECK(ledger.has_value());
    ledger_ = std::move(*ledger);
  }

  /// A block of one transaction; the error is its refusal.
  Result<Bytes> run(std::string_view method, const google::protobuf::MessageLite& args, const std::string& signer) {
    now_ms_ += 1'000;
    const Digest seed = crypto::hash(crypto::HashAlgorithm::kSha256, as_bytes(signer));
    const auto key = crypto::PrivateKey::from_secret(crypto::SignatureAlgorithm::kEd25519, seed);
    wire::Body body = ledger::make_body(network_.genesis().network_id, now_ms_, 60'000, network_.random());
    const std::size_t dot = method.find('.');
    ledger::add_call(body, std::string(method.substr(0, dot)), std::string(method.substr(dot + 1)),
                     args.SerializeAsString());
    const ledger::AccountSigner account{signer, &*key};
    auto raw = ledger::sign_transaction(body, {&account, 1});
    auto parsed = ledger::parse_transaction(std::move(*raw), network_.genesis().suite->hash);
    parsed->signed_with.push_back(key->public_key());
    auto executed =
        ledger_->execute(now_ms_, {{std::make_shared<ledger::ParsedTransaction>(std::move(*parsed)), std::nullopt}});
    auto result = ledger_->commit(*executed);
    if (result->results[0].error) return std::unexpected(*result->results[0].error);
    const auto entry = ledger_->entry(result->results[0].leaf_index);
    return entry->outputs().empty() ? Bytes{} : to_bytes(entry->outputs(0));
  }

  std::uint64_t carry(const wire::GovernanceAction& action) {
    wire::CreateProposal create;
    *create.mutable_action() = action;
    create.set_title("提案");
    create.set_reason("理由");
    const auto number = run("governance.create", create, "root");
    EXPECT_TRUE(number.has_value()) << number.error().message();
    wire::CastVote vote;
    vote.set_proposal(std::stoull(to_string(*number)));
    vote.set_choice(wire::VOTE_CHOICE_YES);
    EXPECT_TRUE(run("governance.vote", vote, "root").has_value());
    wire::ExecuteProposal execute;
    execute.set_proposal(vote.proposal());
    EXPECT_TRUE(run("governance.execute", execute, "boss").has_value());
    return vote.proposal();
  }

  test::TemporaryDirectory directory_;
  test::SmallNetwork network_;
  std::unique_ptr<test::MemorySigner> signer_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::int64_t now_ms_ = test::kNetworkStart_ms + 1'000;
};

TEST_P(Governed, ADryRunListsEveryMemberThatWouldChangeAndChangesNothing) {
  const Digest before = ledger_->head().state_root;
  const auto tried = dry_run(*ledger_, council::suspend_action("gulou"));
  ASSERT_TRUE(tried.has_value()) << tried.error().message();
  ASSERT_FALSE(tried->refusal.has_value()) << tried->refusal->message();
  ASSERT_EQ(tried->records.size(), 1U);
  const RecordDifference& record = tried->records[0];
  EXPECT_EQ(record.title_zh, "机构 gulou");
  EXPECT_EQ(record.title_en, "Organisation gulou");
  const auto suspended = std::ranges::find(record.fields, "suspended", &FieldDifference::path);
  ASSERT_NE(suspended, record.fields.end());
  EXPECT_EQ(suspended->before, "false");
  EXPECT_EQ(suspended->after, "true");
  EXPECT_EQ(ledger_->head().state_root, before);

  const auto refused = dry_run(*ledger_, council::suspend_action("mawei"));
  ASSERT_TRUE(refused->refusal.has_value());  // nobody could vote any more
  EXPECT_FALSE(refused->refusal->detail_zh.empty());
  EXPECT_TRUE(refused->records.empty());
}

TEST_P(Governed, ADryRunSaysWhatExecutionThenDoes) {
  wire::GovernanceAction action;
  action.mutable_install_pack()->set_name("water-meters");
  action.mutable_install_pack()->set_version("1.0.0");
  action.mutable_install_pack()->set_digest(std::string(32, 'p'));
  const auto tried = dry_run(*ledger_, action);
  ASSERT_EQ(tried->records.size(), 1U);
  EXPECT_FALSE(tried->records[0].existed);
  const std::uint64_t number = carry(action);
  const auto view = view_proposal(*ledger_, number);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->state, wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_TRUE(ledger_->record("governance", "pack", as_bytes("water-meters"))->value.has_value());
  EXPECT_EQ(list_proposals(*ledger_, 0, 10)->items.size(), 1U);
  EXPECT_TRUE(dry_run(*ledger_, action)->refusal.has_value());
}

TEST_P(Governed, TheExecutorRefusesWhatIsFrozen) {
  ASSERT_TRUE(run("credential.issue", contracts::testing::issue_request("c-1"), "wang").has_value());
  wire::GovernanceAction action;
  action.mutable_freeze()->mutable_target()->mutable_record()->set_contract("credential");
  action.mutable_freeze()->mutable_target()->mutable_record()->set_collection("credential");
  action.mutable_freeze()->mutable_target()->mutable_record()->set_key("c-1");
  action.mutable_freeze()->set_legal_basis("演练字〔2026〕1号");
  action.mutable_freeze()->set_until_ms(now_ms_ + 3'600'000);
  carry(action);
  const auto revoked = run("credential.revoke", contracts::testing::status_request("c-1"), "wang");
  ASSERT_FALSE(revoked.has_value());
  EXPECT_EQ(revoked.error().reason, Reason::kFrozen);
  action.mutable_freeze()->mutable_target()->set_account("wang");
  carry(action);
  const auto signed_by_frozen = run("credential.issue", contracts::testing::issue_request("c-2"), "wang");
  ASSERT_FALSE(signed_by_frozen.has_value());
  EXPECT_EQ(signed_by_frozen.error().reason, Reason::kFrozen);
  open();  // the state is the same after a restart
  EXPECT_EQ(run("credential.issue", contracts::testing::issue_request("c-2"), "wang").error().reason, Reason::kFrozen);
  EXPECT_TRUE(view_order(*ledger_, 2).has_value());
}

TEST_P(Governed, AlertsAreTheSameWhoeverEvaluatesTheLogAndWhenever) {
  const std::string first = directory_ / "alerts-1";
  const std::string second = directory_ / "alerts-2";
  auto follower = Supervision::open(first, *ledger_);
  ASSERT_TRUE(follower.has_value());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(run("evidence.deposit", contracts::testing::deposit_request(), "wang").has_value());
    ASSERT_TRUE((*follower)->catch_up(1).has_value());
    if (i == 1) follower = Supervision::open(first, *ledger_);  // between two deposits of one window
  }
  const auto page = (*follower)->list(0, 10, {});
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].finding.leaf_index, 2U);
  EXPECT_EQ(page.items[0].finding.account, "wang");

  follower = Supervision::open(first, *ledger_);
  auto another = Supervision::open(second, *ledger_);
  ASSERT_TRUE((*another)->catch_up(1'000).has_value());
  ASSERT_TRUE((*follower)->catch_up(1'000).has_value());
  EXPECT_EQ((*follower)->position(), 5U);
  ASSERT_EQ((*another)->list(0, 10, {}).items.size(), 1U);
  EXPECT_EQ((*another)->list(0, 10, {}).items[0].finding, (*follower)->list(0, 10, {}).items[0].finding);

  const auto receipt = ledger_->receipt((*another)->find(1)->finding.leaf_index);
  ASSERT_TRUE(receipt.has_value());
  EXPECT_TRUE(ledger::verify_receipt(*receipt, network_.trust()).passed);
}

TEST_P(Governed, AlertsWhoseFilesAreDamagedAreMadeAgain) {
  const std::string directory = directory_ / "alerts";
  for (int i = 0; i < 3; ++i) run("evidence.deposit", contracts::testing::deposit_request(), "wang");
  ASSERT_TRUE((*Supervision::open(directory, *ledger_))->catch_up(1'000).has_value());
  std::filesystem::remove(directory + "/alerts.jsonl");
  auto again = Supervision::open(directory, *ledger_);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ((*again)->position(), 0U);
  ASSERT_TRUE((*again)->catch_up(1'000).has_value());
  EXPECT_EQ((*again)->list(0, 10, {}).total, 1U);
  EXPECT_FALSE((*again)->find(2).has_value());
}

TEST_P(Governed, OnlyOverseersSeeAlerts) {
  EXPECT_TRUE(require_overseer(*ledger_, now_ms_, "root").has_value());
  for (const char* account : {"wang", "li", "resident", "nobody"}) {
    EXPECT_FALSE(require_overseer(*ledger_, now_ms_, account).has_value()) << account;
  }
}

INSTANTIATE_TEST_SUITE_P(BothSuites, Governed, ::testing::Values("gm", "intl"));

}  // namespace
}  // namespace chancery::node
