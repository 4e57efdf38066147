// What executed proposals leave behind: organisations, roles, parameters, packs, versions.

#include "contracts/governance/protocol.h"
#include "contracts/governance/testing/council.h"

namespace chancery::contracts::governance {
namespace {

using contracts::testing::refused;
using contracts::testing::succeeds;
using testing::CouncilNetwork;
using testing::suspend_action;

wire::GovernanceAction add_action(const std::string& id, bool council) {
  wire::GovernanceAction action;
  auto& add = *action.mutable_add_organisation();
  add.mutable_organisation()->set_id(id);
  add.mutable_organisation()->set_name_zh("晋安区行政服务中心");
  add.mutable_administrator()->set_id("jin");
  add.mutable_administrator()->set_kind(wire::ACCOUNT_KIND_MEMBER);
  add.mutable_administrator()->set_organisation(id);
  add.mutable_administrator()->set_assurance(3);
  const crypto::PublicKey key = contracts::testing::key_of("jin");
  add.mutable_administrator()->add_keys()->set_algorithm(static_cast<std::uint32_t>(key.algorithm));
  add.mutable_administrator()->mutable_keys(0)->set_public_key(to_string(key.bytes));
  add.set_council(council);
  return action;
}

wire::GovernanceAction remove_action(const std::string& id) {
  wire::GovernanceAction action;
  action.mutable_remove_organisation()->set_organisation(id);
  action.mutable_remove_organisation()->set_reason("退出");
  return action;
}

TEST(Organisations, JoinWithAnAdministratorWhoVotesFromThenOn) {
  CouncilNetwork network;
  EXPECT_EQ(network.carried(add_action("jinan", true), "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_TRUE(network.read<wire::Account>("identity", "account", "jin").roles(0).role() == "org_admin");
  const std::uint64_t number = network.proposed(suspend_action("firm"), "ma-sec");
  EXPECT_TRUE(succeeds(network.vote(number, "jin")));
  for (const char* voter : {"root", "li"}) EXPECT_TRUE(succeeds(network.vote(number, voter)));
  EXPECT_EQ(network.proposal(number).state(), wire::PROPOSAL_STATE_VOTING);  // three of five
  EXPECT_TRUE(succeeds(network.vote(number, "tai")));
  EXPECT_EQ(network.proposal(number).state(), wire::PROPOSAL_STATE_APPROVED);
}

TEST(Organisations, ThatAreSuspendedDoNotCountUntilTheyAreReinstated) {
  CouncilNetwork network;
  network.carried(suspend_action("taijiang"), "ma-sec");
  const std::uint64_t number = network.proposed(suspend_action("firm"), "ma-sec");
  EXPECT_TRUE(refused(network.vote(number, "tai"), Reason::kForbidden));
  EXPECT_TRUE(succeeds(network.vote(number, "root")));
  EXPECT_TRUE(succeeds(network.vote(number, "li")));
  EXPECT_EQ(network.proposal(number).state(), wire::PROPOSAL_STATE_VOTING);  // two of three are not more than 2/3
  wire::GovernanceAction action;
  action.mutable_reinstate_organisation()->set_organisation("taijiang");
  action.mutable_reinstate_organisation()->set_reason("整改完成");
  EXPECT_EQ(network.carried(action, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_TRUE(succeeds(network.vote(number, "tai")));
  EXPECT_EQ(network.proposal(number).state(), wire::PROPOSAL_STATE_APPROVED);
}

TEST(Organisations, ThatAreRemovedLoseVoteAndValidatorsForGood) {
  CouncilNetwork network;
  EXPECT_EQ(network.carried(remove_action("taijiang"), "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_EQ(network.read<wire::Council>("governance", "council", "current").organisations_size(), 3);
  const auto newest = network.read<wire::Counter>("governance", "validators", "newest").value();
  EXPECT_EQ(newest, network.height() + 2);
  EXPECT_EQ(network.read<wire::ValidatorSet>("governance", "validators", std::to_string(newest)).validators_size(), 3);
  wire::GovernanceAction action;
  action.mutable_reinstate_organisation()->set_organisation("taijiang");
  action.mutable_reinstate_organisation()->set_reason("x");
  EXPECT_EQ(network.carried(action, "ma-sec").failure().reason(), "state.wrong_state");
  EXPECT_EQ(network.carried(remove_action("taijiang"), "ma-sec").failure().reason(), "state.wrong_state");
}

TEST(Organisations, CannotAllBeSuspended) {
  CouncilNetwork network;
  for (const char* id : {"taijiang", "firm"}) network.carried(suspend_action(id), "root");
  EXPECT_EQ(network.carried(suspend_action("gulou"), "root").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_EQ(network.carried(suspend_action("mawei"), "root").failure().reason(), "state.wrong_state");
}

TEST(Roles, AreGrantedAndRevokedByProposalWithDutiesKeptApart) {
  CouncilNetwork network;
  wire::GovernanceAction action;
  auto& change = *action.mutable_change_role();
  change.set_account("chen");
  change.set_organisation("mawei");
  change.set_role("security_admin");
  EXPECT_EQ(network.carried(action, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  change.set_role("system_admin");
  EXPECT_EQ(network.carried(action, "ma-sec").failure().reason(), "permission.duties_conflict");
  change.set_role("security_admin");
  change.set_revoke(true);
  EXPECT_EQ(network.carried(action, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_EQ(network.carried(action, "ma-sec").failure().reason(), "state.not_found");
  change.set_revoke(false);
  change.set_role("audit_admin");
  EXPECT_EQ(network.carried(action, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  for (const char* role : {"issuer", "regulator", "security_admin"}) {
    change.set_role(role);
    EXPECT_EQ(network.carried(action, "ma-sec").failure().reason(), "permission.duties_conflict") << role;
  }
}

TEST(Permissions, AreSetByProposal) {
  CouncilNetwork network;
  wire::GovernanceAction action;
  action.mutable_set_permission()->set_method("evidence.deposit");
  action.mutable_set_permission()->add_rules()->set_role("issuer");
  EXPECT_EQ(network.carried(action, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_FALSE(network.read<wire::Permission>("identity", "permission", "evidence.deposit").everyone());
  action.mutable_set_permission()->set_method("identity.set_permission");
  action.mutable_set_permission()->clear_rules();
  EXPECT_EQ(network.carried(action, "ma-sec").failure().reason(), "input.invalid_value");
}

TEST(Parameters, KeepTheirEarlierValues) {
  CouncilNetwork network;
  wire::GovernanceAction action;
  auto& value = *action.mutable_set_parameters()->add_values();
  value.set_name("window_ms");
  for (const std::int64_t window_ms : {60'000, 30'000}) {
    value.set_value(window_ms);
    EXPECT_EQ(network.carried(action, "tai-sys").state(), wire::PROPOSAL_STATE_EXECUTED);
  }
  const auto record = network.read<wire::Parameter>("governance", "parameter", "window_ms");
  ASSERT_EQ(record.earlier_size(), 1);
  EXPECT_EQ(record.earlier(0).value(), 60'000);
  EXPECT_EQ(record.earlier(0).until_height(), record.changed_height());
  EXPECT_EQ(parameter(network.ledger.context("identity"), "window_ms").value(), 30'000);
  EXPECT_EQ(parameter(network.ledger.context("identity"), "block_wait_ms").value(), std::nullopt);
}

TEST(ServicePacks, AreInstalledReplacedAndRetired) {
  CouncilNetwork network;
  wire::GovernanceAction install;
  install.mutable_install_pack()->set_name("water-meters");
  install.mutable_install_pack()->set_digest(std::string(32, 'p'));
  for (const char* version : {"1.0.0", "1.1.0"}) {
    install.mutable_install_pack()->set_version(version);
    EXPECT_EQ(network.carried(install, "ma-sys").state(), wire::PROPOSAL_STATE_EXECUTED);
  }
  EXPECT_EQ(network.carried(install, "ma-sys").failure().reason(), "state.already_exists");
  auto pack = network.read<wire::ServicePack>("governance", "pack", "water-meters");
  ASSERT_EQ(pack.versions_size(), 2);
  EXPECT_EQ(pack.versions(0).retired_height(), pack.versions(1).installed_height());
  wire::GovernanceAction retire;
  retire.mutable_retire_pack()->set_name("water-meters");
  retire.mutable_retire_pack()->set_reason("停用");
  EXPECT_EQ(network.carried(retire, "ma-sys").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_EQ(network.carried(retire, "ma-sys").failure().reason(), "state.not_found");
}

TEST(Upgrades, HoldFromTheirHeightOn) {
  CouncilNetwork network;
  wire::GovernanceAction action;
  action.mutable_upgrade()->set_protocol_version(2);
  action.mutable_upgrade()->set_software("chancery 2.0.0");
  action.mutable_upgrade()->set_from_height(network.height() + 100);
  EXPECT_EQ(network.carried(action, "ma-sys").state(), wire::PROPOSAL_STATE_EXECUTED);
  const auto context = network.ledger.context("identity");
  const std::uint64_t from = action.upgrade().from_height();
  EXPECT_EQ(protocol_at(context, from - 1)->version(), 1U);
  EXPECT_EQ(protocol_at(context, from)->version(), 2U);
  EXPECT_EQ(protocol_at(context, 1)->version(), 1U);
  EXPECT_TRUE(refused(protocol_at(context, 0), Reason::kNotFound));
  EXPECT_EQ(network.carried(action, "ma-sys").failure().reason(), "input.invalid_value");
  action.mutable_upgrade()->set_protocol_version(3);
  action.mutable_upgrade()->set_from_height(network.height());
  EXPECT_EQ(network.carried(action, "ma-sys").failure().reason(), "input.invalid_value");
}

TEST(Constitutions, AreRefusedWhenTheyContradictThemselves) {
  CouncilNetwork network;
  wire::GovernanceAction action;
  const auto current = network.read<wire::Constitution>("governance", "constitution", "current");
  const auto propose = [&](const std::function<void(wire::Constitution&)>& change) {
    *action.mutable_amend_constitution() = current;
    action.mutable_amend_constitution()->set_version(0);
    action.mutable_amend_constitution()->set_changed_height(0);
    change(*action.mutable_amend_constitution());
    return network.propose(action, "ma-sec");
  };
  EXPECT_TRUE(succeeds(propose([](auto&) {})));
  EXPECT_TRUE(refused(propose([](auto& c) { c.set_version(2); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& c) { c.clear_rules(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& c) { *c.add_rules() = c.rules(0); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& c) { c.clear_voter_roles(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& c) { c.mutable_rules(0)->clear_organisations(); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& c) { c.mutable_rules(0)->set_voting_ms(0); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& c) { c.mutable_bounds(0)->set_max(-1); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& c) { c.add_reserved_methods("evidence.x"); }), Reason::kInvalidValue));
  EXPECT_TRUE(
      refused(propose([](auto& c) { c.mutable_max_power_change()->set_more_than(true); }), Reason::kInvalidValue));
  EXPECT_TRUE(refused(propose([](auto& c) { c.set_longest_freeze_ms(0); }), Reason::kInvalidValue));
}

}  // namespace
}  // namespace chancery::contracts::governance
