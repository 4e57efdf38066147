#pragma once
// The tag of a record's version: it changes whenever the record does. A request that names the tag it has seen is
// refused when somebody else was faster; the HTTP API shows it in hex as the ETag (RFC 9110 section 8.8.3).

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace chancery::contracts {

using RecordTag = std::array<std::uint8_t, 16>;

/// The first 16 bytes of SHA-256 over the record as stored, in both suites: nobody gains by a collision, the ledger
/// only compares what a signer says with what is there.
RecordTag tag_of_record(BytesView record);

/// kPreconditionFailed unless `expected` is the tag of `record`; kInvalidValue when it has not 16 bytes.
Status require_tag(BytesView record, std::string_view expected);

}  // namespace chancery::contracts
