#pragma once
// Bounds of the identity records, so that every read stays small whatever clients send.

#include <cstddef>
#include <cstdint>

namespace chancery::contracts::identity {

inline constexpr std::size_t kNameZhChars = 100;
inline constexpr std::size_t kNameEnChars = 200;
inline constexpr std::size_t kReasonChars = 200;
inline constexpr std::size_t kKeyLabelChars = 64;
inline constexpr int kKeysInAccount = 16;
inline constexpr int kKeysAtCreation = 8;
inline constexpr int kRolesInAccount = 32;
inline constexpr int kCommitmentsInAccount = 16;
inline constexpr int kRulesInPermission = 32;
inline constexpr int kOrganisationsInRule = 64;
inline constexpr int kDelegationsToOne = 64;
inline constexpr int kScopesInDelegation = 16;
inline constexpr std::uint32_t kHighestAssurance = 4;
/// A key revocation may be announced this far ahead: a day of 100 ms blocks.
inline constexpr std::uint64_t kRevocationAheadBlocks = 1'000'000;
/// Long enough for a term of office, short enough that forgotten delegations end.
inline constexpr std::int64_t kLongestDelegationMs = std::int64_t{3} * 366 * 86'400'000;

}  // namespace chancery::contracts::identity
