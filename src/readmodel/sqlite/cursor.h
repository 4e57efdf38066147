#pragma once
// Where the next page starts: bound to the query and to the height that the first page showed, and authenticated, so
// that nobody can read at a height or place that was not handed out.
//   base64url( u8 query | 8 B filter hash | u64 height | u64 time_ms | u64 before | first 8 B of HMAC-SHA-256 )

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::readmodel {

enum class Query : std::uint8_t {
  kCredentials = 1,
  kEvidence = 2,
  kTransactions = 3,
  kBlocks = 4,
  kTypes = 5,
  kOrganisations = 6,
  kAccounts = 7
};

struct Cursor {
  std::uint64_t height = 0;  ///< that all pages show
  std::int64_t time_ms = 0;  ///< at which expiry is judged
  std::int64_t before = 0;   ///< rows below this one follow
};

/// What a filter asks for, as one hash: two different filters never share it.
class FilterHash {
 public:
  explicit FilterHash(Query query) : query_(query) {}
  FilterHash& add(std::string_view text);
  FilterHash& add(std::int64_t number);
  template <class T>
  FilterHash& add_optional(const T& value) {
    add(std::int64_t{value.has_value() ? 1 : 0});
    if (value.has_value()) add(static_cast<std::int64_t>(*value));
    return *this;
  }
  Query query() const { return query_; }
  Digest finish() const;

 private:
  Query query_;
  Bytes parts_;
};

std::string seal_cursor(const Cursor& cursor, const FilterHash& filter, BytesView key);
/// kBadCursor when it was not made by seal_cursor with this key for this filter.
Result<Cursor> open_cursor(std::string_view text, const FilterHash& filter, BytesView key);

}  // namespace chancery::readmodel
