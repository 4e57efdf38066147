#include "base/national_ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace chancery {

namespace {

constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kCreditCodeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::string_view kCertificateRoot = "1.2.156.3005.2.";
constexpr std::size_t kTypeCodeChars = 21;
constexpr std::size_t kMaxSerialChars = 64;
constexpr std::uint32_t kMaxVersion = 999;
// The table of divisions begins with the list of 2002-12.
constexpr std::chrono::year kFirstYearWithAllDivisions{2003};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

std::uint32_t number(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
  return value;
}

/// ISO 7064 MOD 11-2 over 17 digits (GB 11643-1999 section 4.2).
char citizen_check(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) value = (value + static_cast<std::uint32_t>(c - '0')) * 2 % 11;
  return "0123456789X"[(12 - value) % 11];
}

/// GB 32100-2015 section 5: weights 3^i modulo 31. The text holds characters of the alphabet only.
char credit_code_check(std::string_view first_17) {
  std::size_t weight = 1;
  std::size_t sum = 0;
  for (const char c : first_17) {
    sum += kCreditCodeAlphabet.find(c) * weight;
    weight = weight * 3 % 31;
  }
  return kCreditCodeAlphabet[(31 - sum % 31) % 31];
}

/// GB 11714: the ninth character of an organisation code, of its first eight.
char organisation_check(std::string_view first_8) {
  constexpr std::array<std::size_t, 8> kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
  std::size_t sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kAlphanumeric.find(first_8[i]) * kWeights[i];
  return "0123456789X0"[11 - sum % 11];
}

Status check_certificate_parts(std::string_view type_code, std::string_view issuer_code, std::string_view serial,
                               std::uint32_t version) {
  const auto alphanumeric = [](char c) { return kAlphanumeric.find(c) != std::string_view::npos; };
  if (type_code.size() != kTypeCodeChars || !std::ranges::all_of(type_code, alphanumeric)) {
    return fail(Reason::kMalformed, "the type of a certificate identifier has 21 digits and upper-case letters");
  }
  TRY(parse_unified_credit_code(issuer_code));
  if (serial.empty() || serial.size() > kMaxSerialChars || !std::ranges::all_of(serial, alphanumeric)) {
    return fail(Reason::kMalformed, "the serial of a certificate identifier has 1 to 64 digits and upper-case letters");
  }
  if (version == 0 || version > kMaxVersion) {
    return fail(Reason::kInvalidValue, "the version of a certificate identifier is from 001 to 999");
  }
  return {};
}

std::vector<std::string_view> split_at_dots(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0;;) {
    const std::size_t dot = text.find('.', start);
    parts.push_back(text.substr(start, dot == std::string_view::npos ? dot : dot - start));
    if (dot == std::string_view::npos) return parts;
    start = dot + 1;
  }
}

}  // namespace

Result<CitizenNumber> parse_citizen_number(std::string_view text) {
  if (text.size() != 18 || !all_digits(text.substr(0, 17)) ||
      !(is_digit(text[17]) || text[17] == 'X' || text[17] == 'x')) {
    return fail(Reason::kMalformed, "a citizen number has 17 digits and a digit or X");
  }
  const char check = text[17] == 'x' ? 'X' : text[17];
  if (check != citizen_check(text.substr(0, 17))) {
    return fail(Reason::kBadCheckDigit, "the last character of the citizen number does not match the others");
  }
  const std::uint32_t year = number(text.substr(6, 4));
  const std::chrono::year_month_day birth_date{std::chrono::year(static_cast<int>(year)),
                                               std::chrono::month(number(text.substr(10, 2))),
                                               std::chrono::day(number(text.substr(12, 2)))};
  if (!birth_date.ok() || year < 1800 || year > 2099) {
    return fail(Reason::kInvalidValue, "the birth date in the citizen number does not exist");
  }
  const std::uint32_t division_code = number(text.substr(0, 6));
  const bool province_suffices = birth_date.year() < kFirstYearWithAllDivisions;
  if (!find_division(division_code) && !(province_suffices && find_division(division_code / 10000 * 10000))) {
    return fail(Reason::kInvalidValue, "the division in the citizen number is not in GB/T 2260");
  }
  return CitizenNumber{std::string(text.substr(0, 17)) + check, division_code, birth_date, (text[16] - '0') % 2 == 0};
}

