#include "api/routes/identity_requests.h"

#include "api/routes/routes.h"
#include "api/time_text.h"

namespace chancery::api {

Result<node::Submitted> submit_identity(Api& api, const http::Request& request, const node::Session& session,
                                        std::string_view method, const google::protobuf::Message& args) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  std::vector<node::CallRequest> calls = {{"identity", std::string(method), args.SerializeAsString()}};
  return api.services.submission().submit(session, calls, key);
}

Result<std::int64_t> read_optional_time(JsonReader& reader, std::string_view name) {
  ASSIGN_OR_RETURN(const auto text, reader.optional_string(name, 40));
  if (!text) return 0;
  const auto time_ms = parse_time(*text);
  if (!time_ms) return reader.refuse(name, "must be a date or an RFC 3339 time");
  return *time_ms;
}

Result<wire::NewKey> read_new_key(JsonReader& reader) {
  wire::NewKey key;
  ASSIGN_OR_RETURN(const std::string algorithm, reader.required_string("algorithm", 32));
  const auto known = crypto::signature_algorithm_from_string(algorithm);
  if (!known) return reader.refuse("algorithm", "must be sm2-sm3, ed25519 or ecdsa-p256-sha256");
  ASSIGN_OR_RETURN(const Bytes bytes, reader.required_hex("public_key", 65));
  ASSIGN_OR_RETURN(const auto parsed, crypto::PublicKey::parse(*known, bytes));
  ASSIGN_OR_RETURN(const auto label, reader.optional_string("label", 64));
  ASSIGN_OR_RETURN(const auto not_before, read_optional_time(reader, "not_before"));
  ASSIGN_OR_RETURN(const auto not_after, read_optional_time(reader, "not_after"));
  TRY(reader.refuse_unknown_members());
  key.set_algorithm(static_cast<std::uint32_t>(*known));
  key.set_public_key(parsed.bytes.data(), parsed.bytes.size());
  key.set_label(label.value_or(""));
  key.set_not_before_ms(not_before);
  key.set_not_after_ms(not_after);
  return key;
}

void add_identity_routes(http::Router& router, Api& api) {
  add_organisation_routes(router, api);
  add_account_routes(router, api);
  add_key_routes(router, api);
  add_role_routes(router, api);
}

}  // namespace chancery::api
