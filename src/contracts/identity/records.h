#pragma once
// Names of the identity contract's collections, and what "live" means for what the records list.

#include <cstdint>
#include <string_view>

#include "contracts/identity.pb.h"
#include "ledger/context.h"

namespace chancery::contracts::identity {

inline constexpr std::string_view kContractName = "identity";
inline constexpr std::string_view kOrganisations = "organisation";
inline constexpr std::string_view kCodes = "uscc";
inline constexpr std::string_view kAccounts = "account";
inline constexpr std::string_view kKeys = "key";
inline constexpr std::string_view kPermissions = "permission";
inline constexpr std::string_view kDelegations = "delegation";

/// Roles that stand above single organisations begin so.
inline constexpr std::string_view kNetworkRolePrefix = "network_";

/// Heights and times are the block's; an end at height h or after time t is explained in identity.proto.
inline bool is_live(const wire::RoleGrant& grant, std::uint64_t height, std::int64_t time_ms) {
  return (grant.revoked_height() == 0 || height < grant.revoked_height()) &&
         (grant.until_ms() == 0 || time_ms <= grant.until_ms());
}
inline bool is_live(const wire::Delegation& delegation, std::uint64_t height, std::int64_t time_ms) {
  return (delegation.revoked_height() == 0 || height < delegation.revoked_height()) && time_ms <= delegation.until_ms();
}
inline bool is_revoked(const wire::AccountKey& key, std::uint64_t height) {
  return key.revoked_height() != 0 && height >= key.revoked_height();
}

/// Whether one of the transaction's signatures is this account's.
bool has_signed(const ledger::Context& context, std::string_view account);
/// The organisation of a member, service or legal person; "@<account>" of somebody who has none.
std::string party_of(const wire::Account& account);

}  // namespace chancery::contracts::identity
