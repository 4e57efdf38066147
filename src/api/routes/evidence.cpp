// Evidence: single deposits, custody, matters.

#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/as_of.h"
#include "api/routes/receipt_response.h"
#include "api/routes/routes.h"
#include "api/views.h"

namespace chancery::api {
namespace {

constexpr std::uint64_t kMaxSizeBytes = 1ULL << 50;

Result<std::optional<Digest>> optional_digest(JsonReader& reader, std::string_view name) {
  if (!reader.has(name)) return std::nullopt;
  ASSIGN_OR_RETURN(const Digest digest, reader.required_digest(name));
  return digest;
}

Answer list(Api& api, const http::Request& request) {
  QueryReader query(request);
  readmodel::EvidenceFilter filter;
  filter.number_prefix = query.text("number_prefix", 27);
  filter.matter = query.text("matter", 64);
  filter.organisation = query.text("organisation", 32);
  filter.phase = query.text("phase", 64);
  filter.digest = query.digest("digest");
  filter.batch = query.flag("batch");
  filter.deposited_from_ms = query.time_ms("from");
  filter.deposited_until_ms = query.time_ms("until");
  filter.text = query.text("text");
  const AsOf as_of = read_as_of(api, query);
  filter.as_of_height = as_of.height;
  filter.as_of_ms = as_of.time_ms;
  const auto page = query.page();
  TRY(query.done());
  auto& model = api.services.read_model();
  ASSIGN_OR_RETURN(const auto found, model.evidence(filter, page));
  return json_response(view_of_page(found, model.position()));
}

Answer matter(Api& api, const http::Request& request) {
  QueryReader query(request);
  readmodel::EvidenceFilter filter;
  filter.matter = request.parameters.at(0);
  const auto page = query.page();
  TRY(query.done());
  auto& model = api.services.read_model();
  ASSIGN_OR_RETURN(const auto found, model.evidence(filter, page));
  if (found.items.empty() && page.cursor.empty()) {
    return fail(Reason::kNotFound, "No evidence belongs to this matter.", "没有属于该案件的存证。");
  }
  Json body = view_of_page(found, model.position());
  body["matter"] = filter.matter;
  return json_response(body);
}

Answer show(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const auto view, api.services.evidence().view(request.parameters.at(0)));
  const std::string etag = "\"" + etag_of(view) + "\"";
  if (if_none_match(request, etag)) return not_modified(etag);
  http::Response response = json_response(view_of(view));
  response.set("ETag", etag).set("Cache-Control", "no-cache");
  return response;
}

Answer receipt(Api& api, const http::Request& request) {
  const std::string& number = request.parameters.at(0);
  ASSIGN_OR_RETURN(const auto proof, api.services.evidence().receipt(number));
  return receipt_response(request, proof, "evidence-" + percent_encode(number));
}

http::Response written(const node::EvidenceWritten& result, int status) {
  http::Response response = written_response({{"evidence", view_of(result.view)}}, result.submitted, status,
                                             status == 201 ? path_to("/v1/evidence/", result.number) : std::string());
  response.set("ETag", "\"" + etag_of(result.view) + "\"");
  return response;
}

Answer deposit(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  node::DepositRequest wanted;
  ASSIGN_OR_RETURN(wanted.sm3, optional_digest(reader, "sm3"));
  ASSIGN_OR_RETURN(wanted.sha256, optional_digest(reader, "sha256"));
  ASSIGN_OR_RETURN(const auto size, reader.optional_unsigned("size_bytes", kMaxSizeBytes));
  ASSIGN_OR_RETURN(const auto media_type, reader.optional_string("media_type", 100));
  ASSIGN_OR_RETURN(wanted.phase, reader.required_string("phase", 64, 1));
  ASSIGN_OR_RETURN(const auto number, reader.optional_string("matter", 64));
  ASSIGN_OR_RETURN(const auto previous, reader.optional_string("previous", 27));
  ASSIGN_OR_RETURN(const auto collector, reader.optional_string("collector", 64));
  ASSIGN_OR_RETURN(wanted.environment, optional_digest(reader, "environment"));
  ASSIGN_OR_RETURN(const auto memo, reader.optional_string("memo", 256));
  TRY(reader.refuse_unknown_members());
  if (!wanted.sm3 && !wanted.sha256) return reader.refuse("sm3", "or sha256 is required");
  wanted.size_bytes = size.value_or(0);
  wanted.media_type = media_type.value_or("");
  wanted.matter = number.value_or("");
  wanted.previous = previous.value_or("");
  wanted.collector = collector.value_or("");
  wanted.memo = memo.value_or("");
  ASSIGN_OR_RETURN(const auto result, api.services.evidence().deposit(session, wanted, key));
  return written(result, 201);
}

Answer transfer_custody(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const std::string to, reader.required_string("to", 65, 1));
  ASSIGN_OR_RETURN(const auto statement, optional_digest(reader, "statement"));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto result, api.services.evidence().transfer_custody(session, request.parameters.at(0), to,
                                                                               statement, if_match(request), key));
  return written(result, 200);
}

}  // namespace

void add_evidence_routes(http::Router& router, Api& api) {
  const std::string all = "/v1/evidence";
  router.add({.method = "GET", .pattern = all, .handler = patient(api, list)});
  router.add({.method = "POST", .pattern = all, .handler = signed_in(api, deposit)});
  router.add({.method = "GET", .pattern = all + "/{number}", .handler = plain(api, show)});
  router.add({.method = "POST", .pattern = all + "/{number}/custody", .handler = signed_in(api, transfer_custody)});
  router.add({.method = "GET", .pattern = all + "/{number}/receipt", .handler = plain(api, receipt)});
  router.add({.method = "GET", .pattern = all + "/{number}/receipt.json", .handler = plain(api, receipt)});
  router.add({.method = "GET", .pattern = all + "/{number}/receipt.cbor", .handler = plain(api, receipt)});
  router.add({.method = "GET", .pattern = "/v1/matters/{number}", .handler = patient(api, matter)});
}

}  // namespace chancery::api
