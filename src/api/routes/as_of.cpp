#include "api/routes/as_of.h"

namespace chancery::api {

AsOf read_as_of(Api& api, QueryReader& query) {
  constexpr std::int64_t kDay_ms = 24LL * 3'600'000;
  AsOf out;
  out.height = query.number("as_of_height");
  out.time_ms = query.time_ms("as_of");
  const auto head = api.ledger().head();
  if (out.height && out.time_ms) query.refuse("as_of", "excludes as_of_height", "不能与 as_of_height 并用");
  if (out.height && *out.height > head.height) query.refuse("as_of_height", "is in the future", "尚未到达");
  // A bare date means the end of its day, which for today is still to come.
  if (out.time_ms && *out.time_ms > api.clock().now_ms() + kDay_ms)
    query.refuse("as_of", "is in the future", "尚未到来");
  // What the ledger has not reached is now; a cursor keeps the height of the first page by itself.
  if (out.time_ms && *out.time_ms > head.time_ms) out.time_ms.reset();
  return out;
}

}  // namespace chancery::api
