#pragma once
// The one big word of a public page, since when, by whom, and what to do next. In Chinese and English.

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::node {

enum class VerdictKind : std::uint8_t { kValid, kNotYetValid, kSuspended, kRevoked, kExpired, kSuperseded, kUnknown };

/// "valid", "not_yet_valid", ... : stable for programs.
std::string_view to_string(VerdictKind kind);

struct Verdict {
  VerdictKind kind = VerdictKind::kUnknown;
  std::string word_zh;  ///< 真实有效
  std::string word_en;
  std::uint64_t since_height = 0;  ///< 0 with kUnknown
  std::int64_t since_ms = 0;
  std::string by;     ///< organisation id; empty with kUnknown, kExpired
  std::string by_zh;  ///< its names
  std::string by_en;
  std::string reason_code;  ///< of a suspension or revocation
  std::string next_step_zh;
  std::string next_step_en;
  std::uint64_t checked_height = 0;  ///< what the verdict was taken from
  std::int64_t checked_ms = 0;
};

}  // namespace chancery::node
