#pragma once
// ?as_of= and ?as_of_height=: lists as they were then.

#include <cstdint>
#include <optional>

#include "api/api.h"
#include "api/query_reader.h"

namespace chancery::api {

struct AsOf {
  std::optional<std::uint64_t> height;
  std::optional<std::int64_t> time_ms;  ///< not after the head's block time; a later one is dropped: it means now
};

/// At most one of the two; not in the future, except that today's date means now.
AsOf read_as_of(Api& api, QueryReader& query);

}  // namespace chancery::api
