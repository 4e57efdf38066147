#pragma once
// What the routes of organisations and accounts share.

#include "api/handlers.h"
#include "contracts/identity.pb.h"

namespace chancery::api {

/// One identity call, signed by the session and final.
Result<node::Submitted> submit_identity(Api& api, const http::Request& request, const node::Session& session,
                                        std::string_view method, const google::protobuf::Message& args);

/// { algorithm, public_key, label, not_before, not_after }
Result<wire::NewKey> read_new_key(JsonReader& reader);
/// A date or RFC 3339 time; 0 when absent.
Result<std::int64_t> read_optional_time(JsonReader& reader, std::string_view name);

void add_organisation_routes(http::Router& router, Api& api);
void add_account_routes(http::Router& router, Api& api);
void add_key_routes(http::Router& router, Api& api);
void add_role_routes(http::Router& router, Api& api);

}  // namespace chancery::api
