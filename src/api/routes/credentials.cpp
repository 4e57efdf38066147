// Credentials: public facts for everybody, issuing and changing for those who are logged in.

#include <algorithm>

#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/as_of.h"
#include "api/routes/credential_requests.h"
#include "api/routes/receipt_response.h"
#include "api/routes/routes.h"
#include "api/views.h"

namespace chancery::api {
namespace {

const std::string kAll = "/v1/credentials";

http::Response written(const node::CredentialWritten& result, int status) {
  http::Response response = written_response({{"credential", view_of(result.view)}}, result.submitted, status,
                                             status == 201 ? path_to("/v1/credentials/", result.id) : std::string());
  response.set("ETag", "\"" + etag_of(result.view) + "\"");
  return response;
}

Answer list_filtered(Api& api, const readmodel::CredentialFilter& filter, const readmodel::PageRequest& page) {
  auto& model = api.services.read_model();
  ASSIGN_OR_RETURN(const auto found, model.credentials(filter, page));
  return json_response(view_of_page(found, model.position()));
}

Answer list(Api& api, const http::Request& request) {
  QueryReader query(request);
  readmodel::CredentialFilter filter;
  filter.id_prefix = query.text("id_prefix", 100);
  filter.type = query.text("type", 64);
  filter.issuer = query.text("issuer", 32);
  filter.holder = query.digest("holder");
  filter.status = query.text("status", 20);
  filter.issued_from_ms = query.time_ms("issued_from");
  filter.issued_until_ms = query.time_ms("issued_until");
  filter.text = query.text("text");
  const AsOf as_of = read_as_of(api, query);
  filter.as_of_height = as_of.height;
  filter.as_of_ms = as_of.time_ms;
  const auto page = query.page();
  TRY(query.done());
  return list_filtered(api, filter, page);
}

/// By what identifies the holder to the issuer. In the body, since addresses end up in logs.
Answer search(Api& api, const http::Request& request, const node::Session&) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const std::string reference, reader.required_string("holder_reference", 200, 1));
  ASSIGN_OR_RETURN(const auto limit, reader.optional_unsigned("limit", readmodel::kMaxPageItems));
  ASSIGN_OR_RETURN(const auto cursor, reader.optional_string("cursor", 1'000));
  TRY(reader.refuse_unknown_members());
  if (limit == 0U) return reader.refuse("limit", "must be 1 to 100");
  readmodel::CredentialFilter filter;
  filter.holder = api.services.credentials().holder_commitment(reference);
  readmodel::PageRequest page;
  page.limit = static_cast<std::uint32_t>(limit.value_or(readmodel::kDefaultPageItems));
  page.cursor = cursor.value_or("");
  return list_filtered(api, filter, page);
}

Answer show(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const auto view, api.services.credentials().view(request.parameters.at(0)));
  const std::string etag = "\"" + etag_of(view) + "\"";
  if (if_none_match(request, etag)) return not_modified(etag);
  ASSIGN_OR_RETURN(const auto verdict, api.services.credentials().verdict(request.parameters.at(0)));
  Json body = view_of(view);
  body["verdict"] = view_of(verdict);
  http::Response response = json_response(body);
  response.set("ETag", etag).set("Cache-Control", "no-cache");
  return response;
}

Answer issue(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request, kIssueBodyLimitBytes));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const auto wanted, read_issue(reader, false));
  ASSIGN_OR_RETURN(const auto result, api.services.credentials().issue(session, wanted, key));
  return written(result, 201);
}

/// Up to 1,000 at once; each succeeds or fails for itself, in the order of the request.
Answer issue_many(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request, kIssueManyBodyLimitBytes));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(auto items, reader.required_objects("credentials", node::kMaxIssueMany));
  TRY(reader.refuse_unknown_members());
  if (items.empty()) return reader.refuse("credentials", "must not be empty");
  std::vector<node::IssueRequest> wanted;
  for (auto& item : items) {
    ASSIGN_OR_RETURN(auto each, read_issue(item, false));
    wanted.push_back(std::move(each));
  }
  Json results = Json::array();
  std::size_t issued = 0;
  std::optional<Error> first_refusal;
  for (const auto& result : api.services.credentials().issue_many(session, wanted, key)) {
    if (!result) {
      if (!first_refusal) first_refusal = result.error();
      results.push_back({{"problem", problem_body(request, result.error())}});
      continue;
    }
    ++issued;
    results.push_back({{"id", result->id},
                       {"transaction", to_hex(result->submitted.transaction_id)},
                       {"height", result->submitted.height},
                       {"leaf_index", result->submitted.leaf_index}});
  }
  const std::size_t failed = results.size() - issued;
  Json body_out = {{"issued", issued}, {"failed", failed}, {"results", std::move(results)}};
  if (issued > 0 || !first_refusal) return json_response(body_out);
  // Nothing was done: the request as a whole is refused, for the first reason.
  body_out.update(problem_body(request, *first_refusal));
  http::Response response = problem(request, *first_refusal);
  response.body = body_out.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

Answer annotate(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const std::string text, reader.required_string("text", 2'000, 1));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto result, api.services.credentials().annotate(session, request.parameters.at(0), text,
                                                                          if_match(request), key));
  return written(result, 200);
}

