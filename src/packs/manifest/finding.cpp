#include "packs/manifest/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace chancery::packs {

std::string Finding::text(Language language) const {
  const bool zh = language == Language::kZhCn;
  return fmt::format("{}:{}:{}: {}{}{}", file, place.line, place.column, wrong.in(language), zh ? "。" : ". ",
                     remedy.in(language));
}

void Findings::add(Finding finding) {
  if (all_.size() < kMaxFindings) all_.push_back(std::move(finding));
}

std::vector<Finding> Findings::sorted() && {
  std::ranges::stable_sort(all_, [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.place.line, a.place.column) < std::tie(b.file, b.place.line, b.place.column);
  });
  return std::move(all_);
}

}  // namespace chancery::packs
