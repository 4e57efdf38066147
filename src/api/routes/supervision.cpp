// Rules of supervision, the alerts that this node derives from them, and who looked at personal data.

#include <google/protobuf/util/json_util.h>

#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/governance_requests.h"
#include "api/routes/receipt_response.h"
#include "api/routes/routes.h"
#include "api/time_text.h"
#include "contracts/supervision/contract.h"
#include "node/services/supervision.h"

namespace chancery::api {
namespace {

constexpr std::uint64_t kMostAlerts = 100;
constexpr std::uint64_t kUsualAlerts = 20;
constexpr std::uint64_t kMostLooks = 1'000;

Result<Json> view_of(const wire::SupervisionRule& rule) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(rule, &text, options).ok()) {
    return fail(Reason::kInternal, "a rule can't be shown");
  }
  return parse_json(text);
}

Json view_of(const node::Alert& alert) {
  const auto& finding = alert.finding;
  return {{"number", alert.number},
          {"rule", finding.rule},
          {"leaf_index", finding.leaf_index},
          {"height", finding.height},
          {"at", rfc3339(finding.time_ms)},
          {"call", finding.call},
          {"method", finding.method},
          {"account", finding.account},
          {"sentence_zh", finding.sentence_zh},
          {"sentence_en", finding.sentence_en},
          {"receipt", "/v1/supervision/alerts/" + std::to_string(alert.number) + "/receipt"}};
}

Answer rules(Api& api, const http::Request&) {
  Result<std::vector<wire::SupervisionRule>> found;
  TRY(api.ledger().with_context(
      "supervision", [&](ledger::Context& context) { found = contracts::supervision::read_rules(context); }));
  if (!found) return std::unexpected(found.error());
  Json items = Json::array();
  for (const wire::SupervisionRule& rule : *found) {
    ASSIGN_OR_RETURN(Json one, view_of(rule));
    items.push_back(std::move(one));
  }
  return json_response({{"items", std::move(items)}});
}

Result<node::Submitted> submit_supervision(Api& api, const http::Request& request, const node::Session& session,
                                           std::string_view method, const google::protobuf::Message& args) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  const std::vector<node::CallRequest> calls = {{"supervision", std::string(method), args.SerializeAsString()}};
  return api.services.submission().submit(session, calls, key);
}

Answer set_rule(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  wire::SetRule args;
  const auto parsed = google::protobuf::util::JsonStringToMessage(body.dump(), args.mutable_rule());
  if (!parsed.ok()) return fail(Reason::kInvalidValue, parsed.ToString(), "内容不是监管规则");
  ASSIGN_OR_RETURN(const auto submitted, submit_supervision(api, request, session, "set_rule", args));
  ASSIGN_OR_RETURN(Json rule, view_of(args.rule()));
  return written_response({{"rule", std::move(rule)}}, submitted, 200);
}

Answer retire_rule(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  wire::RetireRule args;
  args.set_id(request.parameters.at(0));
  ASSIGN_OR_RETURN(*args.mutable_reason(), reader.required_string("reason", 200, 1));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto submitted, submit_supervision(api, request, session, "retire_rule", args));
  return written_response({{"id", args.id()}}, submitted, 200);
}

http::Response confidential(const Json& body) {
  http::Response response = json_response(body);
  response.set("Cache-Control", "no-store");
  return response;
}

Answer alerts(Api& api, const http::Request& request, const node::Session& session) {
  TRY(node::require_overseer(api.ledger(), api.clock().now_ms(), session.account()));
  QueryReader query(request);
  const std::uint64_t before = query.number("before").value_or(0);
  const std::uint64_t limit = query.number("limit").value_or(kUsualAlerts);
  const std::string rule = query.text("rule", 64);
  if (limit == 0 || limit > kMostAlerts) query.refuse("limit", "is 1 to 100", "应为 1 至 100");
  TRY(query.done());
  const auto page = api.services.supervision().list(before, limit, rule);
  Json items = Json::array();
  for (const node::Alert& alert : page.items) items.push_back(view_of(alert));
  Json out = {
      {"items", std::move(items)}, {"total", page.total}, {"entries_evaluated", api.services.supervision().position()}};
  if (page.before != 0) out["before"] = page.before;
  return confidential(out);
}

Answer alert_receipt(Api& api, const http::Request& request, const node::Session& session) {
  TRY(node::require_overseer(api.ledger(), api.clock().now_ms(), session.account()));
  ASSIGN_OR_RETURN(const std::uint64_t number, number_in_path(request));
  ASSIGN_OR_RETURN(const node::Alert alert, api.services.supervision().find(number));
  ASSIGN_OR_RETURN(const auto receipt, api.ledger().receipt(alert.finding.leaf_index));
  return receipt_response(request, receipt, "alert-" + std::to_string(number));
}

/// Whoever reads the list of looks is listed there too.
Answer looks(Api& api, const http::Request& request, const node::Session& session) {
  TRY(node::require_overseer(api.ledger(), api.clock().now_ms(), session.account()));
  QueryReader query(request);
  const std::string subject = query.text("subject", 200);
  const std::uint64_t limit = query.number("limit").value_or(kUsualAlerts);
  if (limit == 0 || limit > kMostLooks) query.refuse("limit", "is 1 to 1000", "应为 1 至 1000");
  TRY(query.done());
  node::Access own;
  own.account = session.account();
  own.action = "read";
  own.subject = "access-log";
  own.purpose = "supervision";
  TRY(api.services.access_log().record(std::move(own)));
  ASSIGN_OR_RETURN(const auto found, api.services.access_log().list(subject, limit));
  Json items = Json::array();
  for (const node::Access& look : found) {
    items.push_back({{"at", rfc3339(look.time_ms)},
                     {"account", look.account},
                     {"action", look.action},
                     {"subject", look.subject},
                     {"purpose", look.purpose},
                     {"fields", look.fields}});
  }
  return confidential({{"items", std::move(items)}});
}

}  // namespace

void add_supervision_routes(http::Router& router, Api& api) {
  const std::string all = "/v1/supervision";
  router.add({.method = "GET", .pattern = all + "/rules", .handler = plain(api, rules)});
  router.add({.method = "POST", .pattern = all + "/rules", .handler = signed_in(api, set_rule)});
  router.add({.method = "POST", .pattern = all + "/rules/{id}/retire", .handler = signed_in(api, retire_rule)});
  router.add({.method = "GET", .pattern = all + "/alerts", .handler = signed_in(api, alerts)});
  router.add({.method = "GET", .pattern = all + "/alerts/{number}/receipt", .handler = signed_in(api, alert_receipt)});
  router.add({.method = "GET", .pattern = all + "/looks", .handler = signed_in(api, looks)});
}

}  // namespace chancery::api
