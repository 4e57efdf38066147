#pragma once
// What the credential routes share: reading a request to issue, and the routes that touch personal data.

#include "api/api.h"
#include "api/http/router.h"
#include "base/json_reader.h"

namespace chancery::api {

inline constexpr std::size_t kIssueBodyLimitBytes = 128U << 10;
inline constexpr std::size_t kIssueManyBodyLimitBytes = 16U << 20;

/// With `new_version`, type, issuer and holder may be left out: as before.
Result<node::IssueRequest> read_issue(JsonReader& reader, bool new_version);

void add_personal_data_routes(http::Router& router, Api& api);

}  // namespace chancery::api
