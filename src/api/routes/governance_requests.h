#pragma once
// What the routes and pages of proposals share.

#include <google/protobuf/message.h>

#include "api/handlers.h"

namespace chancery::api {

/// The first parameter of the path as a number; kNotFound when it is none.
Result<std::uint64_t> number_in_path(const http::Request& request);

/// One governance call, signed by the session and final.
Result<node::Submitted> submit_governance(Api& api, const http::Request& request, const node::Session& session,
                                          std::string_view method, const google::protobuf::Message& args);

}  // namespace chancery::api
