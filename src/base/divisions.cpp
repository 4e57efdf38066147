// GB/T 2260 codes. The table is made by tools/make_divisions.py.

#include <algorithm>
#include <iterator>

#include "base/national_ids.h"

namespace chancery {

namespace {

constexpr Division kDivisions[] = {
#define DIVISION(code, last_listed, name) {code, last_listed, name},
#include "base/divisions.inc"
#undef DIVISION
};
constexpr std::uint32_t kNewestList = 202306;

static_assert(std::ranges::is_sorted(kDivisions, {}, &Division::code));

/// Entries that stand for "the districts of" or "the counties of" a city.
bool only_groups(std::string_view name) {
  return name == "市辖区" || name == "县" || name == "省直辖县级行政区划" || name == "自治区直辖县级行政区划";
}

}  // namespace

bool Division::is_current() const {
  return last_listed_yyyymm == kNewestList;
}

std::optional<Division> find_division(std::uint32_t code) {
  const auto found = std::ranges::lower_bound(kDivisions, code, {}, &Division::code);
  if (found == std::end(kDivisions) || found->code != code) return std::nullopt;
  return *found;
}

std::string division_full_name(std::uint32_t code) {
  const std::optional<Division> division = find_division(code);
  if (!division) return {};
  std::string name;
  for (const std::uint32_t above : {code / 10000 * 10000, code / 100 * 100}) {
    if (above == code) break;
    const std::optional<Division> level = find_division(above);
    if (level && !only_groups(level->name)) name.append(level->name);
  }
  return name.append(division->name);
}

}  // namespace chancery
