#pragma once
// Names of the supervision contract's collections, and the bounds of its records.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chancery::contracts::supervision {

inline constexpr std::string_view kContractName = "supervision";
inline constexpr std::string_view kRules = "rule";
inline constexpr std::string_view kIndexes = "index";
inline constexpr std::string_view kRuleIndex = "rules";

inline constexpr int kRulesInNetwork = 256;
inline constexpr int kMethodsInRule = 32;
inline constexpr int kAccountsInRule = 64;
inline constexpr int kReasonsInRule = 32;
inline constexpr int kAllowedInRule = 256;
inline constexpr int kFieldsInPath = 4;
inline constexpr std::size_t kAllowedBytes = 128;
inline constexpr std::uint32_t kLargestThreshold = 100'000;
inline constexpr std::int64_t kShortestWindowMs = 1'000;
inline constexpr std::int64_t kLongestWindowMs = std::int64_t{31} * 86'400'000;
inline constexpr std::uint32_t kMinutesOfDay = 1'440;

}  // namespace chancery::contracts::supervision
