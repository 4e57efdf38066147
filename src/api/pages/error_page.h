#pragma once

#include "api/http/response.h"
#include "base/result.h"

namespace chancery::api {

/// A refusal as a page: what happened, what to do, the trace id.
http::Response error_page(const http::Request& request, const Error& error, int status = 0);

}  // namespace chancery::api
