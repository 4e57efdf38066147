#pragma once
// Refusals as application/problem+json (RFC 9457), in the caller's language.

#include "api/http/response.h"
#include "base/json.h"
#include "base/result.h"

namespace chancery::api {

/// { type: "/problems/<code>", title, status, detail, code, remedy, instance, trace_id, errors: [{pointer, detail}] }.
/// `errors` lists what the detail says of single members ("/fields/name: ..."). 401 gets WWW-Authenticate, 503 and 429
/// get Retry-After and RateLimit. `status` 0: the reason's own.
http::Response problem(const http::Request& request, const Error& error, int status = 0);

/// The same members, for answers that hold several results.
Json problem_body(const http::Request& request, const Error& error, int status = 0);

/// The detail in the caller's language; the Chinese title stands in where there is no Chinese detail.
std::string detail_in(Language language, const Error& error);

}  // namespace chancery::api
