// Transactions that the client signed itself: alone and in batches; their results, receipts, and lists.

#include <algorithm>

#include "api/batch_codec.h"
#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/receipt_response.h"
#include "api/routes/routes.h"
#include "api/views.h"
#include "ledger/transaction.h"

namespace chancery::api {
namespace {

using SharedRequest = std::shared_ptr<const http::Request>;

/// ?until=received|ordered|final (final when absent); `Prefer: respond-async` means received (RFC 7240 section 4.1).
Result<node::Stage> wanted_stage(const http::Request& request) {
  QueryReader query(request);
  const std::string until = query.text("until", 20);
  TRY(query.done());
  if (until == "received") return node::Stage::kReceived;
  if (until == "ordered") return node::Stage::kOrdered;
  if (until == "final") return node::Stage::kFinal;
  if (!until.empty()) {
    return fail(Reason::kInvalidValue, "until is received, ordered or final.",
                "until 只能是 received、ordered 或 final。");
  }
  const bool async = request.header("prefer").find("respond-async") != std::string_view::npos;
  return async ? node::Stage::kReceived : node::Stage::kFinal;
}

void count(const std::vector<node::Outcome>& outcomes) {
  const auto refused = static_cast<std::uint64_t>(std::count_if(
      outcomes.begin(), outcomes.end(), [](const node::Outcome& outcome) { return outcome.error.has_value(); }));
  count_transactions("taken", outcomes.size() - refused);
  count_transactions("refused", refused);
}

http::Response single_answer(const http::Request& request, const node::Outcome& outcome) {
  if (outcome.error) {
    http::Response response = problem(request, *outcome.error);
    Json body = problem_body(request, *outcome.error);
    body["transaction"] = view_of(outcome);
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
  }
  http::Response response = json_response(view_of(outcome), outcome.stage == node::Stage::kFinal ? 200 : 202);
  response.set("Location", "/v1/transactions/" + to_hex(outcome.id));
  if (request.header("prefer").find("respond-async") != std::string_view::npos) {
    response.set("Preference-Applied", "respond-async");
  }
  return response;
}

Result<Bytes> single_transaction(const http::Request& request) {
  const std::string type = request.media_type();
  if (type == "application/x-protobuf" || type == "application/protobuf") return to_bytes(request.body);
  ASSIGN_OR_RETURN(const Json body, json_body(request, kBatchBodyLimitBytes));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(Bytes bytes, reader.required_base64("transaction", ledger::TransactionLimits{}.bytes));
  TRY(reader.refuse_unknown_members());
  return bytes;
}

void submit_one(Api& api, const SharedRequest& request, const http::Reply& reply) {
  auto stage = wanted_stage(*request);
  auto transaction = single_transaction(*request);
  if (!stage || !transaction) {
    reply.send(problem(*request, stage ? transaction.error() : stage.error()));
    return;
  }
  std::vector<Bytes> transactions;
  transactions.push_back(std::move(*transaction));
  api.node.submit(std::move(transactions), *stage, [request, reply](std::vector<node::Outcome> outcomes) {
    count(outcomes);
    reply.send(single_answer(*request, outcomes.front()));
  });
}

/// All of a batch were turned away because the node is busy or read-only: then the request as a whole was.
const Error* common_refusal(const std::vector<node::Outcome>& outcomes) {
  const auto& first = outcomes.front().error;
  if (!first || reason_text(first->reason).http_status != 503) return nullptr;
  const bool all = std::all_of(outcomes.begin(), outcomes.end(), [&](const node::Outcome& outcome) {
    return outcome.error && outcome.error->reason == first->reason;
  });
  return all ? &*first : nullptr;
}

void submit_binary_batch(Api& api, const SharedRequest& request, const http::Reply& reply, node::Stage stage) {
  auto transactions = decode_batch(request->body);
  if (!transactions) {
    reply.send(problem(*request, transactions.error()));
    return;
  }
  api.node.submit(std::move(*transactions), stage, [request, reply, stage](const std::vector<node::Outcome>& outcomes) {
    count(outcomes);
    if (const Error* error = common_refusal(outcomes)) return reply.send(problem(*request, *error));
    reply.send({stage == node::Stage::kFinal ? 200 : 202, "application/x-protobuf", encode_batch_result(outcomes)});
  });
}

Result<std::vector<Bytes>> json_batch(const http::Request& request) {
  ASSIGN_OR_RETURN(const Json body, json_body(request, kBatchBodyLimitBytes));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const auto texts,
                   reader.required_strings("transactions", kMaxBatchTransactions, std::size_t{512} << 10));
  TRY(reader.refuse_unknown_members());
  if (texts.empty()) return reader.refuse("transactions", "must not be empty");
  std::vector<Bytes> transactions;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto bytes = from_base64(texts[i]);
    if (!bytes) {
      return fail(Reason::kInvalidValue, "/transactions/" + std::to_string(i) + ": is not base64 (RFC 4648 section 4)");
    }
    transactions.push_back(std::move(*bytes));
  }
  return transactions;
}

