#include "contracts/governance/testing/council.h"

namespace chancery::contracts::governance {
namespace {

using contracts::testing::refused;
using contracts::testing::succeeds;
using testing::CouncilNetwork;
using testing::suspend_action;

TEST(Proposals, TakeEffectWhenTheCouncilAgreesAndTheDelayHasPassed) {
  CouncilNetwork network;
  const std::uint64_t number = network.proposed(suspend_action("firm"), "ma-sec");
  EXPECT_EQ(number, 1U);
  EXPECT_TRUE(succeeds(network.vote(number, "root")));
  EXPECT_TRUE(succeeds(network.vote(number, "li")));
  EXPECT_TRUE(refused(network.execute(number), Reason::kWrongState));  // two of four are not more than two thirds
  EXPECT_TRUE(succeeds(network.vote(number, "tai")));
  EXPECT_EQ(network.proposal(number).state(), wire::PROPOSAL_STATE_APPROVED);
  EXPECT_TRUE(refused(network.execute(number), Reason::kNotDue));
  EXPECT_FALSE(network.read<wire::Organisation>("identity", "organisation", "firm").suspended());
  network.ledger.advance(testing::kDelayMs);
  EXPECT_TRUE(succeeds(network.execute(number)));
  EXPECT_EQ(network.proposal(number).state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_TRUE(network.read<wire::Organisation>("identity", "organisation", "firm").suspended());
  EXPECT_TRUE(refused(network.execute(number), Reason::kWrongState));
}

TEST(Proposals, AreExecutedByAnybodySoThatNobodyCanHoldThemUp) {
  CouncilNetwork network;
  const std::uint64_t number = network.proposed(suspend_action("firm"), "ma-sec");
  for (const char* voter : {"root", "li", "tai"}) EXPECT_TRUE(succeeds(network.vote(number, voter)));
  network.ledger.advance(testing::kDelayMs);
  EXPECT_TRUE(refused(network.execute(number, "ma-aud"), Reason::kForbidden));  // who audits writes nothing
  EXPECT_TRUE(succeeds(network.execute(number, "boss")));                       // even by the one it concerns
}

TEST(Proposals, AreMadeByThoseWhomTheConstitutionNames) {
  CouncilNetwork network;
  for (const char* signer : {"ma-sys", "tai", "resident", "wang"}) {
    const auto result = network.propose(suspend_action("firm"), signer);
    ASSERT_TRUE(refused(result, Reason::kForbidden)) << signer;
    EXPECT_NE(result.error().detail.find("security_admin"), std::string::npos) << result.error().detail;
    EXPECT_NE(result.error().detail_zh.find("security_admin"), std::string::npos) << result.error().detail_zh;
  }
  EXPECT_TRUE(succeeds(network.propose(suspend_action("firm"), "root")));  // network_admin
}

TEST(Proposals, HaveOneVoteOfEachOrganisationWhichMayChangeUntilTheQuorum) {
  CouncilNetwork network;
  const std::uint64_t number = network.proposed(suspend_action("firm"), "ma-sec");
  EXPECT_TRUE(succeeds(network.vote(number, "root", wire::VOTE_CHOICE_NO)));
  EXPECT_TRUE(refused(network.vote(number, "root", wire::VOTE_CHOICE_NO), Reason::kAlreadyExists));
  EXPECT_TRUE(succeeds(network.vote(number, "root", wire::VOTE_CHOICE_ABSTAIN)));
  EXPECT_TRUE(succeeds(network.vote(number, "root")));
  const wire::Proposal proposal = network.proposal(number);
  ASSERT_EQ(proposal.votes_size(), 1);
  EXPECT_EQ(proposal.votes(0).changes(), 2U);
  EXPECT_TRUE(succeeds(network.vote(number, "li")));
  EXPECT_TRUE(succeeds(network.vote(number, "tai")));
  EXPECT_TRUE(refused(network.vote(number, "boss", wire::VOTE_CHOICE_NO), Reason::kVotingClosed));
  EXPECT_TRUE(refused(network.vote(number, "wang"), Reason::kForbidden));
  EXPECT_TRUE(refused(network.vote(77, "root"), Reason::kNotFound));
  EXPECT_TRUE(refused(network.vote(number, "root", wire::VOTE_CHOICE_UNSPECIFIED), Reason::kInvalidValue));
}

TEST(Proposals, LapseWithoutAQuorumInTime) {
  CouncilNetwork network;
  const std::uint64_t number = network.proposed(suspend_action("firm"), "ma-sec");
  EXPECT_TRUE(succeeds(network.vote(number, "root")));
  network.ledger.advance(testing::kVotingMs);
  EXPECT_TRUE(succeeds(network.vote(number, "li")));  // the last millisecond counts
  network.ledger.advance(1);
  EXPECT_TRUE(refused(network.vote(number, "tai"), Reason::kVotingClosed));
  EXPECT_EQ(state_at(network.proposal(number), network.now_ms()), wire::PROPOSAL_STATE_LAPSED);
  EXPECT_TRUE(refused(network.end("governance.withdraw", number, "ma-sec"), Reason::kWrongState));
}

TEST(Proposals, LapseWhenNobodyExecutesThemInTime) {
  CouncilNetwork network;
  const std::uint64_t number = network.proposed(suspend_action("firm"), "ma-sec");
  for (const char* voter : {"root", "li", "tai"}) EXPECT_TRUE(succeeds(network.vote(number, voter)));
  network.ledger.advance(network.proposal(number).execute_until_ms() - network.now_ms() + 1);
  EXPECT_TRUE(refused(network.execute(number), Reason::kWrongState));
}

TEST(Proposals, CanBeWithdrawnByTheirOrganisationAndVetoedBeforeTheyAreDue) {
  CouncilNetwork network;
  const std::uint64_t first = network.proposed(suspend_action("firm"), "ma-sec");
  EXPECT_TRUE(refused(network.end("governance.withdraw", first, "tai-sys"), Reason::kForbidden));
  EXPECT_TRUE(succeeds(network.end("governance.withdraw", first, "root")));
  EXPECT_TRUE(refused(network.vote(first, "root"), Reason::kVotingClosed));

  wire::GovernanceAction pack;
  pack.mutable_install_pack()->set_name("water-meters");
  pack.mutable_install_pack()->set_version("1.0.0");
  pack.mutable_install_pack()->set_digest(std::string(32, 'p'));
  for (const bool late : {false, true}) {
    const std::uint64_t number = network.proposed(pack, "tai-sys");
    EXPECT_TRUE(refused(network.end("governance.veto", number, "ma-sec"), Reason::kWrongState));
    for (const char* voter : {"root", "li", "tai"}) EXPECT_TRUE(succeeds(network.vote(number, voter)));
    EXPECT_TRUE(refused(network.end("governance.veto", number, "tai-sys"), Reason::kForbidden));
    if (late) network.ledger.advance(testing::kDelayMs);
    const auto veto = network.end("governance.veto", number, "ma-sec");
    EXPECT_TRUE(late ? refused(veto, Reason::kWrongState) : succeeds(veto));
    EXPECT_TRUE(late ? succeeds(network.execute(number)) : refused(network.execute(number), Reason::kWrongState));
  }
  const std::uint64_t no_veto = network.proposed(suspend_action("firm"), "ma-sec");
  EXPECT_TRUE(refused(network.end("governance.veto", no_veto, "ma-sec"), Reason::kForbidden));
}

TEST(Proposals, WaitForTheHeightThatTheProposerNames) {
  CouncilNetwork network;
  const auto number = network.propose(suspend_action("firm"), "ma-sec", network.height() + 3);
  ASSERT_TRUE(succeeds(number));
  for (const char* voter : {"root", "li", "tai"}) EXPECT_TRUE(succeeds(network.vote(1, voter)));
  network.ledger.advance(testing::kDelayMs);
  EXPECT_TRUE(refused(network.execute(1), Reason::kNotDue));
  network.ledger.advance();
  network.ledger.advance();
  EXPECT_TRUE(succeeds(network.execute(1)));
}

TEST(Proposals, EndAsFailedWithTheReasonWhenTheStateNoLongerAllowsThem) {
  CouncilNetwork network;
  EXPECT_EQ(network.carried(suspend_action("taijiang"), "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  const auto before = network.ledger.records.records;
  const wire::Proposal second = network.carried(suspend_action("taijiang"), "ma-sec");
  EXPECT_EQ(second.state(), wire::PROPOSAL_STATE_FAILED);
  EXPECT_EQ(second.failure().reason(), "state.wrong_state");
  EXPECT_FALSE(second.failure().detail().empty());
  EXPECT_FALSE(second.failure().detail_zh().empty());
  EXPECT_EQ(network.ledger.records.records.size(), before.size() + 1);  // the proposal itself
}

TEST(Proposals, AreRefusedWhenTheirFormIsWrong) {
  CouncilNetwork network;
  EXPECT_TRUE(refused(network.propose({}, "root"), Reason::kInvalidValue));
  EXPECT_TRUE(refused(network.propose(suspend_action("No"), "root"), Reason::kInvalidValue));
  wire::GovernanceAction parameters;
  auto& value = *parameters.mutable_set_parameters()->add_values();
  value.set_name("window_ms");
  value.set_value(9'999);
  EXPECT_TRUE(refused(network.propose(parameters, "root"), Reason::kOutOfBounds));
  value.set_name("anything");
  EXPECT_TRUE(refused(network.propose(parameters, "root"), Reason::kOutOfBounds));
  wire::CreateProposal request;
  *request.mutable_action() = suspend_action("firm");
  request.set_reason("x");
  EXPECT_TRUE(refused(network.run("governance.create", request, {"root"}), Reason::kInvalidValue));
}

TEST(Proposals, AreUnknownToANetworkWithoutAConstitution) {
  contracts::testing::Network network;
  wire::CreateProposal request;
  *request.mutable_action() = suspend_action("firm");
  request.set_title("x");
  request.set_reason("x");
  EXPECT_TRUE(refused(network.run("governance.create", request, {"root"}), Reason::kWrongState));
}

TEST(Proposals, AloneMayDoWhatTheConstitutionReserves) {
  CouncilNetwork network;
  wire::ChangeOrganisationState state;
  state.set_id("firm");
  state.set_reason("x");
  const auto result = network.run("identity.suspend_organisation", state, {"root"});
  EXPECT_TRUE(refused(result, Reason::kNeedsProposal));
  CouncilNetwork open(false);
  EXPECT_TRUE(succeeds(open.run("identity.suspend_organisation", state, {"root"})));
}

TEST(Proposals, CannotBeCarriedByOneAdministratorWhoAppointsTheOthersVoters) {
  CouncilNetwork network;
  wire::GrantRole grant;
  grant.set_account("root");
  grant.set_organisation("gulou");
  grant.set_role("org_admin");
  EXPECT_TRUE(refused(network.run("identity.grant_role", grant, {"root"}), Reason::kForbidden));
  wire::AddKey key;
  key.set_account("li");
  key.mutable_key()->set_algorithm(1);
  key.mutable_key()->set_public_key(to_string(contracts::testing::key_of("thief").bytes));
  EXPECT_TRUE(refused(network.run("identity.add_key", key, {"root"}), Reason::kForbidden));
  wire::CreateAccount account;
  account.set_id("puppet");
  account.set_kind(wire::ACCOUNT_KIND_MEMBER);
  account.set_organisation("gulou");
  account.set_assurance(1);
  *account.add_keys() = key.key();
  EXPECT_TRUE(refused(network.run("identity.create_account", account, {"root"}), Reason::kForbidden));
}

TEST(Proposals, KeepTheRulesUnderWhichTheyWereMade) {
  CouncilNetwork network;
  const std::uint64_t number = network.proposed(suspend_action("firm"), "ma-sec");
  wire::GovernanceAction amendment;
  *amendment.mutable_amend_constitution() = network.read<wire::Constitution>("governance", "constitution", "current");
  amendment.mutable_amend_constitution()->set_version(0);
  amendment.mutable_amend_constitution()->set_changed_height(0);
  for (auto& rule : *amendment.mutable_amend_constitution()->mutable_rules()) {
    rule.mutable_organisations()->set_numerator(1);
    rule.mutable_organisations()->set_denominator(1);
    rule.mutable_organisations()->set_more_than(false);
  }
  EXPECT_EQ(network.carried(amendment, "ma-sec").state(), wire::PROPOSAL_STATE_EXECUTED);
  EXPECT_EQ(network.read<wire::Constitution>("governance", "constitution", "current").version(), 2U);
  for (const char* voter : {"root", "li", "tai"}) EXPECT_TRUE(succeeds(network.vote(number, voter)));
  EXPECT_EQ(network.proposal(number).state(), wire::PROPOSAL_STATE_APPROVED);
  const std::uint64_t next = network.proposed(suspend_action("firm"), "ma-sec");
  for (const char* voter : {"root", "li", "tai"}) EXPECT_TRUE(succeeds(network.vote(next, voter)));
  EXPECT_EQ(network.proposal(next).state(), wire::PROPOSAL_STATE_VOTING);  // now all four must agree
}

}  // namespace
}  // namespace chancery::contracts::governance
