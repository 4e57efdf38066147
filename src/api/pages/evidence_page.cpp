// The page of one deposit: what, when, by whom, and how to compare the original with it.

#include "api/pages/page.h"
#include "api/pages/pages.h"
#include "api/pages/proof_section.h"
#include "api/views.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

Markup digest(const std::optional<Digest>& value) {
  return value ? code(to_hex(*value)) : Markup();
}

Markup described(const Words& words, const node::EvidenceView& view) {
  const bool batch = view.batch_root.has_value();
  Markup matter = view.matter.empty() ? Markup() : html::link(path_to("/v1/matters/", view.matter), view.matter);
  if (view.matter_index != 0) {
    matter += Markup(words.chinese() ? "（" : " (");
    matter += Markup(words(Text::kMatterIndex, {std::to_string(view.matter_index)}));
    matter += Markup(words.chinese() ? "）" : ")");
  }
  return facts(
      {{words(Text::kEvidenceNumber), code(view.number)},
       {"SM3", digest(view.sm3)},
       {"SHA-256", digest(view.sha256)},
       {words(Text::kBatchRoot), digest(view.batch_root)},
       {words(Text::kBatchCount), batch ? Markup(std::to_string(view.count)) : Markup()},
       {words(Text::kDepositedAt), words.time(view.deposited_ms)},
       {words(Text::kBlock), block_link(view.deposited_height)},
       {words(Text::kPhase), words.choose(view.phase_zh, view.phase_en)},
       {words(Text::kMatter), matter},
       {words(Text::kPreviousEvidence),
        view.previous.empty() ? Markup() : html::link(path_to("/evidence/", view.previous), view.previous)},
       {words(Text::kOwner), organisation_link(view.owner, words.choose(view.owner_name_zh, view.owner_name_en))},
       {words(Text::kDepositor), view.depositor},
       {words(Text::kCollector), view.collector},
       {words(Text::kMediaType), view.media_type},
       {words(Text::kSizeBytes), view.size_bytes == 0 ? Markup() : Markup(std::to_string(view.size_bytes))}});
}

Markup how_to_compare(const Words& words, const node::EvidenceView& view) {
  if (view.batch_root) return {};
  return el("section", {el("h2", {words(Text::kCompareFile)}), el("p", {words(Text::kCompareFileLead)}),
                        el("pre", {{"tabindex", "0"}}, {view.sha256 ? "sha256sum FILE" : "openssl dgst -sm3 FILE"})});
}

Markup custody(const Words& words, const node::EvidenceView& view) {
  Markup out = el("h2", {words(Text::kCustody)});
  if (view.custody.empty()) return out += el("p", {{"class", "empty"}}, {words(Text::kNoCustody)});
  std::vector<std::vector<Markup>> rows;
  for (const auto& transfer : view.custody) {
    rows.push_back({words.time(transfer.time_ms), organisation_link(transfer.to, ""), transfer.actor,
                    block_link(transfer.height)});
  }
  return out += table(words(Text::kCustody),
                      {words(Text::kTime), words(Text::kCustodyTo), words(Text::kActor), words(Text::kBlock)}, rows);
}

http::Response unknown_page(const http::Request& request, const std::string& number) {
  const Words words(request);
  Page page;
  page.title = words(Text::kVerdictUnknownEvidence) + " " + number;
  page.body = verdict_box("unknown", words(Text::kVerdictUnknownEvidence), {});
  page.body += el("p", {{"class", "lead"}}, {words(Text::kSearchNothing)});
  page.body += facts({{words(Text::kEvidenceNumber), code(number)}});
  page.body += el("p", {html::link("/v1/records/evidence/evidence/" + percent_encode(number) + "?proof=true",
                                   words(Text::kDownloadAbsence))});
  page.body += search_form(words, number);
  return render(request, page, 404);
}

}  // namespace

Answer evidence_page(Api& api, const http::Request& request) {
  const std::string& number = request.parameters.at(0);
  if (const auto stem = json_stem(number)) return see_other(path_to("/v1/evidence/", *stem));
  auto& desk = api.services.evidence();
  const auto view = desk.view(number);
  if (!view) {
    if (view.error().reason == Reason::kNotFound) return unknown_page(request, number);
    return std::unexpected(view.error());
  }
  const Words words(request);
  Page page;
  page.title = words(Text::kEvidenceVerdict) + " " + number;
  page.json_twin = path_to("/v1/evidence/", number);
  page.body = verdict_box("valid", words(Text::kEvidenceVerdict),
                          {words(Text::kVerdictSince, {words.time(view->deposited_ms)}),
                           el("strong", {words.choose(view->owner_name_zh, view->owner_name_en)})});
  page.body += described(words, *view);
  page.body += how_to_compare(words, *view);
  page.body += el("section", {custody(words, *view)});
  page.body += proof_section(api, words, desk.receipt(number), path_to("/v1/evidence/", number) + "/receipt");
  return render(request, page);
}

}  // namespace chancery::api
