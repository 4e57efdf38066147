#include "contracts/governance/council.h"

#include <fmt/format.h>

#include <algorithm>

#include "contracts/field_rules.h"
#include "contracts/governance/records.h"
#include "contracts/governance/standing.h"
#include "contracts/governance/validators.h"
#include "contracts/identity/identity.h"

namespace chancery::contracts::governance {

namespace {

Result<bool> is_active(const Context& context, std::string_view organisation) {
  wire::Organisation record;
  ASSIGN_OR_RETURN(const bool found, identity::find_organisation(context, organisation, record));
  return found && !record.suspended();
}

wire::VoteChoice choice_of(const wire::Proposal& proposal, std::string_view organisation) {
  for (const wire::Vote& vote : proposal.votes()) {
    if (vote.organisation() == organisation) return vote.choice();
  }
  return wire::VOTE_CHOICE_UNSPECIFIED;
}

}  // namespace

Result<Tally> tally(const Context& context, const wire::Proposal& proposal) {
  ASSIGN_OR_RETURN(const wire::Council council, read_council(context));
  ASSIGN_OR_RETURN(const wire::ValidatorSet validators, validators_at(context, context.height()));
  Tally out;
  for (const std::string& organisation : council.organisations()) {
    ASSIGN_OR_RETURN(const bool active, is_active(context, organisation));
    if (!active) continue;
    const std::uint64_t power = power_of(validators, organisation);
    ++out.organisations;
    out.power += power;
    const wire::VoteChoice choice = choice_of(proposal, organisation);
    if (choice == wire::VOTE_CHOICE_YES) {
      ++out.yes_organisations;
      out.yes_power += power;
    }
    if (choice == wire::VOTE_CHOICE_NO) ++out.no_organisations;
    if (choice == wire::VOTE_CHOICE_ABSTAIN) ++out.abstaining_organisations;
  }
  return out;
}

Status join_council(Context& context, const std::string& organisation) {
  wire::Council council;
  ASSIGN_OR_RETURN(const bool found, load(context, kCouncils, kCurrent, council));
  if (!found) council.Clear();
  if (is_in_council(council, organisation)) {
    return fail(Reason::kAlreadyExists, fmt::format("{} is in the council", organisation),
                fmt::format("{} 已是理事机构", organisation));
  }
  if (council.organisations_size() >= kOrganisationsInCouncil) {
    return over_limit("council", static_cast<std::size_t>(council.organisations_size()) + 1, kOrganisationsInCouncil);
  }
  council.add_organisations(organisation);
  std::ranges::sort(*council.mutable_organisations());
  council.set_changed_height(context.height());
  store(context, kCouncils, kCurrent, council);
  return {};
}

Status require_others_in_council(const Context& context, std::string_view organisation) {
  ASSIGN_OR_RETURN(const wire::Council council, read_council(context));
  for (const std::string& other : council.organisations()) {
    if (other == organisation) continue;
    ASSIGN_OR_RETURN(const bool active, is_active(context, other));
    if (active) return {};
  }
  return fail(Reason::kWrongState, fmt::format("without {} nobody would be left to vote", organisation),
              fmt::format("缺少 {} 将无人可以表决", organisation));
}

}  // namespace chancery::contracts::governance
