// Keys of accounts: added, exchanged, revoked at a height.

#include "api/routes/identity_requests.h"
#include "api/state_reader.h"
#include "api/views.h"

namespace chancery::api {
namespace {

Result<Bytes> key_id_of(const http::Request& request) {
  auto id = from_hex(request.parameters.at(1));
  if (!id || id->size() != crypto::KeyId{}.size()) {
    return fail(Reason::kNotFound, "A key id has 16 hexadecimal digits.", "密钥标识是 16 位十六进制数。");
  }
  return std::move(*id);
}

Answer written(Api& api, const http::Request& request, const node::Submitted& submitted, int status) {
  ASSIGN_OR_RETURN(const auto account, read_account(api, request.parameters.at(0)));
  return written_response({{"account", view_of(account)}}, submitted, status);
}

Answer add(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  wire::AddKey args;
  args.set_account(request.parameters.at(0));
  ASSIGN_OR_RETURN(*args.mutable_key(), read_new_key(reader));
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "add_key", args));
  return written(api, request, submitted, 201);
}

Answer rotate(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Bytes old_key, key_id_of(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(auto new_key, reader.required_object("new_key"));
  ASSIGN_OR_RETURN(const auto at, reader.optional_unsigned("revoke_at_height"));
  TRY(reader.refuse_unknown_members());
  wire::RotateKey args;
  args.set_account(request.parameters.at(0));
  args.set_old_key_id(old_key.data(), old_key.size());
  ASSIGN_OR_RETURN(*args.mutable_new_key(), read_new_key(new_key));
  args.set_revoke_at_height(at.value_or(0));
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "rotate_key", args));
  api.services.sessions().logout_account(args.account());
  return written(api, request, submitted, 200);
}

Answer revoke(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Bytes key_id, key_id_of(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const auto at, reader.optional_unsigned("at_height"));
  ASSIGN_OR_RETURN(const auto reason, reader.optional_string("reason", 64));
  TRY(reader.refuse_unknown_members());
  wire::RevokeKey args;
  args.set_account(request.parameters.at(0));
  args.set_key_id(key_id.data(), key_id.size());
  args.set_at_height(at.value_or(0));
  args.set_reason(reason.value_or("unspecified"));
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "revoke_key", args));
  if (args.at_height() == 0) api.services.sessions().logout_account(args.account());
  return written(api, request, submitted, 200);
}

}  // namespace

void add_key_routes(http::Router& router, Api& api) {
  const std::string all = "/v1/accounts/{id}/keys";
  router.add({.method = "POST", .pattern = all, .handler = signed_in(api, add)});
  router.add({.method = "POST", .pattern = all + "/{key_id}/rotate", .handler = signed_in(api, rotate)});
  router.add({.method = "POST", .pattern = all + "/{key_id}/revoke", .handler = signed_in(api, revoke)});
}

}  // namespace chancery::api
