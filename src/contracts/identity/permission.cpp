// The one place that decides who may do what.

#include <fmt/format.h>

#include <algorithm>

#include "contracts/governance/constitution.h"
#include "contracts/governance/freezes.h"
#include "contracts/identity/duties.h"
#include "contracts/identity/identity.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::identity {

namespace {

/// What is being asked, and the permission that answers it.
struct Question {
  const Context& identity;  ///< the transaction as the identity contract sees it
  std::string_view method;  ///< "credential.issue"
  std::string_view concerned;
  const wire::Permission& permission;
};

bool contains(const google::protobuf::RepeatedPtrField<std::string>& list, std::string_view item) {
  return std::ranges::any_of(list, [&](const std::string& each) { return each == item; });
}

bool allows(const wire::PermissionRule& rule, const wire::RoleGrant& grant, std::string_view concerned) {
  return rule.role() == grant.role() &&
         (rule.organisations().empty() || contains(rule.organisations(), grant.organisation())) &&
         (rule.any_target() || concerned.empty() || concerned == grant.organisation());
}

bool any_rule_allows(const Question& question, const wire::RoleGrant& grant) {
  return std::ranges::any_of(question.permission.rules(),
                             [&](const auto& rule) { return allows(rule, grant, question.concerned); });
}

Result<bool> is_active_organisation(const Question& question, const std::string& id) {
  thread_local wire::Organisation organisation;  // reused: parsing into it allocates nothing
  ASSIGN_OR_RETURN(const bool found, load(question.identity, kOrganisations, id, organisation));
  return found && !organisation.suspended();
}

/// The grant of `account`, whose own organisation is active, that answers the question; null when none does. A grant in
/// its own organisation comes first.
Result<const wire::RoleGrant*> deciding_grant(const Question& question, const wire::Account& account) {
  const wire::RoleGrant* elsewhere = nullptr;
  for (const wire::RoleGrant& grant : account.roles()) {
    if (!is_live(grant, question.identity.height(), question.identity.time_ms())) continue;
    if (!any_rule_allows(question, grant)) continue;
    const bool own = grant.organisation() == account.organisation();
    if (own) return &grant;
    if (elsewhere != nullptr) continue;
    ASSIGN_OR_RETURN(const bool active, is_active_organisation(question, grant.organisation()));
    if (active) elsewhere = &grant;
  }
  return elsewhere;
}

bool belongs_to(const wire::Account& account, std::string_view party) {
  if (party.starts_with('@')) return account.organisation().empty() && party.substr(1) == account.id();
  return party == account.organisation();
}

/// The right of `account` itself, whoever signs for it; empty account: none.
Result<Actor> own_right(const Question& question, const wire::Account& account) {
  if (account.suspended() || account.assurance() < question.permission.min_assurance()) return Actor{};
  if (may_only_read(account, question.identity.height(), question.identity.time_ms())) return Actor{};
  if (!account.organisation().empty()) {
    // A member of a suspended organisation can't lend or use a right, wherever it holds.
    ASSIGN_OR_RETURN(const bool active, is_active_organisation(question, account.organisation()));
    if (!active) return Actor{};
  }
  ASSIGN_OR_RETURN(const wire::RoleGrant* grant, deciding_grant(question, account));
  if (grant != nullptr) return Actor{account.id(), grant->organisation(), grant->role(), {}};
  const bool own_business = question.concerned.empty() || belongs_to(account, question.concerned);
  if (question.permission.everyone() && own_business) return Actor{account.id(), account.organisation(), {}, {}};
  return Actor{};
}

bool covers(const wire::Delegation& delegation, std::string_view method) {
  return std::ranges::any_of(delegation.scope(), [&](std::string_view pattern) {
    if (!pattern.ends_with(".*")) return pattern == method;
    return method.starts_with(pattern.substr(0, pattern.size() - 1));
  });
}

bool unites_duties(const Question& question, const std::string& signer, std::string_view role) {
  wire::Account borrower;
  const Result<bool> found = load(question.identity, kAccounts, signer, borrower);
  return found && *found && would_unite_duties(borrower, role, question.identity.height(), question.identity.time_ms());
}

/// A right that somebody lent to `signer`.
Result<Actor> lent_right(const Question& question, const std::string& signer) {
  wire::Delegations delegations;
  ASSIGN_OR_RETURN(const bool found, load(question.identity, kDelegations, signer, delegations));
  if (!found) return Actor{};
  for (const wire::Delegation& delegation : delegations.items()) {
    if (!is_live(delegation, question.identity.height(), question.identity.time_ms())) continue;
    if (!covers(delegation, question.method)) continue;
    wire::Account lender;
    ASSIGN_OR_RETURN(const bool known, load(question.identity, kAccounts, delegation.from(), lender));
    if (!known) continue;
    ASSIGN_OR_RETURN(Actor actor, own_right(question, lender));
    if (actor.account.empty()) continue;
    // What a frozen lender may not do, nobody does for it; and a loan doesn't unite duties that must stay separate.
    if (!governance::require_unfrozen_account(question.identity, actor.account)) continue;
    if (unites_duties(question, signer, actor.role)) continue;
    actor.on_behalf_of = std::move(actor.account);
    actor.account = signer;
    return actor;
  }
  return Actor{};
}

std::string roles_in_words(const Question& question, const std::string& signer) {
  wire::Account account;
  const Result<bool> found = load(question.identity, kAccounts, signer, account);
  if (!found || !*found) return signer + ": -";
  std::string roles;
  for (const wire::RoleGrant& grant : account.roles()) {
    if (!is_live(grant, question.identity.height(), question.identity.time_ms())) continue;
    fmt::format_to(std::back_inserter(roles), "{}{}@{}", roles.empty() ? "" : ", ", grant.role(), grant.organisation());
  }
  return fmt::format("{} ({}): {}", signer, party_of(account), roles.empty() ? "-" : roles);
}

std::string rules_in_words(const Question& question, std::string_view or_word, std::string_view any_word) {
  std::string out;
  const auto add = [&](std::string_view role, std::string_view where) {
    fmt::format_to(std::back_inserter(out), "{}{}@{}", out.empty() ? "" : or_word, role, where);
  };
  for (const wire::PermissionRule& rule : question.permission.rules()) {
    if (!rule.any_target() && !question.concerned.empty()) {
      if (rule.organisations().empty() || contains(rule.organisations(), question.concerned)) {
        add(rule.role(), question.concerned);
      }
    } else if (rule.organisations().empty()) {
      add(rule.role(), any_word);
    } else {
      for (const std::string& organisation : rule.organisations()) add(rule.role(), organisation);
    }
  }
  if (question.permission.everyone()) add("*", question.concerned.empty() ? any_word : question.concerned);
  return out;
}

std::unexpected<Error> refusal(const Question& question) {
  std::string signers;
  for (const ledger::Signer& signer : question.identity.signers()) {
    fmt::format_to(std::back_inserter(signers), "{}{}", signers.empty() ? "" : "; ",
                   roles_in_words(question, signer.account));
  }
  const std::string needs = rules_in_words(question, " or ", "any organisation");
  const std::string needs_zh = rules_in_words(question, " 或 ", "任一机构");
  const std::uint32_t assurance = question.permission.min_assurance();
  return fail(Reason::kForbidden,
              fmt::format("{} needs the role {}{}; signed by {}", question.method,
                          needs.empty() ? "of nobody: no permission is set for it" : needs,
                          assurance == 0 ? "" : fmt::format(" and assurance level {}", assurance), signers),
              fmt::format("{} 需要角色 {}{}；签名者 {}", question.method,
                          needs_zh.empty() ? "（尚未对该方法授权任何人）" : needs_zh,
                          assurance == 0 ? "" : fmt::format("，且实名等级不低于 {}", assurance), signers));
}

}  // namespace

Result<Actor> require_permission(const Context& context, std::string_view contract, std::string_view method,
                                 std::string_view concerned) {
  thread_local wire::Permission permission;  // reused, as below: this runs once a call
  thread_local wire::Account account;
  thread_local std::string name;
  name.assign(contract).append(1, '.').append(method);

  const Context identity = context.as(kContractName);
  if (contract == kContractName) TRY(governance::require_not_reserved(context, name));
  ASSIGN_OR_RETURN(const bool known, load(identity, kPermissions, name, permission));
  if (!known) permission.Clear();
  const Question question{identity, name, concerned, permission};

  for (const ledger::Signer& signer : context.signers()) {
    ASSIGN_OR_RETURN(const bool found, load(identity, kAccounts, signer.account, account));
    if (!found) continue;
    ASSIGN_OR_RETURN(Actor actor, own_right(question, account));
    if (!actor.account.empty()) return actor;
  }
  if (contract != kContractName) {  // the rights that identity grants can't be lent
    for (const ledger::Signer& signer : context.signers()) {
      ASSIGN_OR_RETURN(Actor actor, lent_right(question, signer.account));
      if (!actor.account.empty()) return actor;
    }
  }
  return refusal(question);
}

}  // namespace chancery::contracts::identity