Answer new_version(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request, kIssueBodyLimitBytes));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const auto wanted, read_issue(reader, true));
  ASSIGN_OR_RETURN(const auto result, api.services.credentials().new_version(session, request.parameters.at(0), wanted,
                                                                             if_match(request), key));
  return written(result, 201);
}

using Change = Result<node::CredentialWritten> (node::CredentialDesk::*)(const node::Session&, std::string_view,
                                                                         std::string_view, std::string_view,
                                                                         std::string_view);

Answer change_status(Api& api, const http::Request& request, const node::Session& session, Change change) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const auto reason, reader.optional_string("reason", 64));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto result,
                   (api.services.credentials().*change)(session, request.parameters.at(0),
                                                        reason.value_or("unspecified"), if_match(request), key));
  return written(result, 200);
}

Answer suspend(Api& api, const http::Request& request, const node::Session& session) {
  return change_status(api, request, session, &node::CredentialDesk::suspend);
}
Answer resume(Api& api, const http::Request& request, const node::Session& session) {
  return change_status(api, request, session, &node::CredentialDesk::resume);
}
Answer revoke(Api& api, const http::Request& request, const node::Session& session) {
  return change_status(api, request, session, &node::CredentialDesk::revoke);
}

/// What no identifier scheme could give out is no credential's id, and nothing to prove.
Result<std::string> well_formed_id(const http::Request& request) {
  const std::string& id = request.parameters.at(0);
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  if (id.size() > 100 || !std::all_of(id.begin(), id.end(), allowed)) {
    return fail(Reason::kNotFound, "This is not the number of a credential.", "这不是证照编号。");
  }
  return id;
}

/// The record at the head, proven; also of an id that has none: that is proven too.
Answer receipt(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const std::string id, well_formed_id(request));
  ASSIGN_OR_RETURN(const auto proof, api.services.credentials().receipt(id));
  return receipt_response(request, proof, "credential-" + percent_encode(id));
}

/// ?at=<height or date>; now when absent. The record proof lets anybody check the answer offline.
Answer status(Api& api, const http::Request& request) {
  const std::string& id = request.parameters.at(0);
  QueryReader query(request);
  const std::string at = query.text("at", 40);
  const bool number = !at.empty() && at.find_first_not_of("0123456789") == std::string::npos;
  const auto height = number ? query.number("at") : std::nullopt;
  const auto time_ms = number || at.empty() ? std::nullopt : query.time_ms("at");
  TRY(query.done());
  auto& desk = api.services.credentials();
  const auto head = api.ledger().head();
  ASSIGN_OR_RETURN(const auto answer, time_ms  ? desk.status_at_time(id, *time_ms)
                                      : height ? desk.status_at_height(id, *height)
                                               : desk.status_at_height(id, head.height));
  ASSIGN_OR_RETURN(const auto proof, desk.receipt(id));
  Json body = view_of(answer);
  body["id"] = id;
  ASSIGN_OR_RETURN(body["receipt"], parse_json(proof.to_json(), {.max_bytes = ledger::kReceiptLimitBytes}));
  return json_response(body);
}

Answer history(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const auto view, api.services.credentials().view(request.parameters.at(0)));
  const Json full = view_of(view);
  return json_response({{"id", view.id},
                        {"issued_height", view.issued_height},
                        {"issued_at", full.at("issued_at")},
                        {"changes", full.at("changes")},
                        {"annotations", full.at("annotations")},
                        {"previous", view.previous},
                        {"next", view.next},
                        {"height", view.height}});
}

}  // namespace

void add_credential_routes(http::Router& router, Api& api) {
  router.add({.method = "GET", .pattern = kAll, .handler = patient(api, list)});
  router.add(
      {.method = "POST", .pattern = kAll, .handler = signed_in(api, issue), .body_limit_bytes = kIssueBodyLimitBytes});
  router.add({.method = "POST",
              .pattern = kAll + "/batch",
              .handler = signed_in(api, issue_many),
              .body_limit_bytes = kIssueManyBodyLimitBytes});
  router.add({.method = "POST", .pattern = kAll + "/search", .handler = signed_in(api, search)});
  router.add({.method = "GET", .pattern = kAll + "/{id}", .handler = plain(api, show)});
  router.add({.method = "GET", .pattern = kAll + "/{id}/receipt", .handler = plain(api, receipt)});
  router.add({.method = "GET", .pattern = kAll + "/{id}/receipt.json", .handler = plain(api, receipt)});
  router.add({.method = "GET", .pattern = kAll + "/{id}/receipt.cbor", .handler = plain(api, receipt)});
  router.add({.method = "GET", .pattern = kAll + "/{id}/status", .handler = plain(api, status)});
  router.add({.method = "GET", .pattern = kAll + "/{id}/history", .handler = plain(api, history)});
  router.add({.method = "POST", .pattern = kAll + "/{id}/annotate", .handler = signed_in(api, annotate)});
  router.add({.method = "POST",
              .pattern = kAll + "/{id}/new-version",
              .handler = signed_in(api, new_version),
              .body_limit_bytes = kIssueBodyLimitBytes});
  router.add({.method = "POST", .pattern = kAll + "/{id}/suspend", .handler = signed_in(api, suspend)});
  router.add({.method = "POST", .pattern = kAll + "/{id}/resume", .handler = signed_in(api, resume)});
  router.add({.method = "POST", .pattern = kAll + "/{id}/revoke", .handler = signed_in(api, revoke)});
  add_personal_data_routes(router, api);
}

}  // namespace chancery::api
