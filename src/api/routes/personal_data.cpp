// Fields of credentials: for members of the issuing organisation, each look recorded with its purpose.

#include "api/handlers.h"
#include "api/routes/credential_requests.h"
#include "api/time_text.h"

namespace chancery::api {
namespace {

/// { fields: [names], purpose } and, for SD-JWT, holder_jwk.
struct Disclosure {
  std::vector<std::string> names;
  std::string purpose;
  Json holder_jwk;
};

Result<Disclosure> read_disclosure(const http::Request& request, bool with_holder_key) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  Disclosure out;
  ASSIGN_OR_RETURN(out.names, reader.optional_strings("fields", node::kMaxFields, 100));
  ASSIGN_OR_RETURN(out.purpose, reader.required_string("purpose", 200, 1));
  if (with_holder_key) {
    if (const Json* jwk = reader.optional_any("holder_jwk")) {
      if (!jwk->is_object()) return reader.refuse("holder_jwk", "must be an object");
      out.holder_jwk = *jwk;
    }
  }
  TRY(reader.refuse_unknown_members());
  return out;
}

http::Response confidential(const Json& body) {
  http::Response response = json_response(body);
  response.set("Cache-Control", "no-store");
  return response;
}

Answer disclose(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const auto wanted, read_disclosure(request, false));
  const std::string& id = request.parameters.at(0);
  ASSIGN_OR_RETURN(const auto fields, api.services.credentials().fields(session, id, wanted.names, wanted.purpose));
  Json out = Json::object();
  for (const auto& field : fields) out[field.name] = field.value;
  return confidential({{"id", id}, {"fields", std::move(out)}});
}

Answer annotations(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const auto wanted, read_disclosure(request, false));
  const std::string& id = request.parameters.at(0);
  ASSIGN_OR_RETURN(const auto texts, api.services.credentials().annotation_texts(session, id, wanted.purpose));
  Json out = Json::array();
  for (const auto& each : texts) out.push_back({{"commitment", to_hex(each.commitment)}, {"text", each.text}});
  return confidential({{"id", id}, {"annotations", std::move(out)}});
}

Answer field_proofs(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const auto wanted, read_disclosure(request, false));
  ASSIGN_OR_RETURN(const Json proofs, api.services.credentials().field_proofs(session, request.parameters.at(0),
                                                                              wanted.names, wanted.purpose));
  return confidential(proofs);
}

Answer sd_jwt(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const auto wanted, read_disclosure(request, true));
  ASSIGN_OR_RETURN(const std::string token,
                   api.services.credentials().sd_jwt(session, request.parameters.at(0), wanted.names, wanted.holder_jwk,
                                                     wanted.purpose));
  http::Response response(200, "application/dc+sd-jwt", token);
  response.set("Cache-Control", "no-store");
  return response;
}

Answer erase(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const auto wanted, read_disclosure(request, false));
  TRY(api.services.credentials().erase_fields(session, request.parameters.at(0), wanted.purpose));
  http::Response response;
  response.status = 204;
  return response;
}

Result<std::int64_t> optional_time(JsonReader& reader, std::string_view name) {
  ASSIGN_OR_RETURN(const auto text, reader.optional_string(name, 40));
  if (!text) return 0;
  const auto time_ms = parse_time(*text);
  if (!time_ms) return reader.refuse(name, "must be a date or an RFC 3339 time");
  return *time_ms;
}

}  // namespace

Result<node::IssueRequest> read_issue(JsonReader& reader, bool new_version) {
  node::IssueRequest out;
  ASSIGN_OR_RETURN(const auto type, reader.optional_string("type", 64, 1));
  if (!new_version && !type) return reader.refuse("type", "is required");
  ASSIGN_OR_RETURN(const auto id, reader.optional_string("id", 100, 1));
  ASSIGN_OR_RETURN(const auto issuer, reader.optional_string("issuer", 32, 1));
  ASSIGN_OR_RETURN(const Json* fields, reader.required_any("fields"));
  if (!fields->is_object()) return reader.refuse("fields", "must be an object");
  ASSIGN_OR_RETURN(const auto holder, reader.optional_string("holder_reference", 200, 1));
  ASSIGN_OR_RETURN(out.valid_from_ms, optional_time(reader, "valid_from"));
  ASSIGN_OR_RETURN(out.valid_until_ms, optional_time(reader, "valid_until"));
  ASSIGN_OR_RETURN(const auto memo, reader.optional_string("memo", 256));
  TRY(reader.refuse_unknown_members());
  out.type = type.value_or("");
  out.id = id.value_or("");
  out.issuer = issuer.value_or("");
  out.fields = *fields;
  out.holder_reference = holder.value_or("");
  out.memo = memo.value_or("");
  return out;
}

void add_personal_data_routes(http::Router& router, Api& api) {
  const std::string one = "/v1/credentials/{id}";
  router.add({.method = "POST", .pattern = one + "/fields", .handler = signed_in(api, disclose)});
  router.add({.method = "POST", .pattern = one + "/annotation-texts", .handler = signed_in(api, annotations)});
  router.add({.method = "POST", .pattern = one + "/field-proofs", .handler = signed_in(api, field_proofs)});
  router.add({.method = "POST", .pattern = one + "/sd-jwt", .handler = signed_in(api, sd_jwt)});
  router.add({.method = "POST", .pattern = one + "/erase-fields", .handler = signed_in(api, erase)});
}

}  // namespace chancery::api
