// Proposals, the constitution, orders and appeals.

#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/governance_requests.h"
#include "api/routes/routes.h"
#include "api/views_governance.h"
#include "contracts/governance/words.h"

namespace chancery::api {
namespace {

constexpr std::uint64_t kMostProposals = 100;
constexpr std::uint64_t kUsualProposals = 20;

Answer constitution(Api& api, const http::Request&) {
  ASSIGN_OR_RETURN(const auto found, node::view_constitution(api.ledger()));
  return json_response(view_of(found));
}

Answer list(Api& api, const http::Request& request) {
  QueryReader query(request);
  const std::uint64_t before = query.number("before").value_or(0);
  const std::uint64_t limit = query.number("limit").value_or(kUsualProposals);
  if (limit == 0 || limit > kMostProposals) query.refuse("limit", "is 1 to 100", "应为 1 至 100");
  TRY(query.done());
  ASSIGN_OR_RETURN(const auto page, node::list_proposals(api.ledger(), before, limit));
  return json_response(view_of(page));
}

Answer show(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const std::uint64_t number, number_in_path(request));
  ASSIGN_OR_RETURN(const auto found, node::view_proposal(api.ledger(), number));
  return json_response(view_of(found));
}

Answer dry_run_of(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const std::uint64_t number, number_in_path(request));
  ASSIGN_OR_RETURN(const auto found, node::view_proposal(api.ledger(), number));
  ASSIGN_OR_RETURN(const auto run, node::dry_run(api.ledger(), found.proposal.action()));
  return json_response(view_of(run));
}

Answer dry_run(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const Json* action, reader.required_any("action"));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto parsed, action_from(*action));
  ASSIGN_OR_RETURN(const auto run, node::dry_run(api.ledger(), parsed));
  return json_response(view_of(run));
}

Answer written(Api& api, std::uint64_t number, const node::Submitted& submitted, int status) {
  ASSIGN_OR_RETURN(const auto found, node::view_proposal(api.ledger(), number));
  return written_response({{"proposal", view_of(found)}}, submitted, status,
                          status == 201 ? "/v1/proposals/" + std::to_string(number) : std::string());
}

Answer create(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  wire::CreateProposal args;
  ASSIGN_OR_RETURN(const Json* action, reader.required_any("action"));
  ASSIGN_OR_RETURN(*args.mutable_action(), action_from(*action));
  ASSIGN_OR_RETURN(*args.mutable_title(), reader.required_string("title", 100, 1));
  ASSIGN_OR_RETURN(*args.mutable_reason(), reader.required_string("reason", 1'000, 1));
  ASSIGN_OR_RETURN(const auto height, reader.optional_unsigned("not_before_height", (1ULL << 53U) - 1));
  args.set_not_before_height(height.value_or(0));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto submitted, submit_governance(api, request, session, "create", args));
  if (submitted.entry.outputs().empty()) return fail(Reason::kInternal, "the proposal has no number");
  return written(api, std::stoull(submitted.entry.outputs(0)), submitted, 201);
}

Answer vote(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::uint64_t number, number_in_path(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const std::string choice, reader.required_string("choice", 16, 1));
  const auto known = contracts::governance::choice_from(choice);
  if (!known) return reader.refuse("choice", "must be yes, no or abstain");
  TRY(reader.refuse_unknown_members());
  wire::CastVote args;
  args.set_proposal(number);
  args.set_choice(*known);
  ASSIGN_OR_RETURN(const auto submitted, submit_governance(api, request, session, "vote", args));
  return written(api, number, submitted, 200);
}

Answer end(Api& api, const http::Request& request, const node::Session& session, std::string_view method) {
  ASSIGN_OR_RETURN(const std::uint64_t number, number_in_path(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  wire::EndProposal args;
  args.set_proposal(number);
  ASSIGN_OR_RETURN(*args.mutable_reason(), reader.required_string("reason", 200, 1));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto submitted, submit_governance(api, request, session, method, args));
  return written(api, number, submitted, 200);
}

Answer withdraw(Api& api, const http::Request& request, const node::Session& session) {
  return end(api, request, session, "withdraw");
}
Answer veto(Api& api, const http::Request& request, const node::Session& session) {
  return end(api, request, session, "veto");
}

Answer execute(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::uint64_t number, number_in_path(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  TRY(JsonReader(body).refuse_unknown_members());
  wire::ExecuteProposal args;
  args.set_proposal(number);
  ASSIGN_OR_RETURN(const auto submitted, submit_governance(api, request, session, "execute", args));
  return written(api, number, submitted, 200);
}

Answer order(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const std::uint64_t number, number_in_path(request));
  ASSIGN_OR_RETURN(const auto found, node::view_order(api.ledger(), number));
  const auto head = api.ledger().head();
  return json_response(view_of(found, head.height, head.time_ms));
}

Answer appeal(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::uint64_t number, number_in_path(request));
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  wire::FileAppeal args;
  args.set_order(number);
  ASSIGN_OR_RETURN(const Digest digest, reader.required_digest("statement_digest"));
  args.set_statement_digest(to_string(digest));
  ASSIGN_OR_RETURN(*args.mutable_summary(), reader.required_string("summary", 200, 1));
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(const auto submitted, submit_governance(api, request, session, "appeal", args));
  ASSIGN_OR_RETURN(const auto found, node::view_order(api.ledger(), number));
  const auto head = api.ledger().head();
  return written_response({{"order", view_of(found, head.height, head.time_ms)}}, submitted, 201,
                          "/v1/freezes/" + std::to_string(number));
}

}  // namespace

Result<std::uint64_t> number_in_path(const http::Request& request) {
  const std::string& text = request.parameters.at(0);
  const bool digits = !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) return fail(Reason::kNotFound, "A number is expected here.", "此处应为编号。");
  return std::stoull(text);
}

Result<node::Submitted> submit_governance(Api& api, const http::Request& request, const node::Session& session,
                                          std::string_view method, const google::protobuf::Message& args) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  const std::vector<node::CallRequest> calls = {{"governance", std::string(method), args.SerializeAsString()}};
  return api.services.submission().submit(session, calls, key);
}

void add_governance_routes(http::Router& router, Api& api) {
  const std::string all = "/v1/proposals";
  router.add({.method = "GET", .pattern = "/v1/constitution", .handler = plain(api, constitution)});
  router.add({.method = "GET", .pattern = all, .handler = patient(api, list)});
  router.add({.method = "POST", .pattern = all, .handler = signed_in(api, create)});
  router.add({.method = "POST", .pattern = all + "/dry-run", .handler = patient(api, dry_run)});
  router.add({.method = "GET", .pattern = all + "/{number}", .handler = plain(api, show)});
  router.add({.method = "GET", .pattern = all + "/{number}/dry-run", .handler = patient(api, dry_run_of)});
  router.add({.method = "POST", .pattern = all + "/{number}/vote", .handler = signed_in(api, vote)});
  router.add({.method = "POST", .pattern = all + "/{number}/withdraw", .handler = signed_in(api, withdraw)});
  router.add({.method = "POST", .pattern = all + "/{number}/veto", .handler = signed_in(api, veto)});
  router.add({.method = "POST", .pattern = all + "/{number}/execute", .handler = signed_in(api, execute)});
  router.add({.method = "GET", .pattern = "/v1/freezes/{number}", .handler = plain(api, order)});
  router.add({.method = "POST", .pattern = "/v1/freezes/{number}/appeals", .handler = signed_in(api, appeal)});
}

}  // namespace chancery::api
