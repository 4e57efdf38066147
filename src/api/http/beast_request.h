#pragma once
// The one place where Beast's types meet ours; included by parse.cpp and server.cpp only (each costs 25 s to compile).

#include <boost/beast/core.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "api/http/request.h"

namespace chancery::api::http {

using BeastParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// Takes over method, target and fields of a parser whose header is complete.
Result<Request> request_from_head(const BeastParser& parser);

}  // namespace chancery::api::http
