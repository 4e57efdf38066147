#pragma once
// Names of the governance contract's collections, and the bounds of its records.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chancery::contracts::governance {

inline constexpr std::string_view kContractName = "governance";
inline constexpr std::string_view kConstitutions = "constitution";
inline constexpr std::string_view kCouncils = "council";
inline constexpr std::string_view kLeft = "left";
inline constexpr std::string_view kCounters = "counter";
inline constexpr std::string_view kProposals = "proposal";
inline constexpr std::string_view kOrders = "order";
inline constexpr std::string_view kFrozen = "frozen";
inline constexpr std::string_view kFreezes = "freezes";
inline constexpr std::string_view kValidators = "validators";
inline constexpr std::string_view kProtocols = "protocol";
inline constexpr std::string_view kParameters = "parameter";
inline constexpr std::string_view kPacks = "pack";

inline constexpr std::string_view kCurrent = "current";
inline constexpr std::string_view kNewest = "newest";
inline constexpr std::string_view kSummary = "summary";

inline constexpr int kRulesInConstitution = 32;
inline constexpr int kRolesInRule = 8;
inline constexpr int kOrganisationsInVeto = 64;
inline constexpr int kBoundsInConstitution = 64;
inline constexpr int kReservedMethods = 64;
inline constexpr std::uint32_t kLargestDenominator = 1'000;
inline constexpr int kOrganisationsInCouncil = 256;
inline constexpr int kValidatorsInSet = 100;
inline constexpr std::uint64_t kLargestPower = 1'000'000'000;
inline constexpr int kParametersInAction = 16;
inline constexpr int kPastValues = 64;
inline constexpr int kVersionsOfPack = 256;
inline constexpr int kScopesInFreeze = 16;
inline constexpr int kOrdersOnTarget = 16;
inline constexpr int kAppealsOfOrder = 16;
inline constexpr std::size_t kTitleChars = 100;
inline constexpr std::size_t kProposalReasonChars = 1'000;
inline constexpr std::size_t kReasonChars = 200;
inline constexpr std::size_t kVersionBytes = 32;
inline constexpr std::size_t kSoftwareChars = 64;
inline constexpr std::size_t kRecordKeyBytes = 256;
/// Voting, delays and the time for execution: none is longer.
inline constexpr std::int64_t kLongestPeriodMs = std::int64_t{366} * 86'400'000;
inline constexpr std::uint64_t kLongestDelayBlocks = 100'000'000;
inline constexpr std::int64_t kLongestFreezeMs = std::int64_t{3} * 366 * 86'400'000;
/// A consensus engine learns of a new validator set two blocks before it counts (ABCI 2.0, FinalizeBlock).
inline constexpr std::uint64_t kValidatorNoticeBlocks = 2;

}  // namespace chancery::contracts::governance
