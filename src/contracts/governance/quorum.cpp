#include "contracts/governance/quorum.h"

#include <fmt/format.h>

#include "contracts/field_rules.h"
#include "contracts/governance/records.h"

namespace chancery::contracts::governance {

namespace {
constexpr std::uint64_t kLargestWhole = 1'000'000'000'000'000;  // times the largest denominator still fits 64 bits
}

Status check_fraction(std::string_view field, const wire::Fraction& fraction) {
  const bool proper = fraction.numerator() >= 1 && fraction.numerator() <= fraction.denominator() &&
                      fraction.denominator() <= kLargestDenominator;
  const bool reachable = !fraction.more_than() || fraction.numerator() < fraction.denominator();
  if (proper && reachable) return {};
  return invalid(field, "must be a fraction between 1/1000 and 1, and not more than 1",
                 "应为 1/1000 至 1 之间的分数，且不得要求超过全部");
}

bool reaches(const wire::Fraction& fraction, std::uint64_t part, std::uint64_t whole) {
  CHANCERY_CHECK(part <= whole && whole <= kLargestWhole);
  const std::uint64_t has = part * fraction.denominator();
  const std::uint64_t needs = whole * fraction.numerator();
  return part > 0 && (fraction.more_than() ? has > needs : has >= needs);
}

bool is_approved(const wire::KindRule& rule, const Tally& tally) {
  if (rule.has_organisations() && !reaches(rule.organisations(), tally.yes_organisations, tally.organisations)) {
    return false;
  }
  return !rule.has_power() || reaches(rule.power(), tally.yes_power, tally.power);
}

std::string in_words(const wire::Fraction& fraction) {
  return fmt::format("{}{}/{}", fraction.more_than() ? ">" : "", fraction.numerator(), fraction.denominator());
}

}  // namespace chancery::contracts::governance