Result<std::string> parse_unified_credit_code(std::string_view text) {
  const auto in_alphabet = [](char c) { return kCreditCodeAlphabet.find(c) != std::string_view::npos; };
  if (text.size() != 18 || !std::ranges::all_of(text, in_alphabet) || !all_digits(text.substr(2, 6))) {
    return fail(Reason::kMalformed,
                "a unified social credit code has 18 digits and upper-case letters without I, O, S, V, Z, "
                "and digits in positions 3 to 8");
  }
  if (text[17] != credit_code_check(text.substr(0, 17))) {
    return fail(Reason::kBadCheckDigit,
                "the last character of the unified social credit code does not match the others");
  }
  return std::string(text);
}

std::optional<char> iso7064_mod_37_36(std::string_view text) {
  std::size_t product = 36;
  for (const char c : text) {
    const std::size_t value = kAlphanumeric.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    std::size_t sum = (product + value) % 36;
    if (sum == 0) sum = 36;
    product = sum * 2 % 37;
  }
  return kAlphanumeric[(37 - product) % 36];
}

std::string CertificateIdentifier::text() const {
  return fmt::format("{}{}.{}.{}.{:03}.{}", kCertificateRoot, type_code, issuer_code, serial, version, check);
}

Result<CertificateIdentifier> make_certificate_identifier(std::string_view type_code, std::string_view issuer_code,
                                                          std::string_view serial, std::uint32_t version) {
  TRY(check_certificate_parts(type_code, issuer_code, serial, version));
  const std::optional<char> check =
      iso7064_mod_37_36(fmt::format("{}{}{}{:03}", type_code, issuer_code, serial, version));
  CHANCERY_CHECK(check.has_value());
  return CertificateIdentifier{std::string(type_code), std::string(issuer_code), std::string(serial), version, *check};
}

Result<CertificateIdentifier> parse_certificate_identifier(std::string_view text) {
  constexpr std::size_t kMaxChars = kCertificateRoot.size() + kTypeCodeChars + 18 + kMaxSerialChars + 3 + 1 + 4;
  if (text.size() > kMaxChars || !text.starts_with(kCertificateRoot)) {
    return fail(Reason::kMalformed, "a certificate identifier begins with 1.2.156.3005.2.");
  }
  const std::vector<std::string_view> parts = split_at_dots(text.substr(kCertificateRoot.size()));
  if (parts.size() != 5 || parts[3].size() != 3 || !all_digits(parts[3]) || parts[4].size() != 1) {
    return fail(Reason::kMalformed,
                "a certificate identifier has type, issuer, serial, a version of 3 digits and a check character");
  }
  ASSIGN_OR_RETURN(CertificateIdentifier identifier,
                   make_certificate_identifier(parts[0], parts[1], parts[2], number(parts[3])));
  if (identifier.check != parts[4][0]) {
    return fail(Reason::kBadCheckDigit, "the last character of the certificate identifier does not match the others");
  }
  return identifier;
}

std::string synthetic_citizen_number(Random& random, std::uint32_t division_code) {
  using namespace std::chrono;
  constexpr sys_days kFirst = year{1930} / January / 1;
  constexpr sys_days kEnd = year{2006} / January / 1;
  const year_month_day birth_date(kFirst + days(random.below(static_cast<std::uint64_t>((kEnd - kFirst).count()))));
  std::string text = fmt::format("{:06}{:04}{:02}{:02}{:03}", division_code, static_cast<int>(birth_date.year()),
                                 static_cast<unsigned>(birth_date.month()), static_cast<unsigned>(birth_date.day()),
                                 1 + random.below(999));
  return text + citizen_check(text);
}

std::string synthetic_unified_credit_code(Random& random, std::uint32_t division_code) {
  // 11: an organ of government registered with the establishment office.
  const std::string organisation = fmt::format("{:08}", random.below(100'000'000));
  std::string text = fmt::format("11{:06}{}{}", division_code, organisation, organisation_check(organisation));
  return text + credit_code_check(text);
}

}  // namespace chancery
