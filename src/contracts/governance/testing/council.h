#pragma once
// A network of four organisations that govern together, for tests: the small network of contracts/testing with more
// people and a constitution.
//
//   organisation  accounts (role), besides those of testing::Network
//   mawei         ma-sys (system_admin), ma-sec (security_admin), ma-aud (audit_admin)
//   taijiang      tai (org_admin), tai-sys (system_admin)
//   council: mawei, gulou, firm, taijiang, one validator of power 1 each

#include <string>
#include <vector>

#include "contracts/governance.pb.h"
#include "contracts/governance/default_constitution.h"
#include "contracts/governance/proposals.h"
#include "contracts/testing/expect.h"
#include "contracts/testing/network.h"

namespace chancery::contracts::governance::testing {

using contracts::testing::Network;

inline constexpr std::int64_t kVotingMs = 100'000;
inline constexpr std::int64_t kDelayMs = 10'000;

inline Json validator_json(const std::string& name, const std::string& organisation, std::uint64_t power) {
  const crypto::PublicKey key = contracts::testing::key_of("node " + name);
  return {{"name", name},
          {"organisation", organisation},
          {"power", power},
          {"algorithm", crypto::to_string(key.algorithm)},
          {"public_key", to_hex(key.bytes)},
          {"log_key", to_hex(contracts::testing::key_of("log " + name).bytes)}};
}

inline Json genesis_document() {
  return {{"validators",
           {validator_json("n-mawei", "mawei", 1), validator_json("n-gulou", "gulou", 1),
            validator_json("n-firm", "firm", 1), validator_json("n-taijiang", "taijiang", 1)}}};
}

inline Json governed_sections(bool reserve = true) {
  using contracts::testing::detail::account;
  Json sections = contracts::testing::genesis_sections();
  sections["identity"]["organisations"].push_back({{"id", "taijiang"}, {"name_zh", "台江区行政服务中心"}});
  for (const Json& one :
       {account("ma-sys", "member", "mawei", {"system_admin"}),
        account("ma-sec", "member", "mawei", {"security_admin"}), account("ma-aud", "member", "mawei", {"audit_admin"}),
        account("tai", "member", "taijiang", {"org_admin"}),
        account("tai-sys", "member", "taijiang", {"system_admin"})}) {
    sections["identity"]["accounts"].push_back(one);
  }
  if (reserve) {
    sections["identity"]["permissions"] = identity::default_permissions("mawei", identity::Operator::kAmongEquals);
  }
  sections["governance"] = default_governance({.council = {"mawei", "gulou", "firm", "taijiang"},
                                               .reserve_network_matters = reserve,
                                               .voting_ms = kVotingMs,
                                               .delay_ms = kDelayMs});
  return sections;
}

/// The network above, and the steps of a proposal in one word each.
class CouncilNetwork : public Network {
 public:
  explicit CouncilNetwork(bool reserve = true, crypto::HashAlgorithm hash = crypto::HashAlgorithm::kSm3)
      : Network(hash, governed_sections(reserve), genesis_document()) {}

  Result<Bytes> propose(const wire::GovernanceAction& action, const std::string& signer,
                        std::uint64_t not_before_height = 0) {
    wire::CreateProposal request;
    *request.mutable_action() = action;
    request.set_title("提案");
    request.set_reason("理由");
    request.set_not_before_height(not_before_height);
    return run("governance.create", request, {signer});
  }
  Result<Bytes> vote(std::uint64_t proposal, const std::string& signer,
                     wire::VoteChoice choice = wire::VOTE_CHOICE_YES) {
    wire::CastVote request;
    request.set_proposal(proposal);
    request.set_choice(choice);
    return run("governance.vote", request, {signer});
  }
  Result<Bytes> execute(std::uint64_t proposal, const std::string& signer = "resident") {
    wire::ExecuteProposal request;
    request.set_proposal(proposal);
    return run("governance.execute", request, {signer});
  }
  Result<Bytes> end(std::string_view method, std::uint64_t proposal, const std::string& signer) {
    wire::EndProposal request;
    request.set_proposal(proposal);
    request.set_reason("理由");
    return run(method, request, {signer});
  }
  wire::Proposal proposal(std::uint64_t number) {
    return read<wire::Proposal>("governance", "proposal", std::to_string(number));
  }
  std::uint64_t proposed(const wire::GovernanceAction& action, const std::string& signer) {
    const Result<Bytes> number = propose(action, signer);
    EXPECT_TRUE(contracts::testing::succeeds(number));
    return number ? std::stoull(to_string(*number)) : 0;
  }
  /// Proposed, voted for by three of the four, waited for, executed.
  wire::Proposal carried(const wire::GovernanceAction& action, const std::string& signer) {
    const std::uint64_t number = proposed(action, signer);
    for (const char* voter : {"root", "li", "boss"}) {
      if (proposal(number).state() == wire::PROPOSAL_STATE_VOTING) {
        EXPECT_TRUE(contracts::testing::succeeds(vote(number, voter)));
      }
    }
    ledger.advance(kDelayMs);
    EXPECT_TRUE(contracts::testing::succeeds(execute(number)));
    return proposal(number);
  }
};

inline wire::GovernanceAction suspend_action(const std::string& organisation) {
  wire::GovernanceAction action;
  action.mutable_suspend_organisation()->set_organisation(organisation);
  action.mutable_suspend_organisation()->set_reason("违规");
  return action;
}

inline wire::ValidatorEntry validator(const std::string& name, const std::string& organisation, std::uint64_t power) {
  const crypto::PublicKey key = contracts::testing::key_of("node " + name);
  wire::ValidatorEntry out;
  out.set_name(name);
  out.set_organisation(organisation);
  out.set_power(power);
  out.set_algorithm(static_cast<std::uint32_t>(key.algorithm));
  out.set_public_key(to_string(key.bytes));
  out.set_log_key(to_string(contracts::testing::key_of("log " + name).bytes));
  return out;
}

inline wire::GovernanceAction validators_action(const std::vector<wire::ValidatorEntry>& changes,
                                                std::uint64_t from_height = 0) {
  wire::GovernanceAction action;
  for (const wire::ValidatorEntry& one : changes) *action.mutable_change_validators()->add_changes() = one;
  action.mutable_change_validators()->set_from_height(from_height);
  return action;
}

}  // namespace chancery::contracts::governance::testing
