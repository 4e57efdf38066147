// Pages of organisations and of types of credentials.

#include "api/pages/page.h"
#include "api/pages/pages.h"
#include "api/state_reader.h"
#include "api/views.h"

namespace chancery::api {

using html::el;
using html::Markup;

Answer organisation_page(Api& api, const http::Request& request) {
  const std::string& id = request.parameters.at(0);
  const auto found = read_organisation(api, id);
  if (const auto stem = json_stem(id); !found && stem) return see_other(path_to("/v1/organisations/", *stem));
  if (!found) return std::unexpected(found.error());
  const Words words(request);
  Page page;
  page.title = words.choose(found->name_zh(), found->name_en());
  page.json_twin = path_to("/v1/organisations/", id);
  page.body = el("h1", {page.title});
  page.body += facts({{words(Text::kOrganisationId), code(id)},
                      {words(Text::kUscc), code(found->uscc())},
                      {words(Text::kStatus), words(found->suspended() ? Text::kSuspendedState : Text::kActive)},
                      {words(Text::kReason), found->suspension_reason()}});
  ASSIGN_OR_RETURN(const auto accounts, api.services.read_model().accounts(id, {.limit = 100, .cursor = {}}));
  page.body += el("h2", {words(Text::kMembers)});
  std::vector<std::vector<Markup>> rows;
  for (const auto& account : accounts.items) {
    rows.push_back({html::link(path_to("/record/identity/account/", account.id), account.id), account.kind,
                    words(account.state == "active" ? Text::kActive : Text::kSuspendedState)});
  }
  page.body += rows.empty() ? el("p", {{"class", "empty"}}, {words(Text::kNoMembers)})
                            : table(words(Text::kMembers),
                                    {words(Text::kAccount), words(Text::kKind), words(Text::kStatus)}, rows);
  return render(request, page);
}

Answer type_page(Api& api, const http::Request& request) {
  const std::string& id = request.parameters.at(0);
  const auto found = read_type_version(api, id, 0);
  if (const auto stem = json_stem(id); !found && stem) return see_other(path_to("/v1/credential-types/", *stem));
  if (!found) return std::unexpected(found.error());
  const Words words(request);
  const auto& type = found->type();
  Page page;
  page.title = words.choose(type.name_zh(), type.name_en());
  page.json_twin = path_to("/v1/credential-types/", id);
  page.body = el("h1", {page.title});
  std::vector<Markup> issuers;
  for (const auto& issuer : type.issuers()) {
    const auto names = organisation_names(api, issuer);
    issuers.push_back(organisation_link(issuer, words.choose(names.zh, names.en)));
  }
  page.body +=
      facts({{words(Text::kType), code(id)},
             {words(Text::kVersion), std::to_string(type.version())},
             {words(Text::kIssuers), html::join(issuers, words.chinese() ? "、" : ", ")},
             {words(Text::kStatus), type.closed() ? Markup(words(Text::kClosed)) : Markup(words(Text::kActive))},
             {words(Text::kBlock), block_link(type.changed_height())}});
  page.body += el("h2", {words(Text::kSchema)});
  const auto schema = parse_json(found->schema());
  page.body += el("pre", {{"tabindex", "0"}}, {schema ? schema->dump(2) : found->schema()});
  return render(request, page);
}

}  // namespace chancery::api
