// Validators, roles, parameters, appeals.

#include <fmt/format.h>

#include "contracts/governance/actions.h"
#include "contracts/governance/constitution.h"
#include "contracts/governance/freezes.h"
#include "contracts/governance/quorum.h"
#include "contracts/governance/records.h"
#include "contracts/governance/validators.h"
#include "contracts/identity/authority.h"
#include "contracts/identity/entities.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::governance {

namespace {

/// One vote must not hand the chain to others: light clients follow only changes that leave most of the power in place.
Status require_gradual(const Context& context, const wire::ValidatorSet& before, const wire::ValidatorSet& after) {
  ASSIGN_OR_RETURN(const wire::Constitution constitution, read_constitution(context));
  const wire::Fraction& most = constitution.max_power_change();
  const std::uint64_t moved = moved_power(before, after);
  const std::uint64_t total = total_power(before);
  if (moved * most.denominator() <= total * most.numerator()) return {};
  return fail(
      Reason::kOutOfBounds,
      fmt::format("{} of {} voting power would move, the constitution allows {} at once", moved, total, in_words(most)),
      fmt::format("将变动 {}/{} 的表决权，章程一次最多允许 {}", moved, total, in_words(most)));
}

}  // namespace

Status change_validators(Context& context, const wire::ChangeValidators& action, std::uint64_t number) {
  ASSIGN_OR_RETURN(const wire::ValidatorSet before, newest_validators(context));
  ASSIGN_OR_RETURN(wire::ValidatorSet after, changed(before, action));
  for (const wire::ValidatorEntry& entry : action.changes()) {
    if (entry.power() != 0) TRY(identity::require_active_organisation(context, entry.organisation()));
  }
  TRY(require_gradual(context, before, after));
  after.set_proposal(number);
  return store_validators(context, std::move(after), action.from_height());
}

Status change_role(Context& context, const wire::ChangeRole& action, std::uint64_t number) {
  Context identity = context.as(identity::kContractName);
  ASSIGN_OR_RETURN(wire::Account account, identity::existing_account(identity, action.account()));
  if (action.revoke()) {
    TRY(identity::revoke_role_from(identity, account, action.organisation(), action.role()));
  } else {
    wire::GrantRole grant;
    grant.set_account(action.account());
    grant.set_organisation(action.organisation());
    grant.set_role(action.role());
    grant.set_until_ms(action.until_ms());
    TRY(identity::grant_role_to(identity, account, grant, fmt::format("governance/{}", number)));
  }
  account.set_changed_height(context.height());
  store(identity, identity::kAccounts, account.id(), account);
  return {};
}

Status set_parameters(Context& context, const wire::SetParameters& action, std::uint64_t number) {
  for (const wire::ParameterValue& value : action.values()) {
    wire::Parameter parameter;
    ASSIGN_OR_RETURN(const bool known, load(context, kParameters, value.name(), parameter));
    if (known) {
      if (parameter.earlier_size() >= kPastValues) parameter.mutable_earlier()->DeleteSubrange(0, 1);
      wire::PastValue& past = *parameter.add_earlier();
      past.set_value(parameter.value());
      past.set_until_height(context.height());
    } else {
      parameter.Clear();
    }
    parameter.set_name(value.name());
    parameter.set_value(value.value());
    parameter.set_changed_height(context.height());
    parameter.set_proposal(number);
    store(context, kParameters, value.name(), parameter);
  }
  return {};
}

Status answer_appeal(Context& context, const wire::AnswerAppeal& action, std::uint64_t number) {
  ASSIGN_OR_RETURN(wire::FreezeOrder order, read_order(context, action.order()));
  if (action.appeal() >= static_cast<std::uint32_t>(order.appeals_size())) {
    return fail(Reason::kNotFound, fmt::format("order {} has no appeal {}", action.order(), action.appeal()),
                fmt::format("第 {} 号冻结令没有第 {} 项异议", action.order(), action.appeal()));
  }
  wire::Appeal& appeal = *order.mutable_appeals(static_cast<int>(action.appeal()));
  if (appeal.answered_height() != 0) {
    return fail(Reason::kWrongState, "the appeal was answered before", "该异议已有答复");
  }
  appeal.set_answered_height(context.height());
  appeal.set_upheld(action.upheld());
  appeal.set_answer(action.reason());
  appeal.set_answered_by_proposal(number);
  store(context, kOrders, fmt::to_string(order.number()), order);
  const bool in_force = is_in_force(order, context.height(), context.time_ms());
  return action.upheld() && in_force ? lift(context, action.order(), action.reason(), number) : Status{};
}

}  // namespace chancery::contracts::governance
