#include "base/national_ids.h"

#include <gtest/gtest.h>

namespace chancery {
namespace {

template <class T>
Reason reason_of(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  return result ? Reason::kInternal : result.error().reason;
}

// The example of GB 11643-1999.
TEST(CitizenNumber, ReadsTheExampleOfTheStandard) {
  const CitizenNumber number = parse_citizen_number("11010519491231002x").value();
  EXPECT_EQ(number.text, "11010519491231002X");
  EXPECT_EQ(number.division_code, 110105U);
  EXPECT_EQ(number.birth_date, std::chrono::year{1949} / 12 / 31);
  EXPECT_TRUE(number.is_female);
  EXPECT_FALSE(parse_citizen_number("440524188001010014").value().is_female);
}

TEST(CitizenNumber, RefusesEverySingleWrongDigitAndSwap) {
  const std::string good = "11010519491231002X";
  for (std::size_t i = 0; i < 17; ++i) {
    for (char c = '0'; c <= '9'; ++c) {
      std::string wrong = good;
      wrong[i] = c;
      if (wrong == good) continue;
      EXPECT_EQ(reason_of(parse_citizen_number(wrong)), Reason::kBadCheckDigit) << wrong;
    }
    std::string swapped = good;
    if (i < 16) std::swap(swapped[i], swapped[i + 1]);
    if (swapped == good) continue;
    EXPECT_FALSE(parse_citizen_number(swapped)) << swapped;
  }
}

TEST(CitizenNumber, RefusesOtherForms) {
  for (const char* text : {"", "11010519491231002", "11010519491231002XX", "1101051949123100 2", "110105194912310O2X",
                           "１１0105194912310"}) {
    EXPECT_EQ(reason_of(parse_citizen_number(text)), Reason::kMalformed) << text;
  }
}

/// 17 digits with their check character, so that only the content can be wrong.
std::string with_check(std::string digits) {
  for (const char c : std::string_view("0123456789X")) {
    const Result<CitizenNumber> number = parse_citizen_number(digits + c);
    if (number || number.error().reason != Reason::kBadCheckDigit) return digits + c;
  }
  return {};
}

TEST(CitizenNumber, RefusesImpossibleDates) {
  for (const char* digits : {"11010519491331002", "11010519490229002", "11010517990101002", "11010519491200002"}) {
    EXPECT_EQ(reason_of(parse_citizen_number(with_check(digits))), Reason::kInvalidValue) << digits;
  }
  EXPECT_TRUE(parse_citizen_number(with_check("11010520000229002")));
}

TEST(CitizenNumber, KnowsDivisionsAlsoAbolishedOnes) {
  EXPECT_TRUE(parse_citizen_number(with_check("11010319800101002"))) << "Chongwen, abolished in 2010";
  EXPECT_TRUE(parse_citizen_number(with_check("51220119800101002"))) << "abolished before the first list";
  EXPECT_FALSE(parse_citizen_number(with_check("51220120100101002"))) << "born after it was abolished";
  EXPECT_FALSE(parse_citizen_number(with_check("99010119800101002"))) << "no such province";
}

TEST(CitizenNumber, NeverRepeatsTheNumberInAnError) {
  EXPECT_EQ(parse_citizen_number("110105194912310021").error().message().find("11010519"), std::string::npos);
}

// Codes of central and local organs, as printed on certificates of theirs.
TEST(UnifiedCreditCode, AcceptsPublishedCodes) {
  for (const char* text : {"11100000000013338W", "11430000006122244L", "11220000013544541J", "11100000MB03271699",
                           "91610800064834709T", "113700000045030270"}) {
    EXPECT_TRUE(parse_unified_credit_code(text)) << text;
  }
}

TEST(UnifiedCreditCode, RefusesWrongOnes) {
  EXPECT_EQ(reason_of(parse_unified_credit_code("11100000000013339W")), Reason::kBadCheckDigit);
  for (const char* text : {"", "11100000000013338w", "1110000000001333IW", "111O0000000013338W", "11100000000013338W1",
                           "1110000A000013338W"}) {
    EXPECT_EQ(reason_of(parse_unified_credit_code(text)), Reason::kMalformed) << text;
  }
}

TEST(Iso7064Mod37_36, GivesPublishedCheckCharacters) {
  EXPECT_EQ(iso7064_mod_37_36("A12425GABC1234002"), 'M');  // the example of the Global Release Identifier standard
  EXPECT_EQ(iso7064_mod_37_36("a"), std::nullopt);
}

// Identifiers that offices have published.
TEST(CertificateIdentifier, AcceptsPublishedIdentifiers) {
  for (const char* text : {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S",
                           "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
                           "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"}) {
    const Result<CertificateIdentifier> identifier = parse_certificate_identifier(text);
    ASSERT_TRUE(identifier) << identifier.error().message();
    EXPECT_EQ(identifier->text(), text);
  }
}

TEST(CertificateIdentifier, RefusesWrongOnes) {
  const std::string root = "1.2.156.3005.2.";
  EXPECT_EQ(
      reason_of(parse_certificate_identifier(root + "11100000000013338W011.11430000006122244L.20230000403.002.T")),
      Reason::kBadCheckDigit);
  EXPECT_EQ(
      reason_of(parse_certificate_identifier(root + "11100000000013338W011.11430000006122244M.20230000403.002.S")),
      Reason::kBadCheckDigit);
  EXPECT_FALSE(parse_certificate_identifier(root + "11100000000013338W011.11430000006122244L.20230000403.000.S"));
  for (const std::string& text :
       {std::string(), root, root + "....", std::string("1.2.156.3005.3.11100000000013338W011.x.1.002.S"),
        root + "11100000000013338W011.11430000006122244L.2023.002.S.", root + std::string(500, '1'),
        root + "11100000000013338W011.11430000006122244L.20-23.002.S",
        root + "11100000000013338W011.11430000006122244L.20230000403.2.S"}) {
    EXPECT_EQ(reason_of(parse_certificate_identifier(text)), Reason::kMalformed) << text;
  }
}

TEST(CertificateIdentifier, IsMadeWithItsCheckCharacter) {
  EXPECT_EQ(make_certificate_identifier("11100000000013338W011", "11430000006122244L", "20230000403", 2).value().text(),
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S");
  EXPECT_FALSE(make_certificate_identifier("11100000000013338W011", "11430000006122244L", "1", 1000));
}

TEST(Division, GivesNames) {
  EXPECT_EQ(find_division(350105)->name, "马尾区");
  EXPECT_TRUE(find_division(350105)->is_current());
  EXPECT_FALSE(find_division(110103)->is_current());
  EXPECT_FALSE(find_division(350199).has_value());
  EXPECT_EQ(division_full_name(350105), "福建省福州市马尾区");
  EXPECT_EQ(division_full_name(110101), "北京市东城区");
  EXPECT_EQ(division_full_name(350000), "福建省");
  EXPECT_EQ(division_full_name(1), "");
}

TEST(SyntheticNumbers, AreValidAndRepeatable) {
  SeededRandom random(7);
  for (int i = 0; i < 1000; ++i) {
    const CitizenNumber number = parse_citizen_number(synthetic_citizen_number(random)).value();
    EXPECT_EQ(number.division_code, 350105U);
    EXPECT_TRUE(parse_unified_credit_code(synthetic_unified_credit_code(random)));
  }
  SeededRandom a(1);
  SeededRandom b(1);
  EXPECT_EQ(synthetic_citizen_number(a), synthetic_citizen_number(b));
}

}  // namespace
}  // namespace chancery
