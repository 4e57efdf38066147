#include "node/services/governance.h"

#include <algorithm>

#include "contracts/governance/actions.h"
#include "contracts/governance/constitution.h"
#include "contracts/governance/council.h"
#include "contracts/governance/counters.h"
#include "contracts/governance/freezes.h"
#include "contracts/governance/proposals.h"
#include "contracts/governance/protocol.h"
#include "contracts/governance/records.h"
#include "contracts/governance/standing.h"
#include "contracts/governance/validators.h"
#include "node/services/record_difference.h"

namespace chancery::node {

namespace governance = contracts::governance;

namespace {

/// Runs `read` over the head and hands back what it returns.
template <class Value, class Read>
Result<Value> at_head(const ledger::Ledger& ledger, Read read) {
  Result<Value> out = fail(Reason::kInternal, "the state was not read");
  TRY(ledger.with_context(governance::kContractName, [&](ledger::Context& context) { out = read(context); }));
  return out;
}

Result<ProposalView> view_in(const ledger::Context& context, std::uint64_t number) {
  ProposalView out;
  ASSIGN_OR_RETURN(out.proposal, governance::read_proposal(context, number));
  ASSIGN_OR_RETURN(const wire::Constitution rules,
                   governance::read_constitution(context, out.proposal.constitution_version()));
  ASSIGN_OR_RETURN(out.rule, governance::rule_of(rules, out.proposal.kind()));
  ASSIGN_OR_RETURN(out.tally, governance::tally(context, out.proposal));
  out.state = governance::state_at(out.proposal, context.time_ms());
  out.due = out.state == wire::PROPOSAL_STATE_APPROVED &&
            governance::is_due(out.proposal, context.height(), context.time_ms());
  out.height = context.height();
  return out;
}

}  // namespace

Result<ProposalView> view_proposal(const ledger::Ledger& ledger, std::uint64_t number) {
  return at_head<ProposalView>(ledger, [&](const ledger::Context& context) { return view_in(context, number); });
}

Result<ProposalPage> list_proposals(const ledger::Ledger& ledger, std::uint64_t before, std::size_t limit) {
  return at_head<ProposalPage>(ledger, [&](const ledger::Context& context) -> Result<ProposalPage> {
    ProposalPage page;
    page.height = context.height();
    ASSIGN_OR_RETURN(const std::uint64_t highest, governance::highest_number(context, governance::kProposals));
    std::uint64_t number = before == 0 ? highest : std::min(highest, before - 1);
    for (; number > 0 && page.items.size() < limit; --number) {
      ASSIGN_OR_RETURN(page.items.emplace_back(), view_in(context, number));
    }
    if (number > 0) page.before = number + 1;
    return page;
  });
}

Result<ConstitutionView> view_constitution(const ledger::Ledger& ledger) {
  return at_head<ConstitutionView>(ledger, [](const ledger::Context& context) -> Result<ConstitutionView> {
    ConstitutionView out;
    ASSIGN_OR_RETURN(out.constitution, governance::read_constitution(context));
    ASSIGN_OR_RETURN(out.council, governance::read_council(context));
    ASSIGN_OR_RETURN(out.validators, governance::validators_at(context, context.height()));
    ASSIGN_OR_RETURN(out.protocol, governance::protocol_at(context, context.height()));
    return out;
  });
}

Result<wire::FreezeOrder> view_order(const ledger::Ledger& ledger, std::uint64_t number) {
  return at_head<wire::FreezeOrder>(
      ledger, [&](const ledger::Context& context) { return governance::read_order(context, number); });
}

Result<DryRun> dry_run(const ledger::Ledger& ledger, const wire::GovernanceAction& action) {
  return at_head<DryRun>(ledger, [&](const ledger::Context& context) -> Result<DryRun> {
    DryRun out;
    out.height = context.height();
    TRY(governance::read_constitution(context));
    ledger::Trial trial(context);
    ledger::Context tried = trial.context(governance::kContractName);
    if (Status applied = governance::apply_action(tried, action, 0); !applied) {
      out.refusal = std::move(applied).error();
      return out;
    }
    for (const ledger::Trial::Change& change : trial.changes()) out.records.push_back(difference(change));
    return out;
  });
}

}  // namespace chancery::node
