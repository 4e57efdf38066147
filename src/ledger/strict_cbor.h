#pragma once
// What nlohmann's CBOR reader does not look at: it recurses as deep as the input says, and takes text that is not
// UTF-8.

#include <cstddef>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

namespace chancery::ledger {

/// One CBOR item (RFC 8949) of the JSON data model, and nothing behind it. kMalformed for anything else: broken
/// encoding, tags, byte strings, text that is not UTF-8, more than `max_depth` nested arrays and maps. Takes any bytes.
Result<Json> parse_strict_cbor(BytesView bytes, std::size_t max_depth);

}  // namespace chancery::ledger
