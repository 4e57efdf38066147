// Any record of the state, with a proof of its existence or absence.

#include "api/decode_message.h"
#include "api/handlers.h"
#include "api/query_reader.h"
#include "api/routes/receipt_response.h"
#include "api/routes/routes.h"
#include "api/views.h"

namespace chancery::api {
namespace {

/// Keys are text as they stand; "hex:<digits>" for those that are not.
Result<Bytes> key_of(const std::string& text) {
  constexpr std::string_view kHex = "hex:";
  if (!text.starts_with(kHex)) return to_bytes(text);
  auto bytes = from_hex(std::string_view(text).substr(kHex.size()));
  if (!bytes || bytes->empty()) return fail(Reason::kMalformed, "The key is not hexadecimal.", "键不是十六进制数。");
  return std::move(*bytes);
}

/// ?height= (0: the head), ?proof=true gives a receipt instead: of existence or of absence.
Answer show(Api& api, const http::Request& request) {
  QueryReader query(request);
  const std::uint64_t height = query.number("height").value_or(0);
  const bool proof = query.flag("proof").value_or(false);
  if (height > api.ledger().head().height) query.refuse("height", "is in the future", "尚未到达");
  TRY(query.done());
  const std::string& contract = request.parameters.at(0);
  const std::string& collection = request.parameters.at(1);
  ASSIGN_OR_RETURN(const Bytes key, key_of(request.parameters.at(2)));
  if (contract.size() > 64 || collection.size() > 64 || key.size() > 1'024) {
    return fail(Reason::kNotFound, "No record has such a name.", "没有这样的记录。");
  }
  if (proof) {
    ASSIGN_OR_RETURN(const auto receipt, api.ledger().prove_record(contract, collection, key, height));
    return receipt_response(request, receipt, contract + "-" + collection);
  }
  ASSIGN_OR_RETURN(const auto record, api.ledger().record(contract, collection, key, height));
  if (!record.value) {
    return fail(Reason::kNotFound, "There is no such record; ?proof=true proves it.",
                "没有这条记录；加 ?proof=true 可取得不存在证明。");
  }
  const std::string etag =
      "\"" + to_hex(crypto::hash(api.node.genesis().suite->hash, *record.value)).substr(0, 32) + "\"";
  if (if_none_match(request, etag)) return not_modified(etag);
  Json body = {{"contract", contract},
               {"collection", collection},
               {"key", readable(key)},
               {"value", to_base64(*record.value)},
               {"height", record.height}};
  if (auto decoded = decode_record(contract, collection, *record.value)) body["decoded"] = std::move(*decoded);
  http::Response response = json_response(body);
  response.set("ETag", etag).set("Cache-Control", "no-cache");
  return response;
}

}  // namespace

void add_record_routes(http::Router& router, Api& api) {
  router.add({.method = "GET", .pattern = "/v1/records/{contract}/{collection}/{key}", .handler = plain(api, show)});
}

}  // namespace chancery::api
