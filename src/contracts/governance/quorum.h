#pragma once
// Majorities in integers: no rounding that two nodes, or two readers, could do differently.

#include <cstdint>

#include "base/result.h"
#include "contracts/governance.pb.h"

namespace chancery::contracts::governance {

/// kInvalidValue unless 1 <= numerator <= denominator <= 1000, and not "more than all".
Status check_fraction(std::string_view field, const wire::Fraction& fraction);

/// Whether `part` of `whole` is at least the fraction (or more than it). Both at most 10^15; nothing of nothing is
/// never enough.
bool reaches(const wire::Fraction& fraction, std::uint64_t part, std::uint64_t whole);

/// What has been said to a proposal by those who may vote now.
struct Tally {
  std::uint64_t organisations = 0;  ///< active ones in the council
  std::uint64_t yes_organisations = 0;
  std::uint64_t no_organisations = 0;
  std::uint64_t abstaining_organisations = 0;
  std::uint64_t power = 0;  ///< voting power of those organisations
  std::uint64_t yes_power = 0;
};

/// Whether the tally satisfies every fraction that the rule asks for.
bool is_approved(const wire::KindRule& rule, const Tally& tally);

/// "2/3", ">2/3".
std::string in_words(const wire::Fraction& fraction);

}  // namespace chancery::contracts::governance
