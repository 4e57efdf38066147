#include "contracts/identity/records.h"

#include <algorithm>

#include "contracts/identity/identity.h"

namespace chancery::contracts::identity {

bool has_signed(const ledger::Context& context, std::string_view account) {
  return std::ranges::any_of(context.signers(),
                             [&](const ledger::Signer& signer) { return signer.account == account; });
}

std::string party_of(const wire::Account& account) {
  return account.organisation().empty() ? "@" + account.id() : account.organisation();
}

std::string Actor::party() const {
  if (!organisation.empty()) return organisation;
  return "@" + (on_behalf_of.empty() ? account : on_behalf_of);
}

Result<bool> find_organisation(const Context& context, std::string_view id, wire::Organisation& out) {
  return load(context.as(kContractName), kOrganisations, id, out);
}

Result<bool> find_account(const Context& context, std::string_view id, wire::Account& out) {
  return load(context.as(kContractName), kAccounts, id, out);
}

Status require_active_organisation(const Context& context, std::string_view id) {
  wire::Organisation organisation;
  ASSIGN_OR_RETURN(const bool found, find_organisation(context, id, organisation));
  if (!found) {
    return fail(Reason::kNotFound, "there is no organisation " + std::string(id), "没有机构 " + std::string(id));
  }
  if (organisation.suspended()) {
    return fail(Reason::kForbidden, "organisation " + organisation.id() + " is suspended",
                "机构 " + organisation.id() + " 已停用");
  }
  return {};
}

Status require_active_account(const Context& context, std::string_view id) {
  wire::Account account;
  ASSIGN_OR_RETURN(const bool found, find_account(context, id, account));
  if (!found) return fail(Reason::kNotFound, "there is no account " + std::string(id), "没有账户 " + std::string(id));
  if (account.suspended()) {
    return fail(Reason::kForbidden, "account " + account.id() + " is suspended", "账户 " + account.id() + " 已停用");
  }
  return account.organisation().empty() ? Status{} : require_active_organisation(context, account.organisation());
}

Status require_active_party(const Context& context, std::string_view party) {
  if (party.starts_with('@')) return require_active_account(context, party.substr(1));
  return require_active_organisation(context, party);
}

}  // namespace chancery::contracts::identity
