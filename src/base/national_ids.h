#pragma once
// The national identifiers of people, organisations, places and certificates, checked by their own arithmetic.
// A wrong form fails with kMalformed, a wrong check digit with kBadCheckDigit, an impossible content with
// kInvalidValue. No error repeats the number. Everything here is pure and thread-safe.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace chancery {

/// One code of GB/T 2260: province XX0000, city XXXX00 or county.
struct Division {
  std::uint32_t code;
  std::uint32_t last_listed_yyyymm;  ///< The newest list that has it.
  std::string_view name;             ///< Chinese, of this level alone: "马尾区".

  bool is_current() const;
};

/// Current and abolished codes of the lists from 2002-12 on; nullopt for others.
std::optional<Division> find_division(std::uint32_t code);
/// "福建省福州市马尾区"; levels that only group ("市辖区", "县") are left out above the last. Empty when unknown.
std::string division_full_name(std::uint32_t code);

/// GB 11643-1999, 18 characters.
struct CitizenNumber {
  std::string text;  ///< With an upper-case X.
  std::uint32_t division_code;
  std::chrono::year_month_day birth_date;
  bool is_female;  ///< By the parity of the sequence number.
};

/// Checks the ISO 7064 MOD 11-2 check character, the date (1800 to 2099) and the division. The division must be in the
/// table; for those born before 2003 a known province is enough, since the table begins with the list of 2002-12.
Result<CitizenNumber> parse_citizen_number(std::string_view text);

/// GB 32100-2015, 18 characters without I, O, S, V, Z, upper case; check character modulo 31. The result is the text.
/// Positions 3 to 8 must be digits; they are not looked up, since central organs have codes outside GB/T 2260.
Result<std::string> parse_unified_credit_code(std::string_view text);

/// GB/T 36904: `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.
struct CertificateIdentifier {
  std::string type_code;    ///< 21: the 18 characters of the authority that defined the type, and 3 of the type.
  std::string issuer_code;  ///< The issuer's unified social credit code.
  std::string serial;       ///< 1 to 64 digits and upper-case letters.
  std::uint32_t version;    ///< 1 to 999.
  char check;               ///< ISO 7064 MOD 37,36 over the four above without dots.

  std::string text() const;
};

Result<CertificateIdentifier> parse_certificate_identifier(std::string_view text);
/// Computes the check character; the parts are checked as above.
Result<CertificateIdentifier> make_certificate_identifier(std::string_view type_code, std::string_view issuer_code,
                                                          std::string_view serial, std::uint32_t version);

/// The check character of ISO 7064 MOD 37,36 for a text of digits and upper-case letters; nullopt for other texts.
std::optional<char> iso7064_mod_37_36(std::string_view text);

/// Numbers with the right check digits for demonstrations and tests. They belong to nobody on purpose, and to somebody
/// by accident only; the same Random gives the same numbers. Citizens are born from 1930 to 2005.
std::string synthetic_citizen_number(Random& random, std::uint32_t division_code = 350105);
std::string synthetic_unified_credit_code(Random& random, std::uint32_t division_code = 350105);

}  // namespace chancery
