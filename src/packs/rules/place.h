#pragma once
// Where in a rule something stands, in the words of both languages.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace chancery::packs::rules {

struct Place {
  std::size_t line = 1;
  std::size_t column = 1;  ///< In code points.

  /// "line 2, column 5"; "第 2 行第 5 列".
  std::string text(Language language) const;
  bool operator==(const Place&) const = default;
};

/// `offset` in bytes; beyond the end it is the end.
Place place_in(std::string_view rule, std::size_t offset);

/// "line 2, column 5: why" in both languages.
std::unexpected<Error> refuse_at(std::string_view rule, std::size_t offset, Reason reason, std::string_view why_en,
                                 std::string_view why_zh);

/// What refuse_at has put together, apart again. An error from elsewhere has the place 1, 1 and its whole detail.
struct PlacedDetail {
  Place place;
  std::string en, zh;
};
PlacedDetail placed_detail(const Error& error);

}  // namespace chancery::packs::rules
