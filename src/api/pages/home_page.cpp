// The first page, and the one box that finds everything.

#include <algorithm>

#include "api/pages/page.h"
#include "api/pages/pages.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

constexpr std::uint32_t kBlocksShown = 8;

Markup latest_blocks(Api& api, const Words& words) {
  Markup out = el("h2", {words(Text::kLatestBlocks)});
  std::vector<std::vector<Markup>> rows;
  const std::uint64_t head = api.ledger().head().height;
  for (std::uint64_t height = head; height > 0 && rows.size() < kBlocksShown; --height) {
    const auto block = api.ledger().block(height);
    if (!block) break;
    rows.push_back(
        {block_link(height), words.time(block->header().time_ms()), std::to_string(block->header().count())});
  }
  if (rows.empty()) return out += el("p", {{"class", "empty"}}, {words(Text::kNoBlocks)});
  out += table(words(Text::kLatestBlocks), {words(Text::kBlock), words(Text::kTime), words(Text::kTransactionCount)},
               rows);
  return out += el("p", {html::link("/v1/blocks", words(Text::kAllBlocks))});
}

Markup try_it(const http::Request& request, const Words& words) {
  const std::string follow = "curl -N " + std::string(request.header("host")) + "/v1/events?from=1";
  return el("section", {el("h2", {words(Text::kTryTitle)}),
                        el("ul", {el("li", {words(Text::kTryVerify), " ", html::link("/verify", words(Text::kVerify))}),
                                  el("li", {words(Text::kTryApi), " ", html::link("/docs", words(Text::kDocs))}),
                                  el("li", {words(Text::kTryEvents), " ", code(follow)})})});
}

Markup network(Api& api, const Words& words) {
  const auto& genesis = api.node.genesis();
  return el("section", {el("h2", {words(Text::kNetworkTitle)}),
                        facts({{words(Text::kFooterNetwork), genesis.name},
                               {words(Text::kNetworkId), code(to_hex(genesis.network_id))},
                               {words(Text::kSuite), genesis.suite->name},
                               {words(Text::kEntries), std::to_string(api.ledger().head().tree_size)},
                               {words(Text::kRecords), std::to_string(api.ledger().record_count())}}),
                        el("p", {html::link("/v1/trust", words(Text::kTrustFile))})});
}

/// A QR code holds the address of a page: what is behind the host counts.
std::string without_host(std::string text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::size_t slash = text.find('/', scheme.size());
    return slash == std::string::npos ? "/" : text.substr(slash);
  }
  return text;
}

std::string trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

/// The page that `wanted` names; empty when the ledger has nothing of that name.
Result<std::string> find(Api& api, const std::string& wanted) {
  if (wanted.starts_with("/credential/") || wanted.starts_with("/evidence/") || wanted.starts_with("/transaction/") ||
      wanted.starts_with("/block/") || wanted.starts_with("/record/") || wanted.starts_with("/organisation/")) {
    const auto target = http::Target::parse(wanted);
    if (!target) return std::string();
    std::string address;
    for (const auto& segment : target->segments) address += path_to("/", segment);
    return address;
  }
  const bool number =
      !wanted.empty() && wanted.size() < 16 && wanted.find_first_not_of("0123456789") == std::string::npos;
  if (number && std::stoull(wanted) <= api.ledger().head().height && std::stoull(wanted) > 0) return "/block/" + wanted;
  if (const auto digest = digest_from_hex(wanted)) {
    ASSIGN_OR_RETURN(const auto transaction, api.node.outcome(*digest));
    if (transaction) return "/transaction/" + to_hex(*digest);
    readmodel::EvidenceFilter filter;
    filter.digest = *digest;
    ASSIGN_OR_RETURN(const auto evidence, api.services.read_model().evidence(filter, {.limit = 1, .cursor = {}}));
    if (!evidence.items.empty()) return path_to("/evidence/", evidence.items.front().number);
    return std::string();
  }
  if (api.services.evidence().view(wanted)) return path_to("/evidence/", wanted);
  if (api.services.credentials().view(wanted)) return path_to("/credential/", wanted);
  ASSIGN_OR_RETURN(const auto organisation, api.ledger().record("identity", "organisation", as_bytes(wanted)));
  if (organisation.value) return path_to("/organisation/", wanted);
  return std::string();
}

}  // namespace

Answer home_page(Api& api, const http::Request& request) {
  const Words words(request);
  Page page;
  page.title = words(Text::kSiteName);
  page.json_twin = "/v1/status";
  page.body = el("div", {{"class", "hero"}},
                 {el("h1", {words(Text::kHomeTitle)}), el("p", {{"class", "lead"}}, {words(Text::kHomeLead)}),
                  search_form(words, "")});
  page.body += el("section", {latest_blocks(api, words)});
  page.body += try_it(request, words);
  page.body += network(api, words);
  return render(request, page);
}

Answer search_page(Api& api, const http::Request& request) {
  const Words words(request);
  const std::string query(request.query("q").value_or(""));
  const std::string wanted = without_host(trimmed(query));
  std::string address;
  if (!wanted.empty() && wanted.size() <= 500) {
    ASSIGN_OR_RETURN(address, find(api, wanted));
  }
  if (!address.empty()) {
    if (request.query("lang")) address += words.chinese() ? "?lang=zh" : "?lang=en";
    return see_other(address);
  }
  Page page;
  page.title = words(Text::kSearchNothingTitle);
  page.body = el("h1", {page.title});
  page.body += el("p", {{"class", "lead"}, {"role", "status"}},
                  {words(wanted.empty() ? Text::kSearchEmpty : Text::kSearchNothing)});
  page.body += search_form(words, query);
  return render(request, page, wanted.empty() ? 400 : 404);
}

}  // namespace chancery::api
