// The page behind the QR code of a certificate: one word, who says so, since when, and why to believe it.

#include "api/pages/page.h"
#include "api/pages/pages.h"
#include "api/pages/proof_section.h"
#include "api/views.h"
#include "contracts/credential/words.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

std::vector<Markup> verdict_lines(const Words& words, const node::Verdict& verdict) {
  std::vector<Markup> lines;
  if (verdict.since_ms != 0) lines.emplace_back(words(Text::kVerdictSince, {words.time(verdict.since_ms)}));
  const std::string& by = words.choose(verdict.by_zh, verdict.by_en);
  if (!by.empty()) lines.emplace_back(el("strong", {by}));
  lines.emplace_back(
      words(Text::kVerdictCheckedAt, {std::to_string(verdict.checked_height), words.time(verdict.checked_ms)}));
  return lines;
}

std::string validity(const Words& words, const node::CredentialView& view) {
  if (view.valid_until_ms == 0) return words(Text::kValidFromOn, {words.day(view.valid_from_ms)});
  return words(Text::kValidFromUntil, {words.day(view.valid_from_ms), words.time(view.valid_until_ms)});
}

std::string status_word(const Words& words, const std::string& code) {
  for (const auto& status : contracts::credential::all_status_words()) {
    if (status.code == code) return std::string(words.chinese() ? status.zh : status.en);
  }
  return code;
}

Markup history(const Words& words, const node::CredentialView& view) {
  Markup out = el("h2", {words(Text::kHistory)});
  if (view.changes.empty()) return out += el("p", {{"class", "empty"}}, {words(Text::kNoHistory)});
  std::vector<std::vector<Markup>> rows;
  for (const auto& change : view.changes) {
    rows.push_back({words.time(change.time_ms), status_word(words, change.status),
                    words.choose(change.reason_zh, change.reason_en), change.actor, block_link(change.height)});
  }
  return out += table(
             words(Text::kHistory),
             {words(Text::kTime), words(Text::kStatus), words(Text::kReason), words(Text::kActor), words(Text::kBlock)},
             rows);
}

Markup credential_link(const std::string& id) {
  return id.empty() ? Markup() : html::link(path_to("/credential/", id), id);
}

Markup described(const Words& words, const node::CredentialView& view) {
  return facts(
      {{words(Text::kType),
        html::link(path_to("/type/", view.type), words.choose(view.type_name_zh, view.type_name_en))},
       {words(Text::kIssuer), organisation_link(view.issuer, words.choose(view.issuer_name_zh, view.issuer_name_en))},
       {words(Text::kNumber), code(view.id)},
       {words(Text::kVersion), std::to_string(view.version)},
       {words(Text::kIssuedAt), words.time(view.issued_ms)},
       {words(Text::kBlock), block_link(view.issued_height)},
       {words(Text::kValidity), validity(words, view)},
       {words(Text::kHolderCommitment),
        code(to_hex(view.holder)) += el("p", {{"class", "hint"}}, {words(Text::kHolderExplained)})},
       {words(Text::kPreviousVersion), credential_link(view.previous)},
       {words(Text::kNextVersion), credential_link(view.next)}});
}

http::Response unknown_page(Api& api, const http::Request& request, const std::string& id,
                            const node::Verdict& verdict) {
  const Words words(request);
  Page page;
  page.title = words(Text::kVerdictUnknownTitle) + " " + id;
  page.body = verdict_box("unknown", words(Text::kVerdictUnknownTitle), verdict_lines(words, verdict));
  page.body += el("p", {{"class", "lead"}}, {words(Text::kVerdictUnknownHelp)});
  page.body += facts({{words(Text::kNumber), code(id)}});
  page.body += search_form(words, id);
  page.body +=
      proof_section(api, words, api.services.credentials().receipt(id), path_to("/v1/credentials/", id) + "/receipt");
  return render(request, page, 404);
}

}  // namespace

Answer credential_page(Api& api, const http::Request& request) {
  const std::string& id = request.parameters.at(0);
  auto& desk = api.services.credentials();
  const auto view = desk.view(id);
  if (const auto stem = json_stem(id); !view && stem) return see_other(path_to("/v1/credentials/", *stem));
  ASSIGN_OR_RETURN(const auto verdict, desk.verdict(id));
  if (verdict.kind == node::VerdictKind::kUnknown) return unknown_page(api, request, id, verdict);
  if (!view) return std::unexpected(view.error());
  const Words words(request);
  Page page;
  const std::string& word = words.choose(verdict.word_zh, verdict.word_en);
  page.title = word + " " + words.choose(view->type_name_zh, view->type_name_en);
  page.json_twin = path_to("/v1/credentials/", id);
  page.body = verdict_box(node::to_string(verdict.kind), word, verdict_lines(words, verdict));
  if (const std::string& next = words.choose(verdict.next_step_zh, verdict.next_step_en); !next.empty()) {
    page.body += el("p", {{"class", "next"}}, {el("strong", {words(Text::kNextStep)}), " ", next});
  }
  page.body += described(words, *view);
  page.body += el("section", {history(words, *view)});
  page.body += proof_section(api, words, desk.receipt(id), path_to("/v1/credentials/", id) + "/receipt");
  return render(request, page);
}

}  // namespace chancery::api
