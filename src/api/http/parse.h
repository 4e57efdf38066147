#pragma once
// Bytes to a Request. The HTTP grammar itself is Boost.Beast's; what we add is narrower than the standard.

#include <string>

#include "api/http/request.h"
#include "base/bytes.h"

namespace chancery::api::http {

inline constexpr std::size_t kHeaderLimitBytes = 16U << 10;
inline constexpr std::size_t kMaxHeaders = 64;

/// What every request has to fulfil beyond the grammar: exactly one Host in HTTP/1.1 (RFC 9112 section 3.2), no
/// Content-Encoding, no transfer coding but chunked, UTF-8 in header values.
Status check_request_head(const Request& request);

/// The whole way of a request through the parser, for fuzzing and tests. Takes any bytes; the body limit is
/// `body_limit_bytes`.
Result<Request> parse_request_for_fuzzing(BytesView bytes, std::size_t body_limit_bytes = 64U << 10);

}  // namespace chancery::api::http
