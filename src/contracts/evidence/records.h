#pragma once
// Collections and bounds of the evidence contract.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chancery::contracts::evidence {

inline constexpr std::string_view kContractName = "evidence";
inline constexpr std::string_view kEvidence = "evidence";
inline constexpr std::string_view kMatters = "matter";

inline constexpr std::size_t kMatterChars = 64;
inline constexpr std::size_t kMediaTypeBytes = 100;
inline constexpr std::uint64_t kMaxSizeBytes = std::uint64_t{1} << 50;
inline constexpr std::uint64_t kMaxBatchCount = 1'000'000;
inline constexpr int kCustodyTransfers = 64;

}  // namespace chancery::contracts::evidence
