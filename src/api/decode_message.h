#pragma once
// Arguments and records of the native contracts as JSON, for people who look at a transaction or a record.
// Bytes are base64, 64-bit numbers are texts, as in protobuf's JSON mapping.

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"

namespace chancery::api {

/// nullopt for a method that we don't know, or bytes that are not its message.
std::optional<Json> decode_arguments(std::string_view contract, std::string_view method, BytesView bytes);
std::optional<Json> decode_record(std::string_view contract, std::string_view collection, BytesView bytes);

}  // namespace chancery::api
