// Organisations of the network.

#include "api/query_reader.h"
#include "api/routes/identity_requests.h"
#include "api/state_reader.h"
#include "api/views.h"

namespace chancery::api {
namespace {

Answer list(Api& api, const http::Request& request) {
  QueryReader query(request);
  const std::string text = query.text("text");
  const auto page = query.page();
  TRY(query.done());
  auto& model = api.services.read_model();
  ASSIGN_OR_RETURN(const auto found, model.organisations(text, page));
  return json_response(view_of_page(found, model.position()));
}

Answer show(Api& api, const http::Request& request) {
  ASSIGN_OR_RETURN(const auto organisation, read_organisation(api, request.parameters.at(0)));
  return json_response(view_of(organisation));
}

Answer written(Api& api, const std::string& id, const node::Submitted& submitted, int status) {
  ASSIGN_OR_RETURN(const auto organisation, read_organisation(api, id));
  return written_response({{"organisation", view_of(organisation)}}, submitted, status,
                          status == 201 ? path_to("/v1/organisations/", id) : std::string());
}

Answer create(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const std::string id, reader.required_string("id", 32, 2));
  ASSIGN_OR_RETURN(const std::string name_zh, reader.required_string("name_zh", 100, 1));
  ASSIGN_OR_RETURN(const auto name_en, reader.optional_string("name_en", 200));
  ASSIGN_OR_RETURN(const auto uscc, reader.optional_string("uscc", 18));
  TRY(reader.refuse_unknown_members());
  wire::CreateOrganisation args;
  args.set_id(id);
  args.set_name_zh(name_zh);
  args.set_name_en(name_en.value_or(""));
  args.set_uscc(uscc.value_or(""));
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "create_organisation", args));
  return written(api, id, submitted, 201);
}

Answer rename(Api& api, const http::Request& request, const node::Session& session) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  ASSIGN_OR_RETURN(const std::string name_zh, reader.required_string("name_zh", 100, 1));
  ASSIGN_OR_RETURN(const auto name_en, reader.optional_string("name_en", 200));
  TRY(reader.refuse_unknown_members());
  wire::UpdateOrganisation args;
  args.set_id(request.parameters.at(0));
  args.set_name_zh(name_zh);
  args.set_name_en(name_en.value_or(""));
  ASSIGN_OR_RETURN(const auto submitted, submit_identity(api, request, session, "update_organisation", args));
  return written(api, args.id(), submitted, 200);
}

Answer change_state(Api& api, const http::Request& request, const node::Session& session, bool suspend) {
  ASSIGN_OR_RETURN(const Json body, json_body(request));
  JsonReader reader(body);
  wire::ChangeOrganisationState args;
  args.set_id(request.parameters.at(0));
  if (suspend) {
    ASSIGN_OR_RETURN(const std::string reason, reader.required_string("reason", 200, 1));
    args.set_reason(reason);
  }
  TRY(reader.refuse_unknown_members());
  ASSIGN_OR_RETURN(
      const auto submitted,
      submit_identity(api, request, session, suspend ? "suspend_organisation" : "resume_organisation", args));
  return written(api, args.id(), submitted, 200);
}

Answer suspend(Api& api, const http::Request& request, const node::Session& session) {
  return change_state(api, request, session, true);
}
Answer resume(Api& api, const http::Request& request, const node::Session& session) {
  return change_state(api, request, session, false);
}

}  // namespace

void add_organisation_routes(http::Router& router, Api& api) {
  const std::string all = "/v1/organisations";
  router.add({.method = "GET", .pattern = all, .handler = patient(api, list)});
  router.add({.method = "POST", .pattern = all, .handler = signed_in(api, create)});
  router.add({.method = "GET", .pattern = all + "/{id}", .handler = plain(api, show)});
  router.add({.method = "PATCH", .pattern = all + "/{id}", .handler = signed_in(api, rename)});
  router.add({.method = "POST", .pattern = all + "/{id}/suspend", .handler = signed_in(api, suspend)});
  router.add({.method = "POST", .pattern = all + "/{id}/resume", .handler = signed_in(api, resume)});
}

}  // namespace chancery::api
