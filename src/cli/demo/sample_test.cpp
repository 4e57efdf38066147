#include "cli/demo/sample.h"

#include <gtest/gtest.h>

#include <set>

#include "base/national_ids.h"

namespace chancery::cli::demo {
namespace {

TEST(Sample, HasThreeOfficesAndTwelveClerksWithNamesOfTheirOwn) {
  const auto sample = load_sample();
  ASSERT_TRUE(sample.has_value()) << sample.error().message();
  ASSERT_EQ(sample->offices.size(), 3U);
  std::set<std::string> accounts;
  for (const Office& office : sample->offices) {
    EXPECT_TRUE(parse_unified_credit_code(office.uscc).has_value()) << office.id;
    for (const Clerk& clerk : office.clerks) EXPECT_TRUE(accounts.insert(clerk.account).second) << clerk.account;
  }
  EXPECT_EQ(accounts.size(), 12U);
  EXPECT_TRUE(parse_unified_credit_code(sample->operator_office.uscc).has_value());
}

TEST(Sample, EveryTypeBelongsToAnOfficeAndMakesRightIdentifiers) {
  const auto sample = load_sample();
  ASSERT_TRUE(sample.has_value());
  std::set<std::string> offices;
  for (const Office& office : sample->offices) offices.insert(office.id);
  EXPECT_EQ(sample->types.size(), 6U);
  for (const CertificateType& type : sample->types) {
    ASSERT_EQ(type.issuers.size(), 1U);
    EXPECT_TRUE(offices.contains(type.issuers.front()));
    EXPECT_TRUE(parse_json(type.schema).has_value()) << type.id;
    EXPECT_TRUE(make_certificate_identifier(type.gbt_type_code, sample->offices[0].uscc, "1", 1).has_value())
        << type.id;
  }
}

TEST(Sample, TenThousandResidentsAreTheSameEachTimeAndHaveRightNumbers) {
  const auto count = resident_count();
  ASSERT_TRUE(count.has_value());
  ASSERT_EQ(*count, 10'000U);
  const auto residents = make_residents(*count);
  ASSERT_TRUE(residents.has_value());
  std::set<std::string> numbers;
  for (const Resident& resident : *residents) {
    ASSERT_TRUE(parse_citizen_number(resident.id_number).has_value());
    ASSERT_TRUE(numbers.insert(resident.id_number).second);
    ASSERT_FALSE(resident.name.empty());
  }
  const auto again = make_residents(10);
  ASSERT_TRUE(again.has_value());
  for (std::size_t i = 0; i < again->size(); ++i) EXPECT_EQ((*again)[i].id_number, (*residents)[i].id_number);
}

TEST(Sample, RefusesMoreResidentsThanItCanMake) {
  EXPECT_EQ(make_residents(1'000'001).error().reason, Reason::kTooLarge);
}

}  // namespace
}  // namespace chancery::cli::demo
