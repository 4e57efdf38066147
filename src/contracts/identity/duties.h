#pragma once
// Duties that one person must not unite (GB/T 22239-2019, 8.1.10.2: system, security and audit administrators are
// separate), and roles whose holders only read.

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "contracts/identity.pb.h"

namespace chancery::contracts::identity {

inline constexpr std::string_view kSystemAdministrator = "system_admin";
inline constexpr std::string_view kSecurityAdministrator = "security_admin";
inline constexpr std::string_view kAuditAdministrator = "audit_admin";
inline constexpr std::string_view kRegulator = "regulator";

/// kDutiesConflict when `account` may not hold `role` besides its live roles: one account is at most one of the three
/// administrators, and whoever only reads has no other role.
Status require_separate_duties(const wire::Account& account, std::string_view role, std::uint64_t height,
                               std::int64_t time_ms);

/// Whether a live role of the account bars it from writing anything.
bool may_only_read(const wire::Account& account, std::uint64_t height, std::int64_t time_ms);

/// Whether lending `role` to `borrower` would unite two of the three administrators.
bool would_unite_duties(const wire::Account& borrower, std::string_view role, std::uint64_t height,
                        std::int64_t time_ms);

}  // namespace chancery::contracts::identity
