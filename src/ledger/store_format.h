#pragma once
// What the store says about itself, in its family for such facts.

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/ledger.h"

namespace chancery::ledger {

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kFormat = "chancery-store-1";
inline constexpr std::string_view kNetworkKey = "network";
/// There only in the store of a node that joined by a snapshot.
inline constexpr std::string_view kHorizonKey = "horizon";

/// Three numbers of 8 bytes, big-endian, in the order of the struct.
inline Bytes encode_horizon(const Horizon& horizon) {
  Bytes out;
  append_u64_be(out, horizon.first_block);
  append_u64_be(out, horizon.first_entry);
  append_u64_be(out, horizon.joined_height);
  return out;
}

inline Result<Horizon> decode_horizon(BytesView bytes) {
  if (bytes.size() != 24) return fail(Reason::kCorrupt, "the store's horizon has not three numbers");
  return Horizon{read_u64_be(bytes), read_u64_be(bytes.subspan(8)), read_u64_be(bytes.subspan(16))};
}

}  // namespace chancery::ledger
