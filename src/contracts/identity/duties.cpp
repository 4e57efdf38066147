#include "contracts/identity/duties.h"

#include <fmt/format.h>

#include <algorithm>

#include "contracts/identity/records.h"

namespace chancery::contracts::identity {

namespace {

bool is_administrator(std::string_view role) {
  return role == kSystemAdministrator || role == kSecurityAdministrator || role == kAuditAdministrator;
}

bool only_reads(std::string_view role) {
  return role == kAuditAdministrator || role == kRegulator;
}

bool conflict(std::string_view one, std::string_view other) {
  if (one == other) return false;  // the same duty in two organisations is one duty
  return (is_administrator(one) && is_administrator(other)) || only_reads(one) || only_reads(other);
}

}  // namespace

Status require_separate_duties(const wire::Account& account, std::string_view role, std::uint64_t height,
                               std::int64_t time_ms) {
  for (const wire::RoleGrant& grant : account.roles()) {
    if (!is_live(grant, height, time_ms) || !conflict(grant.role(), role)) continue;
    return fail(Reason::kDutiesConflict,
                fmt::format("{} has the role {}@{}, beside which it may not have {}", account.id(), grant.role(),
                            grant.organisation(), role),
                fmt::format("{} 已有角色 {}@{}，不得兼任 {}", account.id(), grant.role(), grant.organisation(), role));
  }
  return {};
}

bool may_only_read(const wire::Account& account, std::uint64_t height, std::int64_t time_ms) {
  return std::ranges::any_of(account.roles(), [&](const wire::RoleGrant& grant) {
    return only_reads(grant.role()) && is_live(grant, height, time_ms);
  });
}

bool would_unite_duties(const wire::Account& borrower, std::string_view role, std::uint64_t height,
                        std::int64_t time_ms) {
  return std::ranges::any_of(borrower.roles(), [&](const wire::RoleGrant& grant) {
    return is_live(grant, height, time_ms) && conflict(grant.role(), role);
  });
}

}  // namespace chancery::contracts::identity