void submit_batch(Api& api, const SharedRequest& request, const http::Reply& reply) {
  auto stage = wanted_stage(*request);
  if (!stage) return reply.send(problem(*request, stage.error()));
  const std::string type = request->media_type();
  if (type == "application/x-protobuf" || type == "application/protobuf") {
    return submit_binary_batch(api, request, reply, *stage);
  }
  auto transactions = json_batch(*request);
  if (!transactions) return reply.send(problem(*request, transactions.error()));
  api.node.submit(
      std::move(*transactions), *stage, [request, reply, stage](const std::vector<node::Outcome>& outcomes) {
        count(outcomes);
        if (const Error* error = common_refusal(outcomes)) return reply.send(problem(*request, *error));
        Json items = Json::array();
        for (const auto& outcome : outcomes) items.push_back(view_of(outcome));
        reply.send(json_response({{"outcomes", std::move(items)}}, *stage == node::Stage::kFinal ? 200 : 202));
      });
}

Result<Digest> id_of(const http::Request& request) {
  const auto id = digest_from_hex(request.parameters.at(0));
  if (!id) {
    return fail(Reason::kNotFound, "A transaction id has 64 hexadecimal digits.", "交易标识是 64 位十六进制数。");
  }
  return *id;
}

Answer show(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const Digest id, id_of(request));
  ASSIGN_OR_RETURN(const auto found, api.ledger().find_transaction(id));
  if (found) return json_response(view_of(found->entry, found->leaf_index, id));
  ASSIGN_OR_RETURN(const auto outcome, api.node.outcome(id));
  if (!outcome) return fail(Reason::kNotFound, "No such transaction is known here.", "本节点没有这笔交易。");
  return json_response(view_of(*outcome));
}

Answer receipt(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const Digest id, id_of(request));
  ASSIGN_OR_RETURN(const auto found, api.ledger().find_transaction(id));
  if (!found) return fail(Reason::kNotFound, "No such transaction is final.", "没有这笔已终局的交易。");
  ASSIGN_OR_RETURN(const auto proof, api.ledger().receipt(found->leaf_index));
  return receipt_response(request, proof, "transaction-" + to_hex(id).substr(0, 16));
}

Answer list(Api& api, const http::Request& request) {
  QueryReader query(request);
  readmodel::TransactionFilter filter;
  filter.account = query.text("account", 64);
  filter.call = query.text("call", 130);
  filter.height = query.number("height");
  filter.refused = query.flag("refused");
  filter.from_ms = query.time_ms("from");
  filter.until_ms = query.time_ms("until");
  filter.text = query.text("text");
  const auto page = query.page();
  TRY(query.done());
  auto& model = api.services.read_model();
  ASSIGN_OR_RETURN(const auto found, model.transactions(filter, page));
  return json_response(view_of_page(found, model.position()));
}

http::Handler submitting(Api& api, void (*route)(Api&, const SharedRequest&, const http::Reply&)) {
  return [&api, route](const SharedRequest& request, const http::Reply& reply) { route(api, request, reply); };
}

}  // namespace

void add_transaction_routes(http::Router& router, Api& api) {
  // A transaction of 256 KiB is 350 kB in base64.
  router.add({.method = "POST",
              .pattern = "/v1/transactions",
              .handler = submitting(api, submit_one),
              .body_limit_bytes = 512U << 10});
  router.add({.method = "POST",
              .pattern = "/v1/transactions/batch",
              .handler = submitting(api, submit_batch),
              .body_limit_bytes = kBatchBodyLimitBytes});
  router.add({.method = "GET", .pattern = "/v1/transactions", .handler = patient(api, list)});
  router.add({.method = "GET", .pattern = "/v1/transactions/{id}", .handler = plain(api, show)});
  for (const char* form : {"receipt", "receipt.json", "receipt.cbor"}) {
    router.add(
        {.method = "GET", .pattern = std::string("/v1/transactions/{id}/") + form, .handler = plain(api, receipt)});
  }
}

}  // namespace chancery::api
