// Accounts: what signs.

#include "api/query_reader.h"
#include "api/routes/identity_requests.h"
#include "api/state_reader.h"
#include "api/views.h"

namespace chancery::api {
namespace {

constexpr std::size_t kMaxKeysAtFirst = 8;

Answer list(Api& api, const http::Request& request) {
  QueryReader query(request);
  const std::string organisation = query.text("organisation", 32);
  const auto page = query.page();
  TRY(query.done());
  auto& model = api.services.read_model();
  ASSIGN_OR_RETURN(const auto found, model.accounts(organisation, page));
  return json_response(view_of_page(found, model.position()));
}

Answer show(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const auto account, read_account(api, request.parameters.at(0)));
  return json_response(view_of(account));
}

Answer written(Api& api, const std::string& id, const node::Submitted& submitted, int status) {
  ASSIGN_OR_RETURN(const auto account, read_account(api, id));
  return written_response({{"account", view_of(account)}}, submitted, status,
                          status == 201 ? path_to("/v1/accounts/", id) : std::string());
}

Result<wire::AccountKind> read_kind(JsonReader& reader) {
  ASSIGN_OR_RETURN(const std::string kind, reader.required_string("kind", 20));
  if (kind == "member") return wire::ACCOUNT_KIND_MEMBER;
  if (kind == "service") return wire::ACCOUNT_KIND_SERVICE;
  if (kind == "citizen") return wire::ACCOUNT_KIND_CITIZEN;
  if (kind == "legal_person") return wire::ACCOUNT_KIND_LEGAL_PERSON;
  return reader.refuse("kind", "must be member, service, citizen or legal_person");
}

/// With a passphrase the node makes the account's key and keeps it encrypted, for members who log in here.
Status add_kept_key(Api& api, const std::string& passphrase, wire::CreateAccount& args) {
  const auto algorithm = api.node.genesis().suite->signature;
  ASSIGN_OR_RETURN(const auto key, api.services.sessions().create_key(args.id(), passphrase, algorithm));
  auto* added = args.add_keys();
  added->set_algorithm(static_cast<std::uint32_t>(algorithm));
  added->set_public_key(key.bytes.data(), key.bytes.size());
  added->set_label("kept by the node");
  return {};
}

/// After these nobody knows yet what becomes of the transaction; the account's key must be there if it becomes final.
bool may_still_take_effect(const Error& error) {
  return error.reason == Reason::kTimeout || error.reason == Reason::kInFlight ||
         error.reason == Reason::kStorageFailed;
}

Result<wire::CreateAccount> read_account_request(JsonReader& reader) {
  wire::CreateAccount args;
  ASSIGN_OR_RETURN(*args.mutable_id(), reader.required_string("id", 64, 1));
  ASSIGN_OR_RETURN(const auto kind, read_kind(reader));
  ASSIGN_OR_RETURN(const auto organisation, reader.optional_string("organisation", 32));
  ASSIGN_OR_RETURN(const auto registrar, reader.optional_string("registrar", 32));
  ASSIGN_OR_RETURN(const auto assurance, reader.optional_unsigned("assurance", 4));
  ASSIGN_OR_RETURN(const auto commitments, reader.optional_strings("commitments", 16, 64));
  args.set_kind(kind);
  args.set_organisation(organisation.value_or(""));
  args.set_registrar(registrar.value_or(""));
  args.set_assurance(static_cast<std::uint32_t>(assurance.value_or(1)));
  for (const auto& text : commitments) {
    const auto digest = digest_from_hex(text);
    if (!digest) return reader.refuse("commitments", "must be hexadecimal, 32 bytes each");
    args.add_commitments(digest->data(), digest->size());
  }
  if (reader.has("keys")) {
    ASSIGN_OR_RETURN(auto keys, reader.required_objects("keys", kMaxKeysAtFirst));
    for (auto& each : keys) {
      ASSIGN_OR_RETURN(*args.add_keys(), read_new_key(each));
    }
  }
  return args;
}

Answer create(Api& api, const http::Request& request, const node::Session& session) {
  TRY(idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(auto args, read_account_request(reader));
  ASSIGN_OR_RETURN(const auto passphrase, reader.optional_string("passphrase", 1'024, 8));
  TRY(reader.refuse_unknown_members());
  if (passphrase.has_value() == (args.keys_size() > 0)) {
    return reader.refuse("keys", "or passphrase is required, not both");
  }
  if (passphrase) {
    // An account that exists must be refused before a key is made for it.
    if (read_account(api, args.id())) return fail(Reason::kAlreadyExists, "The account exists.", "账户已经存在。");
    TRY(add_kept_key(api, *passphrase, args));
  }
  const auto submitted = submit_identity(api, request, session, "create_account", args);
  if (!submitted) {
    if (passphrase && !may_still_take_effect(submitted.error())) {
      TRY(api.services.sessions().discard_key(args.id()));
    }
    return std::unexpected(submitted.error());
  }
  return written(api, args.id(), *submitted, 201);
}

Answer change_state(Api& api, const http::Request& request, const node::Session& session, bool suspend) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  wire::ChangeAccountState args;
  args.set_account(request.parameters.at(0));
  if (suspend) {
    ASSIGN_OR_RETURN(const std::string reason, reader.required_string("reason", 200, 1));
    args.set_reason(reason);
  }
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto submitted,
                   submit_identity(api, request, session, suspend ? "suspend_account" : "resume_account", args));
  if (suspend) api.services.sessions().logout_account(args.account());
  return written(api, args.account(), submitted, 200);
}

Answer suspend(Api& api, const http::Request& request, const node::Session& session) {
  return change_state(api, request, session, true);
}
Answer resume(Api& api, const http::Request& request, const node::Session& session) {
  return change_state(api, request, session, false);
}

}  // namespace

void add_account_routes(http::Router& router, Api& api) {
  const std::string all = "/v1/accounts";
  router.add({.method = "GET", .pattern = all, .handler = patient(api, list)});
  router.add({.method = "POST", .pattern = all, .handler = signed_in(api, create)});
  router.add({.method = "GET", .pattern = all + "/{id}", .handler = plain(api, show)});
  router.add({.method = "POST", .pattern = all + "/{id}/suspend", .handler = signed_in(api, suspend)});
  router.add({.method = "POST", .pattern = all + "/{id}/resume", .handler = signed_in(api, resume)});
}

}  // namespace chancery::api
