// Roles and delegations: who may act where, and for whom.

#include "api/routes/identity_requests.h"
#include "api/state_reader.h"
#include "api/views.h"

namespace chancery::api {
namespace {

Answer written(Api& api, const std::string& id, const node::Submitted& submitted, int status) {
  ASSIGN_OR_RETURN(const auto account, read_account(api, id));
  return written_response({{"account", view_of(account)}}, submitted, status);
}

Answer grant(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const std::string organisation, reader.required_string("organisation", 32));
  ASSIGN_OR_RETURN(const std::string role, reader.required_string("role", 32, 1));
  ASSIGN_OR_RETURN(const auto until_ms, read_optional_time(reader, "until"));
  TRY(reader.refuse_unknown_members());
  wire::GrantRole args;
  args.set_account(request.parameters.at(0));
  args.set_organisation(organisation);
  args.set_role(role);
  args.set_until_ms(until_ms);
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "grant_role", args));
  return written(api, args.account(), submitted, 201);
}

Answer revoke(Api& api, const http::Request& request, const node::Session& session) {
  wire::RevokeRole args;
  args.set_account(request.parameters.at(0));
  args.set_organisation(request.parameters.at(1));
  args.set_role(request.parameters.at(2));
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "revoke_role", args));
  return written(api, args.account(), submitted, 200);
}

Answer delegations(Api& api, const http::Request& request) {
  TRY(read_account(api, request.parameters.at(0)));
  ASSIGN_OR_RETURN(const auto found, read_delegations_to(api, request.parameters.at(0)));
  return json_response(view_of(found));
}

Answer written_delegation(Api& api, const std::string& to, const node::Submitted& submitted, int status) {
  ASSIGN_OR_RETURN(const auto found, read_delegations_to(api, to));
  return written_response({{"to", to}, {"delegations", view_of(found).at("items")}}, submitted, status);
}

/// The account in the path receives the rights of `from`, which is the caller unless named.
Answer delegate(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const auto from, reader.optional_string("from", 64));
  ASSIGN_OR_RETURN(const auto scope, reader.required_strings("scope", 16, 130));
  ASSIGN_OR_RETURN(const auto until_ms, read_optional_time(reader, "until"));
  if (until_ms == 0) return reader.refuse("until", "is required");
  TRY(reader.refuse_unknown_members());
  wire::Delegate args;
  args.set_from(from.value_or(session.account()));
  args.set_to(request.parameters.at(0));
  for (const auto& each : scope) args.add_scope(each);
  args.set_until_ms(until_ms);
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "delegate", args));
  return written_delegation(api, args.to(), submitted, 201);
}

Answer end_delegation(Api& api, const http::Request& request, const node::Session& session) {
  wire::RevokeDelegation args;
  args.set_to(request.parameters.at(0));
  args.set_from(request.parameters.at(1));
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "revoke_delegation", args));
  return written_delegation(api, args.to(), submitted, 200);
}

}  // namespace

void add_role_routes(http::Router& router, Api& api) {
  const std::string one = "/v1/accounts/{id}";
  router.add({.method = "POST", .pattern = one + "/roles", .handler = signed_in(api, grant)});
  router.add({.method = "DELETE", .pattern = one + "/roles/{organisation}/{role}", .handler = signed_in(api, revoke)});
  router.add({.method = "GET", .pattern = one + "/delegations", .handler = plain(api, delegations)});
  router.add({.method = "POST", .pattern = one + "/delegations", .handler = signed_in(api, delegate)});
  router.add({.method = "DELETE", .pattern = one + "/delegations/{from}", .handler = signed_in(api, end_delegation)});
}

}  // namespace chancery::api
