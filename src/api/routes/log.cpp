// Blocks, checkpoints, and the transparency log as C2SP tlog-tiles.

#include <algorithm>
#include <charconv>

#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/routes.h"
#include "api/views.h"

namespace chancery::api {
namespace {

Answer list_blocks(Api& api, const http::Request& request) {
  QueryReader query(request);
  const auto page = query.page();
  TRY(query.done());
  auto& model = api.services.read_model();
  ASSIGN_OR_RETURN(const auto found, model.blocks(page));
  return json_response(view_of_page(found, model.position()));
}

Answer show_block(Api& api, const http::Request& request) {
  const std::string& text = request.parameters.at(0);
  std::uint64_t height = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), height);
  if (text == "head") {
    height = api.ledger().head().height;
  } else if (error != std::errc() || end != text.data() + text.size()) {
    return fail(Reason::kNotFound, "A height is a whole number.", "区块高度是整数。");
  }
  ASSIGN_OR_RETURN(const auto block, api.ledger().block(height));
  http::Response response = json_response(view_of(block));
  if (text != "head") response.set("Cache-Control", "public, max-age=31536000, immutable");
  return response;
}

/// The last final checkpoint, as a signed note (C2SP tlog-checkpoint).
Answer checkpoint(Api& api, const http::Request&) {
  const auto head = api.ledger().head();
  if (head.checkpoint.empty()) return fail(Reason::kNotFound, "There is no block yet.", "尚无区块。");
  http::Response response(200, "text/plain; charset=utf-8", head.checkpoint);
  response.set("Cache-Control", "no-cache");
  return response;
}

/// C2SP tlog-tiles: tiles never change, so they may be kept for ever; entry bundles are gzip-less octets.
Answer tile(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const Bytes bytes, api.ledger().tile("tile/" + request.parameters.at(0)));
  http::Response response(200, "application/octet-stream", to_string(bytes));
  response.set("Cache-Control", "public, max-age=604800, immutable");
  return response;
}

Json base64_list(const std::vector<Digest>& hashes) {
  Json out = Json::array();
  for (const Digest& hash : hashes) out.push_back(to_base64(hash));
  return out;
}

/// RFC 9162 section 2.1.4.
Answer consistency(Api& api, const http::Request& request) {
  QueryReader query(request);
  const std::uint64_t from = query.required_number("from");
  const auto head = api.ledger().head();
  const std::uint64_t to = query.number("to").value_or(head.tree_size);
  if (to > head.tree_size) query.refuse("to", "is beyond the log", "超出日志长度");
  if (from == 0 || from > to) query.refuse("from", "must be 1 to the value of to", "须在 1 与 to 之间");
  TRY(query.done());
  ASSIGN_OR_RETURN(const auto proof, api.ledger().consistency_proof(from, to));
  return json_response({{"from", from}, {"to", to}, {"proof", base64_list(proof)}});
}

/// RFC 9162 section 2.1.3, for a leaf by index, in the tree of the head.
Answer inclusion(Api& api, const http::Request& request) {
  QueryReader query(request);
  const std::uint64_t index = query.required_number("index");
  if (index >= api.ledger().head().tree_size) query.refuse("index", "is beyond the log", "超出日志长度");
  TRY(query.done());
  ASSIGN_OR_RETURN(const auto receipt, api.ledger().receipt(index));
  return json_response({{"index", index},
                        {"entry", to_base64(receipt.entry)},
                        {"proof", base64_list(receipt.inclusion_proof)},
                        {"checkpoint", receipt.checkpoint}});
}

}  // namespace

void add_log_routes(http::Router& router, Api& api) {
  router.add({.method = "GET", .pattern = "/v1/blocks", .handler = patient(api, list_blocks)});
  router.add({.method = "GET", .pattern = "/v1/blocks/{height}", .handler = plain(api, show_block)});
  router.add({.method = "GET", .pattern = "/v1/checkpoint", .handler = plain(api, checkpoint)});
  router.add({.method = "GET", .pattern = "/log/checkpoint", .handler = plain(api, checkpoint)});
  router.add({.method = "GET", .pattern = "/log/tile/{path...}", .handler = plain(api, tile)});
  router.add({.method = "GET", .pattern = "/v1/log/consistency", .handler = plain(api, consistency)});
  router.add({.method = "GET", .pattern = "/v1/log/inclusion", .handler = plain(api, inclusion)});
}

}  // namespace chancery::api
