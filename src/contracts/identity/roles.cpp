#include <fmt/format.h>

#include <algorithm>

#include "contracts/field_rules.h"
#include "contracts/identity/authority.h"
#include "contracts/identity/duties.h"
#include "contracts/identity/entities.h"
#include "contracts/identity/methods.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::identity {

namespace {

wire::RoleGrant* live_grant(const Context& context, wire::Account& account, std::string_view organisation,
                            std::string_view role) {
  for (wire::RoleGrant& grant : *account.mutable_roles()) {
    if (grant.organisation() == organisation && grant.role() == role &&
        is_live(grant, context.height(), context.time_ms())) {
      return &grant;
    }
  }
  return nullptr;
}

void drop_ended_roles(const Context& context, wire::Account& account) {
  for (int i = account.roles_size() - 1; i >= 0; --i) {
    if (!is_live(account.roles(i), context.height(), context.time_ms())) account.mutable_roles()->DeleteSubrange(i, 1);
  }
}

/// Network roles are granted by those who hold one, else every organisation's administrator could become the network's.
Status require_right_over_role(const Context& context, const std::string& organisation, const std::string& role,
                               bool grant) {
  const bool network = role.starts_with(kNetworkRolePrefix);
  const std::string_view method =
      grant ? (network ? "grant_network_role" : "grant_role") : (network ? "revoke_network_role" : "revoke_role");
  TRY(require_permission(context, kContractName, method, organisation));
  return {};
}

Status check_rule(const wire::PermissionRule& rule) {
  if (!is_role(rule.role())) return invalid("rules.role", "is no role name", "不是角色名");
  if (rule.organisations_size() > kOrganisationsInRule) {
    return over_limit("rules.organisations", static_cast<std::size_t>(rule.organisations_size()), kOrganisationsInRule);
  }
  for (const std::string& id : rule.organisations()) TRY(require_organisation_id("rules.organisations", id));
  return {};
}

}  // namespace

Status grant_role_to(Context& context, wire::Account& account, const wire::GrantRole& request,
                     std::string_view granted_by) {
  if (!is_role(request.role())) {
    return invalid("role", "must be 2 to 32 of a-z 0-9 _ -, beginning with a letter",
                   "应为 2 至 32 个 a-z 0-9 _ - 字符，且以字母开头");
  }
  TRY(require_time("until_ms", request.until_ms()));
  if (request.until_ms() != 0 && request.until_ms() < context.time_ms()) {
    return invalid("until_ms", "is in the past", "早于当前区块时间");
  }
  TRY(require_active_organisation(context, request.organisation()));
  TRY(require_separate_duties(account, request.role(), context.height(), context.time_ms()));
  if (wire::RoleGrant* live = live_grant(context, account, request.organisation(), request.role())) {
    if (live->until_ms() == request.until_ms()) {
      return fail(Reason::kAlreadyExists,
                  fmt::format("{} has the role {}@{}", account.id(), request.role(), request.organisation()),
                  fmt::format("{} 已有角色 {}@{}", account.id(), request.role(), request.organisation()));
    }
    live->set_revoked_height(context.height());
  }
  if (account.roles_size() >= kRolesInAccount) drop_ended_roles(context, account);
  if (account.roles_size() >= kRolesInAccount) {
    return over_limit("roles of the account", static_cast<std::size_t>(account.roles_size()) + 1, kRolesInAccount);
  }
  wire::RoleGrant& grant = *account.add_roles();
  grant.set_organisation(request.organisation());
  grant.set_role(request.role());
  grant.set_until_ms(request.until_ms());
  grant.set_granted_height(context.height());
  grant.set_granted_by(std::string(granted_by));
  return {};
}

Status revoke_role_from(const Context& context, wire::Account& account, std::string_view organisation,
                        std::string_view role) {
  wire::RoleGrant* grant = live_grant(context, account, organisation, role);
  if (grant == nullptr) {
    return fail(Reason::kNotFound, fmt::format("{} has no role {}@{}", account.id(), role, organisation),
                fmt::format("{} 没有角色 {}@{}", account.id(), role, organisation));
  }
  grant->set_revoked_height(context.height());
  return {};
}

Status put_permission(Context& context, const wire::Permission& permission) {
  if (!is_method(permission.method())) {
    return invalid("method", "must be contract.method", "应为 合约.方法 的形式");
  }
  if (permission.rules_size() > kRulesInPermission) {
    return over_limit("rules", static_cast<std::size_t>(permission.rules_size()), kRulesInPermission);
  }
  for (const wire::PermissionRule& rule : permission.rules()) TRY(check_rule(rule));
  if (permission.min_assurance() > kHighestAssurance) return invalid("min_assurance", "must be 0 to 4", "应为 0 至 4");
  if (permission.changed_height() != 0) return invalid("changed_height", "is set by the ledger", "由账本填写");
  if (permission.method() == "identity.set_permission" && permission.rules().empty()) {
    return invalid("rules", "would let nobody set permissions any more", "将导致无人可再设置权限");
  }
  wire::Permission stored = permission;
  stored.set_changed_height(context.height());
  store(context, kPermissions, permission.method(), stored);
  return {};
}

Result<Bytes> grant_role(Context& context, BytesView args) {
  wire::GrantRole request;
  TRY(decode_arguments(args, request));
  TRY(require_right_over_role(context, request.organisation(), request.role(), true));
  ASSIGN_OR_RETURN(wire::Account account, existing_account(context, request.account()));
  TRY(grant_role_to(context, account, request, context.signers().front().account));
  account.set_changed_height(context.height());
  store(context, kAccounts, account.id(), account);
  context.emit("granted_role", account.id());
  return Bytes{};
}

Result<Bytes> revoke_role(Context& context, BytesView args) {
  wire::RevokeRole request;
  TRY(decode_arguments(args, request));
  TRY(require_right_over_role(context, request.organisation(), request.role(), false));
  ASSIGN_OR_RETURN(wire::Account account, existing_account(context, request.account()));
  TRY(revoke_role_from(context, account, request.organisation(), request.role()));
  account.set_changed_height(context.height());
  store(context, kAccounts, account.id(), account);
  context.emit("revoked_role", account.id());
  return Bytes{};
}

Result<Bytes> set_permission(Context& context, BytesView args) {
  wire::SetPermission request;
  TRY(decode_arguments(args, request));
  TRY(require_permission(context, kContractName, "set_permission", {}));
  TRY(put_permission(context, request.permission()));
  context.emit("set_permission", request.permission().method());
  return Bytes{};
}

}  // namespace chancery::contracts::identity
