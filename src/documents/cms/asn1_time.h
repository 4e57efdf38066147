#pragma once
// Times in DER (X.690 section 11.7 and 11.8): UTCTime "YYMMDDhhmmssZ", GeneralizedTime "YYYYMMDDhhmmss[.f]Z", f without
// trailing zeros. All in milliseconds since 1970.

#include <cstdint>

#include "crypto/der.h"

namespace chancery::documents {

inline constexpr std::uint8_t kUtcTimeTag = 0x17;
inline constexpr std::uint8_t kGeneralizedTimeTag = 0x18;

/// Either of the two; a fraction of at most six digits is cut to milliseconds. kMalformed for other forms.
Result<std::int64_t> read_time(crypto::DerReader& reader);

/// With milliseconds where there are any. The year is from 1970 to 9999.
Bytes generalized_time(std::int64_t at_ms);
/// Whole seconds; UTCTime to 2049, GeneralizedTime after: RFC 5652 section 11.3.
Bytes signing_time(std::int64_t at_ms);

}  // namespace chancery::documents
