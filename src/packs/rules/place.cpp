#include "packs/rules/place.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/bytes.h"

namespace chancery::packs::rules {

std::string Place::text(Language language) const {
  return language == Language::kZhCn ? fmt::format("第 {} 行第 {} 列", line, column)
                                     : fmt::format("line {}, column {}", line, column);
}

Place place_in(std::string_view rule, std::size_t offset) {
  const std::string_view before = rule.substr(0, std::min(offset, rule.size()));
  const std::size_t newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return {1 + static_cast<std::size_t>(std::ranges::count(before, '\n')), 1 + utf8_length(before.substr(start))};
}

std::unexpected<Error> refuse_at(std::string_view rule, std::size_t offset, Reason reason, std::string_view why_en,
                                 std::string_view why_zh) {
  const Place place = place_in(rule, offset);
  return fail(reason, fmt::format("{}: {}", place.text(Language::kEn), why_en),
              fmt::format("{}：{}", place.text(Language::kZhCn), why_zh));
}

PlacedDetail placed_detail(const Error& error) {
  PlacedDetail out{{}, error.detail, error.detail_zh};
  static const RE2 pattern("line ([0-9]+), column ([0-9]+): ");
  re2::StringPiece piece(error.detail);
  if (!RE2::Consume(&piece, pattern, &out.place.line, &out.place.column)) return out;
  out.en = piece.as_string();
  const std::string prefix_zh = out.place.text(Language::kZhCn) + "：";
  if (out.zh.starts_with(prefix_zh)) out.zh.erase(0, prefix_zh.size());
  return out;
}

}  // namespace chancery::packs::rules
