// What may not be read in a log.

#include <algorithm>
#include <array>

#include "base/log.h"

namespace chancery {

namespace {

constexpr std::string_view kMask = "***";

// A field is personal when it has one of these names, or ends in "_" and one of the second list ("holder_phone").
constexpr std::array<std::string_view, 11> kPersonalNames = {
    "name",          "full_name",  "holder_name", "person_name", "applicant_name", "owner_name",
    "deceased_name", "birth_date", "birthday",    "credentials", "claims"};
constexpr std::array<std::string_view, 14> kPersonalEndings = {
    "id_number", "citizen_id", "citizen_number", "phone",  "mobile", "telephone", "address",
    "email",     "password",   "passphrase",     "secret", "token",  "cookie",    "private_key"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// GB 11643: six digits of a division, a birth date of 18xx to 20xx, three digits, a digit or X. The check digit is not
/// asked for: a mistyped number is personal as well.
bool is_citizen_number_at(std::string_view text, std::size_t at) {
  if (at + 18 > text.size()) return false;
  const std::string_view number = text.substr(at, 18);
  if (!std::all_of(number.begin(), number.begin() + 17, is_digit)) return false;
  if (!is_digit(number[17]) && number[17] != 'X' && number[17] != 'x') return false;
  const int century = two_digits(number, 6);
  const int month = two_digits(number, 10);
  const int day = two_digits(number, 12);
  return number[0] != '0' && century >= 18 && century <= 20 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// 1[3-9] and nine digits, alone or behind the country code 86.
bool is_mobile_number_at(std::string_view text, std::size_t at) {
  if (at + 11 > text.size()) return false;
  const std::string_view number = text.substr(at, 11);
  if (!std::all_of(number.begin(), number.end(), is_digit) || number[0] != '1' || number[1] < '3') return false;
  const bool ends = at + 11 == text.size() || !is_digit(text[at + 11]);
  const bool behind_country_code = at >= 2 && text.substr(at - 2, 2) == "86" && (at == 2 || !is_digit(text[at - 3]));
  const bool starts = at == 0 || !is_digit(text[at - 1]) || behind_country_code;
  return starts && ends;
}

}  // namespace

bool is_personal_field(std::string_view name) {
  if (std::ranges::find(kPersonalNames, name) != kPersonalNames.end()) return true;
  return std::ranges::any_of(kPersonalEndings, [name](std::string_view ending) {
    return name.ends_with(ending) && (name.size() == ending.size() || name[name.size() - ending.size() - 1] == '_');
  });
}

std::string redact_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (is_citizen_number_at(text, i)) {
      out.append(kMask);
      i += 18;
    } else if (is_mobile_number_at(text, i)) {
      out.append(kMask);
      i += 11;
    } else {
      out.push_back(text[i++]);
    }
  }
  return out;
}

}  // namespace chancery
