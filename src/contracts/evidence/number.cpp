#include "contracts/evidence/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/national_ids.h"

namespace chancery::contracts::evidence {

namespace {

constexpr std::string_view kPrefix = "CE";
constexpr std::size_t kDateAt = 2;
constexpr std::size_t kHexAt = 10;
constexpr std::size_t kHexChars = 16;
/// China has one time zone without summer time: the date on the number is the date at the court's window.
constexpr std::int64_t kUtcOffsetMs = std::int64_t{8} * 3'600'000;
constexpr std::int64_t kDayMs = 86'400'000;

std::chrono::year_month_day date_of(std::int64_t time_ms) {
  return std::chrono::sys_days{std::chrono::days{(time_ms + kUtcOffsetMs) / kDayMs}};
}

bool is_date(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  const std::chrono::year_month_day date{std::chrono::year{value / 10'000},
                                         std::chrono::month{static_cast<unsigned>(value / 100 % 100)},
                                         std::chrono::day{static_cast<unsigned>(value % 100)}};
  return date.ok();
}

}  // namespace

std::string make_number(crypto::HashAlgorithm hash, std::int64_t block_time_ms, const Digest& transaction_id,
                        std::uint32_t call_index) {
  const auto date = date_of(block_time_ms);
  Bytes index;
  append_u32_be(index, call_index);
  const Digest digest = crypto::domain_hash(hash, "chancery/evidence-number/1", {transaction_id, index});
  std::string number = fmt::format("{}{:04}{:02}{:02}{:016X}", kPrefix, static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   read_u64_be(BytesView(digest).first(8)));
  const auto check = iso7064_mod_37_36(number);
  CHANCERY_CHECK(check.has_value());
  number.push_back(*check);
  return number;
}

Status check_number(std::string_view number) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  if (number.size() != kNumberChars || !number.starts_with(kPrefix) ||
      !is_date(number.substr(kDateAt, kHexAt - kDateAt)) ||
      !std::ranges::all_of(number.substr(kHexAt, kHexChars), is_hex)) {
    return fail(Reason::kMalformed, "an evidence number is CE, a date, 16 hex digits and a check character",
                "存证编号由 CE、日期、16 位十六进制数和校验位组成");
  }
  if (iso7064_mod_37_36(number.substr(0, kNumberChars - 1)) != number.back()) {
    return fail(Reason::kBadCheckDigit, "the check character of the evidence number is wrong",
                "存证编号的校验位不正确");
  }
  return {};
}

}  // namespace chancery::contracts::evidence
