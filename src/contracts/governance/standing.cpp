#include "contracts/governance/standing.h"

#include <fmt/format.h>

#include <algorithm>

#include "contracts/governance/records.h"
#include "contracts/identity/duties.h"
#include "contracts/identity/identity.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::governance {

namespace {

bool contains(const Names& names, std::string_view name) {
  return std::ranges::any_of(names, [&](const std::string& each) { return each == name; });
}

bool has_role(const Context& context, const wire::Account& account, const Names& roles) {
  return std::ranges::any_of(account.roles(), [&](const wire::RoleGrant& grant) {
    return grant.organisation() == account.organisation() && contains(roles, grant.role()) &&
           identity::is_live(grant, context.height(), context.time_ms());
  });
}

std::string joined(const Names& names, std::string_view separator) {
  return fmt::format("{}", fmt::join(names.begin(), names.end(), separator));
}

std::string signers_of(const Context& context) {
  std::string out;
  for (const ledger::Signer& signer : context.signers()) {
    wire::Account account;
    const Result<bool> found = identity::find_account(context, signer.account, account);
    fmt::format_to(std::back_inserter(out), "{}{} ({})", out.empty() ? "" : ", ", signer.account,
                   found && *found ? identity::party_of(account) : "-");
  }
  return out;
}

}  // namespace

Result<wire::Council> read_council(const Context& context) {
  wire::Council council;
  ASSIGN_OR_RETURN(const bool found, load(context.as(kContractName), kCouncils, kCurrent, council));
  if (found) return council;
  return fail(Reason::kWrongState, "this network has no constitution", "本网络没有章程");
}

bool is_in_council(const wire::Council& council, std::string_view organisation) {
  return contains(council.organisations(), organisation);
}

Result<Speaker> require_speaker(const Context& context, const Names& roles, const Names& organisations,
                                std::string_view act_en, std::string_view act_zh) {
  ASSIGN_OR_RETURN(const wire::Council council, read_council(context));
  const Names& where = organisations.empty() ? council.organisations() : organisations;
  for (const ledger::Signer& signer : context.signers()) {
    wire::Account account;
    ASSIGN_OR_RETURN(const bool found, identity::find_account(context, signer.account, account));
    if (!found || !contains(where, account.organisation()) || !has_role(context, account, roles)) continue;
    if (!identity::require_active_account(context, signer.account)) continue;
    return Speaker{account.id(), account.organisation()};
  }
  return fail(Reason::kForbidden,
              fmt::format("{} needs the role {} in one of {}; signed by {}", act_en, joined(roles, " or "),
                          joined(where, ", "), signers_of(context)),
              fmt::format("{}需要角色 {}，且属于 {} 之一；签名者 {}", act_zh, joined(roles, " 或 "),
                          joined(where, "、"), signers_of(context)));
}

Result<std::string> require_anybody(const Context& context) {
  for (const ledger::Signer& signer : context.signers()) {
    wire::Account account;
    ASSIGN_OR_RETURN(const bool found, identity::find_account(context, signer.account, account));
    if (!found || !identity::require_active_account(context, signer.account)) continue;
    if (identity::may_only_read(account, context.height(), context.time_ms())) continue;
    return account.id();
  }
  return fail(Reason::kForbidden, fmt::format("no signer may write; signed by {}", signers_of(context)),
              fmt::format("签名者均无权写入；签名者 {}", signers_of(context)));
}

}  // namespace chancery::contracts::governance
