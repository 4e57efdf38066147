#pragma once

#include <string_view>

#include "api/http/response.h"
#include "ledger/receipt.h"

namespace chancery::api {

/// A receipt as JSON or, when the path ends in ".cbor" or Accept prefers it, as CBOR; with a file name for saving.
http::Response receipt_response(const http::Request& request, const ledger::Receipt& receipt, std::string_view name);

}  // namespace chancery::api
