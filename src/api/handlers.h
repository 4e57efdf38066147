#pragma once
// How routes are written: a function from a request to an answer or an error.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/api.h"
#include "api/http/router.h"
#include "api/problem.h"
#include "base/json.h"
#include "base/json_reader.h"

namespace chancery::api {

using Answer = Result<http::Response>;
using PlainRoute = Answer (*)(Api&, const http::Request&);
using SessionRoute = Answer (*)(Api&, const http::Request&, const node::Session&);

inline constexpr std::string_view kSessionCookie = "chancery_session";

/// Errors become problems.
http::Handler plain(Api& api, PlainRoute route);
/// On a worker thread, for what may wait.
http::Handler patient(Api& api, PlainRoute route);
/// The same for a logged-in caller, always on a worker thread. 401 without a session.
http::Handler signed_in(Api& api, SessionRoute route);

/// The session of `Authorization: Bearer` or of the cookie. With the cookie, a method that changes something needs an
/// Origin equal to Host: another site must not act for the member (kForbidden).
Result<node::SessionPointer> session_of(Api& api, const http::Request& request);
/// The token itself, for logout.
std::string session_token(const http::Request& request);

/// The Idempotency-Key that every session-signed write needs: 1 to 128 visible ASCII characters. kMalformed (400)
/// without one (draft-ietf-httpapi-idempotency-key-header-07 section 2.7).
Result<std::string> idempotency_key(const http::Request& request);
/// The entity tag of If-Match without quotes; empty when there is none or it is "*".
std::string if_match(const http::Request& request);
/// True when If-None-Match names this tag (RFC 9110 section 13.1.2).
bool if_none_match(const http::Request& request, std::string_view etag);
http::Response not_modified(std::string_view etag);

/// The body as JSON; kUnsupportedMediaType unless it says application/json.
Result<Json> json_body(const http::Request& request, std::size_t max_bytes = http::kDefaultBodyLimitBytes);
http::Response json_response(const Json& body, int status = 200);
/// 201 with Location, and what the signed write did in `transaction`.
http::Response written_response(Json body, const node::Submitted& submitted, int status,
                                std::string_view location = {});
/// "/v1/credentials/" + the id, percent-encoded.
std::string path_to(std::string_view prefix, std::string_view id);
std::string percent_encode(std::string_view text);

}  // namespace chancery::api
