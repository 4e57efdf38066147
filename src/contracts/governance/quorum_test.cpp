#include "contracts/governance/quorum.h"

#include "base/random.h"
#include "contracts/testing/expect.h"

namespace chancery::contracts::governance {
namespace {

wire::Fraction fraction(std::uint32_t numerator, std::uint32_t denominator, bool more_than) {
  wire::Fraction out;
  out.set_numerator(numerator);
  out.set_denominator(denominator);
  out.set_more_than(more_than);
  return out;
}

TEST(Quorum, TwoThirdsIsCountedInIntegers) {
  struct Case {
    std::uint64_t whole, at_least, more_than;  ///< the smallest part that is enough
  };
  for (const Case& each : {Case{1, 1, 1}, Case{2, 2, 2}, Case{3, 2, 3}, Case{4, 3, 3}, Case{5, 4, 4}, Case{6, 4, 5},
                           Case{7, 5, 5}, Case{100, 67, 67}, Case{99, 66, 67}}) {
    for (std::uint64_t part = 0; part <= each.whole; ++part) {
      EXPECT_EQ(reaches(fraction(2, 3, false), part, each.whole), part >= each.at_least) << part << "/" << each.whole;
      EXPECT_EQ(reaches(fraction(2, 3, true), part, each.whole), part >= each.more_than) << part << "/" << each.whole;
    }
  }
  EXPECT_FALSE(reaches(fraction(1, 1000, false), 0, 0));
  EXPECT_TRUE(reaches(fraction(1'000, 1'000, false), 1'000'000'000'000'000, 1'000'000'000'000'000));
}

TEST(Quorum, NeverShrinksWithMoreAgreementAndTwoMajoritiesShareAMember) {
  SeededRandom random(5);
  for (int i = 0; i < 20'000; ++i) {
    const auto denominator = static_cast<std::uint32_t>(1 + random.below(1'000));
    const auto numerator = static_cast<std::uint32_t>(1 + random.below(denominator));
    const std::uint64_t whole = 1 + random.below(100'000'000'000);
    const std::uint64_t part = random.below(whole);
    for (const bool more_than : {false, true}) {
      const auto needed = fraction(numerator, denominator, more_than);
      if (reaches(needed, part, whole)) {
        EXPECT_TRUE(reaches(needed, part + 1, whole));
      }
    }
    if (reaches(fraction(2, 3, true), part, whole)) {
      EXPECT_FALSE(reaches(fraction(1, 3, false), whole - part, whole));  // the others can't stop what was decided
    }
  }
}

TEST(Quorum, AsksForOrganisationsAndPowerTogether) {
  wire::KindRule rule;
  *rule.mutable_organisations() = fraction(1, 2, true);
  *rule.mutable_power() = fraction(2, 3, false);
  EXPECT_TRUE(is_approved(rule, {.organisations = 3, .yes_organisations = 2, .power = 9, .yes_power = 6}));
  EXPECT_FALSE(is_approved(rule, {.organisations = 4, .yes_organisations = 2, .power = 9, .yes_power = 9}));
  EXPECT_FALSE(is_approved(rule, {.organisations = 3, .yes_organisations = 3, .power = 9, .yes_power = 5}));
  rule.clear_power();
  EXPECT_TRUE(is_approved(rule, {.organisations = 3, .yes_organisations = 2}));
}

TEST(Quorum, FractionsAreProper) {
  using contracts::testing::refused;
  EXPECT_TRUE(check_fraction("x", fraction(1, 1, false)));
  EXPECT_TRUE(refused(check_fraction("x", fraction(1, 1, true)), Reason::kInvalidValue));
  EXPECT_TRUE(refused(check_fraction("x", fraction(0, 1, false)), Reason::kInvalidValue));
  EXPECT_TRUE(refused(check_fraction("x", fraction(3, 2, false)), Reason::kInvalidValue));
  EXPECT_TRUE(refused(check_fraction("x", fraction(1, 1'001, false)), Reason::kInvalidValue));
}

}  // namespace
}  // namespace chancery::contracts::governance
