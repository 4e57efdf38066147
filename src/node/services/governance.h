#pragma once
// Proposals as a node shows them, and what a proposal would change, tried on a copy before anybody votes.
// All functions read the newest final state and may be called from any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "contracts/governance.pb.h"
#include "contracts/governance/quorum.h"
#include "ledger/ledger.h"

namespace chancery::node {

struct ProposalView {
  wire::Proposal proposal;
  wire::ProposalState state = wire::PROPOSAL_STATE_UNSPECIFIED;  ///< as of the head's time
  wire::KindRule rule;                                           ///< the one that holds for it
  contracts::governance::Tally tally;                            ///< as the council is now
  bool due = false;                                              ///< it may be executed
  std::uint64_t height = 0;                                      ///< of the state that was read
};

/// kNotFound; kWrongState in a network without a constitution.
Result<ProposalView> view_proposal(const ledger::Ledger& ledger, std::uint64_t number);

struct ProposalPage {
  std::vector<ProposalView> items;  ///< newest first
  std::uint64_t before = 0;         ///< where the next page begins; 0: there is none
  std::uint64_t height = 0;
};

/// Proposals with numbers below `before` (0: from the newest), at most `limit`.
Result<ProposalPage> list_proposals(const ledger::Ledger& ledger, std::uint64_t before, std::size_t limit);

struct ConstitutionView {
  wire::Constitution constitution;
  wire::Council council;
  wire::ValidatorSet validators;   ///< in force at the head
  wire::ProtocolVersion protocol;  ///< likewise
};
Result<ConstitutionView> view_constitution(const ledger::Ledger& ledger);

Result<wire::FreezeOrder> view_order(const ledger::Ledger& ledger, std::uint64_t number);

/// A member of a record that would change; texts as in protobuf's JSON, empty where it is absent.
struct FieldDifference {
  std::string path;  ///< "suspended", "validators/2/power"
  std::string before;
  std::string after;
};

struct RecordDifference {
  std::string contract;
  std::string collection;
  std::string key;       ///< readable, or "hex:<digits>"
  std::string title_zh;  ///< "机构 gulou"
  std::string title_en;
  bool existed = false;
  bool remains = false;
  std::vector<FieldDifference> fields;
};

struct DryRun {
  std::uint64_t height = 0;  ///< the state that it was tried on
  std::optional<Error> refusal;
  std::vector<RecordDifference> records;  ///< in the order of their keys; none with a refusal
};

/// What the action would do if it were executed on top of the newest final state. Nothing is written.
Result<DryRun> dry_run(const ledger::Ledger& ledger, const wire::GovernanceAction& action);

}  // namespace chancery::node
