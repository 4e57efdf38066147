#include "api/routes/receipt_response.h"

namespace chancery::api {

http::Response receipt_response(const http::Request& request, const ledger::Receipt& receipt, std::string_view name) {
  const std::string_view path = request.path();
  const std::string_view accept = request.header("accept");
  const bool cbor =
      path.ends_with(".cbor") || (!path.ends_with(".json") && http::accepted_quality(accept, "application/cbor") >
                                                                  http::accepted_quality(accept, "application/json"));
  http::Response response = cbor ? http::Response(200, "application/cbor", to_string(receipt.to_cbor()))
                                 : http::Response(200, "application/json", receipt.to_json());
  response.set("Content-Disposition",
               "attachment; filename=\"" + std::string(name) + (cbor ? ".receipt.cbor" : ".receipt.json") + "\"");
  response.set("Vary", "Accept");
  return response;
}

}  // namespace chancery::api
