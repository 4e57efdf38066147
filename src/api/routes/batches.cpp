// Batches of digests under one signature, and the receipts of their items.

#include <charconv>

#include "api/handlers.h"
#include "api/piece_channel.h"
#include "api/query_reader.h"
#include "api/routes/routes.h"
#include "api/views.h"

namespace chancery::api {
namespace {

/// 1,000,000 digests of 32 bytes, and room for rounding.
constexpr std::size_t kDigestsBodyLimitBytes = 33U << 20;

/// The body is the digests, 32 bytes each; everything else about them is in the query.
Answer deposit(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const std::string key, idempotency_key(request));
  if (request.media_type() != "application/octet-stream") {
    return fail(Reason::kUnsupportedMediaType, "Send the digests as application/octet-stream, 32 bytes each.",
                "请以 application/octet-stream 提交摘要，每个 32 字节。");
  }
  QueryReader query(request);
  node::BatchRequest wanted;
  const std::string hash = query.text("hash", 10);
  if (!hash.empty()) wanted.hash = hash;
  wanted.size_bytes = query.number("size_bytes", 1ULL << 50).value_or(0);
  wanted.media_type = query.text("media_type", 100);
  wanted.phase = query.text("phase", 64);
  wanted.matter = query.text("matter", 64);
  wanted.previous = query.text("previous", 27);
  wanted.collector = query.text("collector", 64);
  wanted.environment = query.digest("environment");
  wanted.memo = query.text("memo", 256);
  if (wanted.phase.empty()) query.refuse("phase", "is required", "必须提供");
  if (wanted.hash != "sm3" && wanted.hash != "sha256") query.refuse("hash", "is sm3 or sha256", "只能是 sm3 或 sha256");
  TRY(query.done());
  ASSIGN_OR_RETURN(const auto result,
                   api.services.evidence().deposit_batch(session, wanted, as_bytes(request.body), key));
  return written_response({{"evidence", view_of(result.view)}}, result.submitted, 201,
                          path_to("/v1/evidence/batches/", result.number));
}

Answer show(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const auto view, api.services.evidence().view(request.parameters.at(0)));
  if (!view.batch_root) return fail(Reason::kNotFound, "This evidence is not a batch.", "该存证不是批量存证。");
  return json_response(view_of(view));
}

/// {item}: an index from 0, or a digest in hexadecimal.
Answer item_receipt(Api& api, const http::Request& request) {
  const std::string& number = request.parameters.at(0);
  const std::string& item = request.parameters.at(1);
  auto& desk = api.services.evidence();
  Result<std::string> receipt =
      fail(Reason::kNotFound, "An item is named by its index or its digest.", "批内条目以序号或摘要指明。");
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), index);
  if (const auto digest = digest_from_hex(item)) {
    receipt = desk.batch_item_receipt(number, *digest);
  } else if (error == std::errc() && end == item.data() + item.size()) {
    receipt = desk.batch_item_receipt(number, index);
  }
  if (!receipt) return std::unexpected(receipt.error());
  http::Response response(200, "application/json", std::move(*receipt));
  response.set("Content-Disposition", "attachment; filename=\"evidence-" + percent_encode(number) + "-" +
                                          percent_encode(item) + ".receipt.json\"");
  return response;
}

void stream_receipts(Api& api, const std::shared_ptr<const http::Request>& request, const http::Reply& reply) {
  const bool taken = api.workers.post([&api, request, reply] {
    const auto channel = std::make_shared<PieceChannel>();
    bool answered = false;
    const auto status = api.services.evidence().batch_receipts(request->parameters.at(0), [&](std::string_view piece) {
      if (!answered) {
        answered = true;
        http::Response response(200, "application/x-ndjson", {});
        response.stream = std::make_unique<PieceSource>(channel);
        reply.send(std::move(response));
      }
      return channel->push(piece);
    });
    channel->finish(status.has_value());
    if (!answered) reply.send(problem(*request, status ? Error{Reason::kNotFound, {}, {}} : status.error()));
  });
  if (!taken) reply.send(problem(*request, {Reason::kOverloaded, {}, {}}));
}

}  // namespace

void add_batch_routes(http::Router& router, Api& api) {
  const std::string all = "/v1/evidence/batches";
  router.add({.method = "POST",
              .pattern = all,
              .handler = signed_in(api, deposit),
              .body_limit_bytes = kDigestsBodyLimitBytes});
  router.add({.method = "GET", .pattern = all + "/{number}", .handler = plain(api, show)});
  router.add(
      {.method = "GET", .pattern = all + "/{number}/items/{item}/receipt", .handler = patient(api, item_receipt)});
  router.add({.method = "GET",
              .pattern = all + "/{number}/receipts",
              .handler = [&api](const std::shared_ptr<const http::Request>& request, const http::Reply& reply) {
                stream_receipts(api, request, reply);
              }});
}

}  // namespace chancery::api
