// Health, figures, and what a newcomer has to know of the network.

#include <filesystem>

#include "api/handlers.h"
#include "api/node_figures.h"
#include "api/routes/routes.h"
#include "api/time_text.h"
#include "base/metrics.h"

namespace chancery::api {

NodeFigures node_figures(Api& api) {
  NodeFigures figures;
  const auto head = api.ledger().head();
  const auto position = api.services.read_model().position();
  const auto readiness = api.node.readiness();
  std::error_code ignored;
  figures.height = head.height;
  figures.tree_size = head.tree_size;
  figures.records = api.ledger().record_count();
  figures.read_model_behind_entries = head.tree_size > position.entries ? head.tree_size - position.entries : 0;
  figures.read_model_bytes = api.services.read_model().disk_bytes();
  figures.disk_free_bytes = std::filesystem::space(api.node.directory(), ignored).available;
  figures.event_streams = api.events.listeners();
  figures.ready = readiness.ready;
  figures.writable = readiness.writable;
  return figures;
}

namespace {

Answer livez(Api& api, const http::Request& request) {
  const auto readiness = api.node.readiness();
  if (readiness.live) return http::Response(200, "text/plain; charset=utf-8", "ok\n");
  const Error error = readiness.problems.empty() ? Error{Reason::kUnavailable, {}, {}} : readiness.problems.front();
  return problem(request, error, 503);
}

/// 503 with the reasons while reading or writing is not possible.
Answer readyz(Api& api, const http::Request& request) {
  const auto readiness = api.node.readiness();
  Json problems = Json::array();
  for (const Error& error : readiness.problems) problems.push_back(problem_body(request, error));
  return json_response({{"ready", readiness.ready}, {"writable", readiness.writable}, {"problems", problems}},
                       readiness.ready ? 200 : 503);
}

Answer show_metrics(Api& api, const http::Request&) {
  show_figures(node_figures(api));
  return http::Response(200, "text/plain; version=0.0.4; charset=utf-8", metrics().prometheus_text());
}

Json view_of_head(const ledger::Head& head) {
  return {{"height", head.height},
          {"time", rfc3339(head.time_ms)},
          {"tree_size", head.tree_size},
          {"state_root", to_hex(head.state_root)},
          {"history_root", to_hex(head.history_root)}};
}

Answer network(Api& api, const http::Request&) {
  const auto& genesis = api.node.genesis();
  Json algorithms = Json::array();
  for (const auto algorithm : genesis.parameters.algorithms) algorithms.push_back(crypto::to_string(algorithm));
  Json validators = Json::array();
  for (const auto& validator : genesis.validators) {
    validators.push_back({{"name", validator.name},
                          {"organisation", validator.organisation},
                          {"power", validator.power},
                          {"algorithm", crypto::to_string(validator.key.algorithm)},
                          {"public_key", to_hex(validator.key.bytes)},
                          {"log_key", to_hex(validator.log_key.bytes)}});
  }
  return json_response({{"name", genesis.name},
                        {"network_id", to_hex(genesis.network_id)},
                        {"origin", genesis.origin},
                        {"suite", genesis.document.value("suite", std::string())},
                        {"created_at", rfc3339(genesis.created_ms)},
                        {"protocol_version", ledger::kProtocolVersion},
                        {"window_ms", genesis.parameters.window_ms},
                        {"block_transactions", genesis.parameters.block_transactions},
                        {"block_wait_ms", genesis.parameters.block_wait_ms},
                        {"algorithms", algorithms},
                        {"validators", validators},
                        {"head", view_of_head(api.ledger().head())},
                        {"trust", "/v1/trust"},
                        {"checkpoint", "/log/checkpoint"}});
}

Answer trust(Api& api, const http::Request&) {
  http::Response response(200, "application/json", ledger::TrustFile::of(api.node.genesis()).to_json());
  response.set("Content-Disposition", "attachment; filename=\"trust.json\"");
  return response;
}

Answer status(Api& api, const http::Request&) {
  const auto figures = node_figures(api);
  const auto position = api.services.read_model().position();
  return json_response({{"head", view_of_head(api.ledger().head())},
                        {"records", figures.records},
                        {"ready", figures.ready},
                        {"writable", figures.writable},
                        {"read_model",
                         {{"height", position.height},
                          {"entries", position.entries},
                          {"behind_entries", figures.read_model_behind_entries},
                          {"behind_blocks", position.behind_blocks},
                          {"bytes", figures.read_model_bytes}}},
                        {"disk_free_bytes", figures.disk_free_bytes},
                        {"now", rfc3339(api.clock().now_ms())}});
}

}  // namespace

void add_operations_routes(http::Router& router, Api& api) {
  router.add({.method = "GET", .pattern = "/livez", .handler = plain(api, livez)});
  router.add({.method = "GET", .pattern = "/readyz", .handler = plain(api, readyz)});
  router.add({.method = "GET", .pattern = "/metrics", .handler = plain(api, show_metrics)});
  router.add({.method = "GET", .pattern = "/v1/network", .handler = plain(api, network)});
  router.add({.method = "GET", .pattern = "/v1/trust", .handler = plain(api, trust)});
  router.add({.method = "GET", .pattern = "/v1/status", .handler = plain(api, status)});
}

}  // namespace chancery::api
