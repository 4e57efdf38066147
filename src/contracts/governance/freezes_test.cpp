#include "contracts/governance/freezes.h"

#include "contracts/governance/testing/council.h"
#include "contracts/identity/account_keys.h"
#include "contracts/registry.h"
#include "contracts/testing/requests.h"

namespace chancery::contracts::governance {
namespace {

using contracts::testing::refused;
using contracts::testing::succeeds;
using testing::CouncilNetwork;

constexpr std::int64_t kFreezeMs = 1'000'000;

wire::GovernanceAction freeze_action(const CouncilNetwork& network, const wire::FreezeTarget& target,
                                     const std::vector<std::string>& scope = {}) {
  wire::GovernanceAction action;
  auto& freeze = *action.mutable_freeze();
  *freeze.mutable_target() = target;
  for (const std::string& pattern : scope) freeze.add_scope(pattern);
  freeze.set_legal_basis("《行政强制法》第二十九条，榕马冻字〔2026〕1号");
  freeze.set_document_digest(std::string(32, 'z'));
  freeze.set_until_ms(network.now_ms() + kFreezeMs);
  return action;
}

wire::FreezeTarget account_target(const std::string& account) {
  wire::FreezeTarget target;
  target.set_account(account);
  return target;
}

wire::FreezeTarget contract_target(const std::string& contract) {
  wire::FreezeTarget target;
  target.set_contract(contract);
  return target;
}

wire::FreezeTarget credential_target(const std::string& id) {
  wire::FreezeTarget target;
  target.mutable_record()->set_contract("credential");
  target.mutable_record()->set_collection("credential");
  target.mutable_record()->set_key(id);
  return target;
}

Result<crypto::PublicKey> key_of(CouncilNetwork& network, const std::string& account) {
  auto context = network.ledger.context("identity");
  return account_keys().active_key(context, account, crypto::key_id(contracts::testing::key_of(account)));
}

wire::GovernanceAction unfreeze_action(std::uint64_t order) {
  wire::GovernanceAction action;
  action.mutable_unfreeze()->set_order(order);
  action.mutable_unfreeze()->set_reason("查清");
  return action;
}

TEST(Freezes, StopAnAccountUntilTheyRunOut) {
  CouncilNetwork network;
  EXPECT_TRUE(succeeds(key_of(network, "wang")));
  const auto action = freeze_action(network, account_target("wang"));
  EXPECT_EQ(network.carried(action, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  const auto refusal = key_of(network, "wang");
  ASSERT_TRUE(refused(refusal, Reason::kFrozen));
  EXPECT_NE(refusal.error().detail.find("order 1"), std::string::npos) << refusal.error().detail;
  EXPECT_NE(refusal.error().detail_zh.find("1 号冻结令"), std::string::npos) << refusal.error().detail_zh;
  EXPECT_TRUE(succeeds(key_of(network, "zhao")));
  network.ledger.advance(action.freeze().until_ms() - network.now_ms());
  EXPECT_TRUE(refused(key_of(network, "wang"), Reason::kFrozen));  // the end is inclusive
  network.ledger.advance(1);
  EXPECT_TRUE(succeeds(key_of(network, "wang")));
}

TEST(Freezes, MayConcernSomeMethodsOnly) {
  CouncilNetwork network;
  network.carried(freeze_action(network, account_target("wang"), {"credential.issue"}), "ma-sec");
  EXPECT_TRUE(succeeds(key_of(network, "wang")));
  EXPECT_TRUE(
      refused(network.run("credential.issue", contracts::testing::issue_request("c-1"), {"wang"}), Reason::kFrozen));
  EXPECT_TRUE(succeeds(network.run("evidence.deposit", contracts::testing::deposit_request(), {"wang"})));
  EXPECT_TRUE(succeeds(network.run("credential.issue", contracts::testing::issue_request("c-1"), {"zhao"})));
}

TEST(Freezes, StopTheRightsThatTheAccountHasLent) {
  CouncilNetwork network;
  wire::Delegate loan;
  loan.set_from("wang");
  loan.set_to("chen");
  loan.add_scope("credential.*");
  loan.set_until_ms(network.now_ms() + 10 * kFreezeMs);
  ASSERT_TRUE(succeeds(network.run("identity.delegate", loan, {"wang"})));
  ASSERT_TRUE(succeeds(network.run("credential.issue", contracts::testing::issue_request("c-1"), {"chen"})));
  network.carried(freeze_action(network, account_target("wang")), "ma-sec");
  EXPECT_TRUE(
      refused(network.run("credential.issue", contracts::testing::issue_request("c-2"), {"chen"}), Reason::kForbidden));
}

TEST(Freezes, StopAContractWhollyOrInPart) {
  CouncilNetwork network;
  network.carried(freeze_action(network, contract_target("evidence")), "ma-sec");
  EXPECT_TRUE(
      refused(network.run("evidence.deposit", contracts::testing::deposit_request(), {"wang"}), Reason::kFrozen));
  network.carried(freeze_action(network, contract_target("credential"), {"credential.revoke"}), "ma-sec");
  EXPECT_TRUE(succeeds(network.run("credential.issue", contracts::testing::issue_request("c-1"), {"wang"})));
  EXPECT_TRUE(
      refused(network.run("credential.revoke", contracts::testing::status_request("c-1"), {"wang"}), Reason::kFrozen));
}

TEST(Freezes, KeepARecordAsItIs) {
  CouncilNetwork network;
  ASSERT_TRUE(succeeds(network.run("credential.issue", contracts::testing::issue_request("c-1"), {"wang"})));
  network.carried(freeze_action(network, credential_target("c-1")), "ma-sec");
  const auto revoked = network.run("credential.revoke", contracts::testing::status_request("c-1"), {"wang"});
  ASSERT_TRUE(refused(revoked, Reason::kFrozen));
  EXPECT_NE(revoked.error().detail.find("credential/credential/c-1"), std::string::npos) << revoked.error().detail;
  EXPECT_TRUE(succeeds(network.run("credential.issue", contracts::testing::issue_request("c-2"), {"wang"})));
  EXPECT_EQ(network.carried(unfreeze_action(1), "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_TRUE(succeeds(network.run("credential.revoke", contracts::testing::status_request("c-1"), {"wang"})));
  EXPECT_EQ(network.carried(unfreeze_action(1), "ma-sec").failure().reason(), "state.wrong_state");
  EXPECT_EQ(network.carried(unfreeze_action(9), "ma-sec").failure().reason(), "state.not_found");
}

TEST(Freezes, HoldWhileOneOfSeveralOrdersDoes) {
  CouncilNetwork network;
  network.carried(freeze_action(network, account_target("wang")), "ma-sec");
  network.carried(freeze_action(network, account_target("wang")), "ma-sec");
  network.carried(unfreeze_action(1), "ma-sec");
  EXPECT_TRUE(refused(key_of(network, "wang"), Reason::kFrozen));
  network.carried(unfreeze_action(2), "ma-sec");
  EXPECT_TRUE(succeeds(key_of(network, "wang")));
}

TEST(Freezes, CanBeAppealedAgainstAndAnUpheldAppealLiftsThem) {
  CouncilNetwork network;
  network.carried(freeze_action(network, account_target("wang")), "ma-sec");
  wire::FileAppeal appeal;
  appeal.set_order(1);
  appeal.set_statement_digest(std::string(32, 's'));
  appeal.set_summary("事实有误");
  EXPECT_TRUE(succeeds(network.run("governance.appeal", appeal, {"chen"})));
  EXPECT_TRUE(succeeds(network.run("governance.appeal", appeal, {"chen"})));
  EXPECT_TRUE(refused(network.run("governance.appeal", appeal, {"ma-aud"}), Reason::kForbidden));
  wire::GovernanceAction answer;
  answer.mutable_answer_appeal()->set_order(1);
  answer.mutable_answer_appeal()->set_appeal(0);
  answer.mutable_answer_appeal()->set_reason("证据充分");
  EXPECT_EQ(network.carried(answer, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_TRUE(refused(key_of(network, "wang"), Reason::kFrozen));
  EXPECT_EQ(network.carried(answer, "ma-sec").failure().reason(), "state.wrong_state");
  answer.mutable_answer_appeal()->set_appeal(1);
  answer.mutable_answer_appeal()->set_upheld(true);
  EXPECT_EQ(network.carried(answer, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_TRUE(succeeds(key_of(network, "wang")));
  const auto order = network.read<wire::FreezeOrder>("governance", "order", "1");
  EXPECT_FALSE(order.appeals(0).upheld());
  EXPECT_TRUE(order.appeals(1).upheld());
  EXPECT_NE(order.lifted_height(), 0U);
  EXPECT_TRUE(refused(network.run("governance.appeal", appeal, {"chen"}), Reason::kWrongState));
}

TEST(Freezes, NeedALegalBasisAnEndAndATargetThatCanBeFreed) {
  CouncilNetwork network;
  const auto propose = [&](const std::function<void(wire::Freeze&)>& change) {
    wire::GovernanceAction action = freeze_action(network, account_target("wang"));
    change(*action.mutable_freeze());
    return network.propose(action, "ma-sec");
  };
  EXPECT_TRUE(succeeds(propose([](auto&) {})));
  EXPECT_TRUE(refused(propose([](auto& f) { f.clear_legal_basis(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& f) { f.set_until_ms(0); }), Reason::kInvalidValue));
  EXPECT_TRUE(
      refused(propose([](auto& f) { f.set_until_ms(f.until_ms() + 400LL * 86'400'000); }), Reason::kOutOfBounds));
  EXPECT_TRUE(refused(propose([](auto& f) { f.set_document_digest("short"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& f) { f.clear_target(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& f) { f.mutable_target()->set_contract("governance"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& f) { f.mutable_target()->set_contract("identity"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& f) { f.add_scope("credential"); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& f) {
                        *f.mutable_target() = credential_target("c-1");
                        f.add_scope("credential.issue");
                      }),
                      Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& f) {
                        f.mutable_target()->set_contract("evidence");
                        f.add_scope("credential.issue");
                      }),
                      Reason::kInvalidValue));
}

}  // namespace
}  // namespace chancery::contracts::governance
