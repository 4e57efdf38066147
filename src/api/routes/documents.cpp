// The API document, as it was written and as JSON.

#include "api/embedded.h"
#include "api/handlers.h"
#include "api/openapi_document.h"
#include "api/routes/routes.h"

namespace chancery::api {
namespace {

http::Response document(std::string_view content_type, std::string_view content) {
  http::Response response(200, content_type, std::string(content));
  response.set("Cache-Control", "public, max-age=300");
  return response;
}

Answer yaml(Api&, const http::Request&) {
  return document("application/yaml; charset=utf-8", openapi_yaml());
}
Answer json(Api&, const http::Request&) {
  return document("application/json", openapi_json_text());
}

}  // namespace

void add_document_routes(http::Router& router, Api& api) {
  router.add({.method = "GET", .pattern = "/openapi.yaml", .handler = plain(api, yaml)});
  router.add({.method = "GET", .pattern = "/openapi.json", .handler = plain(api, json)});
}

}  // namespace chancery::api
