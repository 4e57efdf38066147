#include "contracts/identity/authority.h"

#include <algorithm>

#include "contracts/identity/records.h"

namespace chancery::contracts::identity {

Result<wire::Account> existing_account(const Context& context, std::string_view id) {
  wire::Account account;
  ASSIGN_OR_RETURN(const bool found, find_account(context, id, account));
  if (!found) return fail(Reason::kNotFound, "there is no account " + std::string(id), "没有账户 " + std::string(id));
  return account;
}

Status require_authority_over(const Context& context, const wire::Account& account, std::string_view method,
                              Self self) {
  if (self == Self::kMayAct && has_signed(context, account.id())) return {};
  const bool stands_above = std::ranges::any_of(account.roles(), [&](const wire::RoleGrant& grant) {
    return grant.role().starts_with(kNetworkRolePrefix) && is_live(grant, context.height(), context.time_ms());
  });
  TRY(require_permission(context, kContractName, stands_above ? "manage_network_account" : method,
                         account.registrar()));
  return {};
}

}  // namespace chancery::contracts::identity
