#pragma once
// The phases of evidence in words: one table for the contract, API, pages and command line.

#include <span>
#include <string_view>

namespace chancery::contracts::evidence {

struct PhaseWords {
  std::string_view code;  ///< what the record holds
  std::string_view zh, en;
};
/// Null for a code that isn't in the table.
const PhaseWords* phase_words(std::string_view code);
/// In the order in which a matter usually passes them; the contract doesn't insist on it.
std::span<const PhaseWords> all_phase_words();

}  // namespace chancery::contracts::evidence
