// Organisations come, rest, come back, go.

#include <fmt/format.h>

#include <algorithm>

#include "contracts/governance/actions.h"
#include "contracts/governance/council.h"
#include "contracts/governance/records.h"
#include "contracts/governance/standing.h"
#include "contracts/governance/validators.h"
#include "contracts/identity/authority.h"
#include "contracts/identity/entities.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::governance {

namespace {

constexpr std::string_view kGranter = "governance";

Status add_administrator(Context& identity, const wire::CreateAccount& request) {
  TRY(identity::add_account(identity, request));
  ASSIGN_OR_RETURN(wire::Account account, identity::existing_account(identity, request.id()));
  wire::GrantRole grant;
  grant.set_account(request.id());
  grant.set_organisation(request.organisation());
  grant.set_role("org_admin");
  TRY(identity::grant_role_to(identity, account, grant, kGranter));
  store(identity, identity::kAccounts, account.id(), account);
  return {};
}

/// kWrongState once the organisation was removed: what it was can be joined again only under another id.
Status require_not_removed(const Context& context, const std::string& organisation) {
  if (!context.has(kLeft, organisation)) return {};
  return fail(Reason::kWrongState, fmt::format("{} was removed for good", organisation),
              fmt::format("机构 {} 已被移除", organisation));
}

Status leave_council(Context& context, const std::string& organisation) {
  ASSIGN_OR_RETURN(wire::Council council, read_council(context));
  auto& members = *council.mutable_organisations();
  const auto found = std::ranges::find(members, organisation);
  if (found == members.end()) return {};
  members.erase(found);
  council.set_changed_height(context.height());
  store(context, kCouncils, kCurrent, council);
  return {};
}

/// Its validators end as soon as the others can know of it.
Status withdraw_validators(Context& context, const std::string& organisation, std::uint64_t number) {
  ASSIGN_OR_RETURN(const wire::ValidatorSet before, newest_validators(context));
  wire::ChangeValidators removal;
  for (const wire::ValidatorEntry& one : before.validators()) {
    if (one.organisation() == organisation) removal.add_changes()->set_name(one.name());
  }
  if (removal.changes().empty()) return {};
  ASSIGN_OR_RETURN(wire::ValidatorSet after, changed(before, removal));
  after.set_proposal(number);
  return store_validators(context, std::move(after), 0);
}

}  // namespace

Status add_organisation(Context& context, const wire::AddOrganisation& action) {
  TRY(require_not_removed(context, action.organisation().id()));
  Context identity = context.as(identity::kContractName);
  TRY(identity::add_organisation(identity, action.organisation()));
  if (action.has_administrator()) TRY(add_administrator(identity, action.administrator()));
  return action.council() ? join_council(context, action.organisation().id()) : Status{};
}

Status suspend_organisation(Context& context, const wire::OrganisationAndReason& action) {
  TRY(require_others_in_council(context, action.organisation()));
  Context identity = context.as(identity::kContractName);
  return identity::set_organisation_suspended(identity, action.organisation(), true, action.reason());
}

Status reinstate_organisation(Context& context, const wire::OrganisationAndReason& action) {
  TRY(require_not_removed(context, action.organisation()));
  Context identity = context.as(identity::kContractName);
  return identity::set_organisation_suspended(identity, action.organisation(), false, {});
}

Status remove_organisation(Context& context, const wire::OrganisationAndReason& action, std::uint64_t number) {
  const std::string& id = action.organisation();
  TRY(require_not_removed(context, id));
  TRY(require_others_in_council(context, id));
  Context identity = context.as(identity::kContractName);
  wire::Organisation organisation;
  ASSIGN_OR_RETURN(const bool found, identity::find_organisation(context, id, organisation));
  if (!found || !organisation.suspended()) {
    TRY(identity::set_organisation_suspended(identity, id, true, action.reason()));
  }
  TRY(leave_council(context, id));
  TRY(withdraw_validators(context, id, number));
  wire::LeftCouncil left;
  left.set_height(context.height());
  left.set_proposal(number);
  store(context, kLeft, id, left);
  return {};
}

}  // namespace chancery::contracts::governance
