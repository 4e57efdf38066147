// Types of credentials and their schemas.

#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/routes.h"
#include "api/state_reader.h"
#include "api/views.h"

namespace chancery::api {
namespace {

constexpr std::size_t kTypeBodyLimitBytes = 160U << 10;  // a schema of 64 KiB, escaped

std::string_view scheme_name(wire::IdScheme scheme) {
  return scheme == wire::ID_SCHEME_GBT36904 ? "gbt36904" : "plain";
}

std::string_view retention_name(wire::RetentionClass retention) {
  switch (retention) {
    case wire::RETENTION_CLASS_30_YEARS:
      return "30_years";
    case wire::RETENTION_CLASS_10_YEARS:
      return "10_years";
    default:
      return "permanent";
  }
}

Json view_of_type(const wire::CredentialTypeVersion& version) {
  const auto& type = version.type();
  Json out = {{"id", type.id()},
              {"version", type.version()},
              {"name", names(type.name_zh(), type.name_en())},
              {"issuers", std::vector<std::string>(type.issuers().begin(), type.issuers().end())},
              {"schema_digest", to_hex(as_bytes(type.schema_digest()))},
              {"vct", type.vct()},
              {"id_scheme", scheme_name(type.id_scheme())},
              {"gbt_type_code", type.gbt_type_code()},
              {"retention", retention_name(type.retention())},
              {"max_validity_ms", type.validity().max_ms()},
              {"default_validity_ms", type.validity().default_ms()},
              {"closed", type.closed()},
              {"changed_height", type.changed_height()}};
  if (auto schema = parse_json(version.schema())) out["schema"] = std::move(*schema);
  return out;
}

Result<node::DefineTypeRequest> read_type(const Json& body, bool update, std::uint32_t& expected_version) {
  JsonReader reader(body);
  node::DefineTypeRequest type;
  if (!update) {
    ASSIGN_OR_RETURN(type.id, reader.required_string("id", 64, 2));
  } else {
    ASSIGN_OR_RETURN(const auto expected, reader.optional_unsigned("expected_version", 1U << 31));
    expected_version = static_cast<std::uint32_t>(expected.value_or(0));
  }
  ASSIGN_OR_RETURN(type.name_zh, reader.required_string("name_zh", 100, 1));
  ASSIGN_OR_RETURN(const auto name_en, reader.optional_string("name_en", 200));
  ASSIGN_OR_RETURN(type.issuers, reader.required_strings("issuers", 256, 32));
  if (const Json* schema = reader.optional_any("schema")) type.schema = canonical_json(*schema);
  if (!update && type.schema.empty()) return reader.refuse("schema", "is required");
  ASSIGN_OR_RETURN(const auto vct, reader.optional_string("vct", 200));
  ASSIGN_OR_RETURN(const auto scheme, reader.optional_string("id_scheme", 20));
  ASSIGN_OR_RETURN(const auto code, reader.optional_string("gbt_type_code", 21));
  ASSIGN_OR_RETURN(const auto retention, reader.optional_string("retention", 20));
  constexpr std::int64_t kLongest = 200LL * 366 * 24 * 3'600'000;
  ASSIGN_OR_RETURN(const auto max, reader.optional_integer("max_validity_ms", 0, kLongest));
  ASSIGN_OR_RETURN(const auto usual, reader.optional_integer("default_validity_ms", 0, kLongest));
  ASSIGN_OR_RETURN(type.closed, reader.optional_bool("closed", false));
  TRY(reader.refuse_unknown_members());
  type.name_en = name_en.value_or("");
  type.vct = vct.value_or("");
  type.id_scheme = scheme.value_or("plain");
  type.gbt_type_code = code.value_or("");
  type.retention = retention.value_or("permanent");
  type.max_validity_ms = max.value_or(0);
  type.default_validity_ms = usual.value_or(0);
  return type;
}

Answer list(Api& api, const http::Request& request) {
  QueryReader query(request);
  const std::string text = query.text("text");
  const auto page = query.page();
  TRY(query.done());
  auto& model = api.services.read_model();
  ASSIGN_OR_RETURN(const auto found, model.credential_types(text, page));
  return json_response(view_of_page(found, model.position()));
}

Answer show(Api& api, const http::Request& request) {
  QueryReader query(request);
  const auto version = query.number("version", 1U << 31);
  TRY(query.done());
  ASSIGN_OR_RETURN(const auto type, read_type_version(api, request.parameters.at(0), version.value_or(0)));
  return json_response(view_of_type(type));
}

Answer define(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request, kTypeBodyLimitBytes));
  std::uint32_t unused = 0;
  ASSIGN_OR_RETURN(const auto type, read_type(body, false, unused));
  ASSIGN_OR_RETURN(const auto submitted, api.services.credentials().define_type(session, type, key));
  return written_response({{"id", type.id}, {"version", 1}}, submitted, 201, path_to("/v1/credential-types/", type.id));
}

Answer update(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request, kTypeBodyLimitBytes));
  std::uint32_t expected_version = 0;
  ASSIGN_OR_RETURN(auto type, read_type(body, true, expected_version));
  type.id = request.parameters.at(0);
  ASSIGN_OR_RETURN(const auto submitted, api.services.credentials().update_type(session, type, expected_version, key));
  return written_response({{"id", type.id}}, submitted, 200);
}

}  // namespace

void add_type_routes(http::Router& router, Api& api) {
  const std::string all = "/v1/credential-types";
  router.add({.method = "GET", .pattern = all, .handler = patient(api, list)});
  router.add(
      {.method = "POST", .pattern = all, .handler = signed_in(api, define), .body_limit_bytes = kTypeBodyLimitBytes});
  router.add({.method = "GET", .pattern = all + "/{id}", .handler = plain(api, show)});
  router.add({.method = "PUT",
              .pattern = all + "/{id}",
              .handler = signed_in(api, update),
              .body_limit_bytes = kTypeBodyLimitBytes});
}

}  // namespace chancery::api
