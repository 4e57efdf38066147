#include "contracts/governance/actions.h"

#include <set>

#include "contracts/field_rules.h"
#include "contracts/governance/constitution.h"
#include "contracts/governance/freezes.h"
#include "contracts/governance/records.h"
#include "contracts/governance/validators.h"
#include "contracts/identity/entities.h"

namespace chancery::contracts::governance {

namespace {

using Action = wire::GovernanceAction;

Status check(const wire::OrganisationAndReason& action) {
  TRY(require_organisation_id("organisation", action.organisation()));
  return require_text("reason", action.reason(), 1, kReasonChars);
}

Status check(const wire::AddOrganisation& action) {
  TRY(require_organisation_id("organisation.id", action.organisation().id()));
  if (!action.has_administrator()) return {};
  const wire::CreateAccount& administrator = action.administrator();
  TRY(require_account_id("administrator.id", administrator.id()));
  if (administrator.kind() != wire::ACCOUNT_KIND_MEMBER || administrator.organisation() != action.organisation().id() ||
      !administrator.registrar().empty()) {
    return invalid("administrator", "must be a member of the new organisation, registered by it",
                   "应为新机构的成员，并由该机构登记");
  }
  return {};
}

Status check(const wire::ChangeValidators& action) {
  if (action.changes().empty()) return invalid("changes", "needs at least one", "至少需要一项");
  if (action.changes_size() > kValidatorsInSet) {
    return over_limit("changes", static_cast<std::size_t>(action.changes_size()), kValidatorsInSet);
  }
  for (const wire::ValidatorEntry& entry : action.changes()) TRY(check_entry(entry, true));
  return {};
}

Status check(const wire::ChangeRole& action) {
  TRY(require_account_id("account", action.account()));
  TRY(require_organisation_id("organisation", action.organisation()));
  if (!is_role(action.role())) return invalid("role", "is no role name", "不是角色名");
  return require_time("until_ms", action.until_ms());
}

Status check(const wire::SetParameters& action, const wire::Constitution& constitution) {
  if (action.values().empty()) return invalid("values", "needs at least one", "至少需要一项");
  if (action.values_size() > kParametersInAction) {
    return over_limit("values", static_cast<std::size_t>(action.values_size()), kParametersInAction);
  }
  std::set<std::string_view> names;
  for (const wire::ParameterValue& value : action.values()) {
    TRY(require_within_bounds(constitution, value));
    if (!names.insert(value.name()).second) return invalid("values.name", "occurs twice", "重复出现");
  }
  return {};
}

Status check_pack_name(std::string_view name) {
  if (is_type_id(name)) return {};
  return invalid("name", "must be 2 to 64 of a-z 0-9 -", "应为 2 至 64 个 a-z 0-9 - 字符");
}

Status check(const wire::InstallPack& action) {
  TRY(check_pack_name(action.name()));
  if (action.version().empty()) return invalid("version", "is needed", "为必填项");
  TRY(require_token("version", action.version(), kVersionBytes));
  return require_digest("digest", action.digest());
}

Status check(const wire::RetirePack& action) {
  TRY(check_pack_name(action.name()));
  return require_text("reason", action.reason(), 1, kReasonChars);
}

Status check(const wire::Upgrade& action) {
  if (action.protocol_version() < 2) return invalid("protocol_version", "must be 2 or more", "应不小于 2");
  TRY(require_text("software", action.software(), 1, kSoftwareChars));
  return action.digest().empty() ? Status{} : require_digest("digest", action.digest());
}

Status check_amendment(const wire::Constitution& amended) {
  if (amended.version() != 0 || amended.changed_height() != 0) {
    return invalid("version", "and changed_height are set by the ledger", "和 changed_height 由账本填写");
  }
  return check_constitution(amended);
}

}  // namespace

Status check_action(const Context& context, const wire::Constitution& constitution, const Action& action) {
  switch (action.action_case()) {
    case Action::kAddOrganisation:
      return check(action.add_organisation());
    case Action::kSuspendOrganisation:
      return check(action.suspend_organisation());
    case Action::kReinstateOrganisation:
      return check(action.reinstate_organisation());
    case Action::kRemoveOrganisation:
      return check(action.remove_organisation());
    case Action::kChangeValidators:
      return check(action.change_validators());
    case Action::kChangeRole:
      return check(action.change_role());
    case Action::kSetPermission:
      return is_method(action.set_permission().method())
                 ? Status{}
                 : invalid("method", "must be contract.method", "应为 合约.方法");
    case Action::kSetParameters:
      return check(action.set_parameters(), constitution);
    case Action::kInstallPack:
      return check(action.install_pack());
    case Action::kRetirePack:
      return check(action.retire_pack());
    case Action::kFreeze:
      return check_freeze(context, action.freeze(), constitution.longest_freeze_ms());
    case Action::kUnfreeze:
      return require_text("reason", action.unfreeze().reason(), 1, kReasonChars);
    case Action::kAnswerAppeal:
      return require_text("reason", action.answer_appeal().reason(), 1, kReasonChars);
    case Action::kUpgrade:
      return check(action.upgrade());
    case Action::kAmendConstitution:
      return check_amendment(action.amend_constitution());
    default:
      return invalid("action", "is needed", "为必填项");
  }
}

Status apply_action(Context& context, const Action& action, std::uint64_t number) {
  ASSIGN_OR_RETURN(const wire::Constitution constitution, read_constitution(context));
  TRY(check_action(context, constitution, action));
  switch (action.action_case()) {
    case Action::kAddOrganisation:
      return add_organisation(context, action.add_organisation());
    case Action::kSuspendOrganisation:
      return suspend_organisation(context, action.suspend_organisation());
    case Action::kReinstateOrganisation:
      return reinstate_organisation(context, action.reinstate_organisation());
    case Action::kRemoveOrganisation:
      return remove_organisation(context, action.remove_organisation(), number);
    case Action::kChangeValidators:
      return change_validators(context, action.change_validators(), number);
    case Action::kChangeRole:
      return change_role(context, action.change_role(), number);
    case Action::kSetPermission: {
      Context identity = context.as("identity");
      return identity::put_permission(identity, action.set_permission());
    }
    case Action::kSetParameters:
      return set_parameters(context, action.set_parameters(), number);
    case Action::kInstallPack:
      return install_pack(context, action.install_pack(), number);
    case Action::kRetirePack:
      return retire_pack(context, action.retire_pack());
    case Action::kFreeze:
      TRY(impose(context, action.freeze(), number));
      return {};
    case Action::kUnfreeze:
      return lift(context, action.unfreeze().order(), action.unfreeze().reason(), number);
    case Action::kAnswerAppeal:
      return answer_appeal(context, action.answer_appeal(), number);
    case Action::kUpgrade:
      return schedule_upgrade(context, action.upgrade(), number);
    case Action::kAmendConstitution:
      return adopt(context, action.amend_constitution());
    default:
      return invalid("action", "is needed", "为必填项");
  }
}

}  // namespace chancery::contracts::governance
