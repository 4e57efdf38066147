// A receipt goes in, every step of its check comes out in words.

#include "api/multipart.h"
#include "api/pages/page.h"
#include "api/pages/pages.h"
#include "api/verification.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

Markup form(const Words& words) {
  return el("form",
            {{"action", words.chinese() ? "/verify" : "/verify?lang=en"},
             {"method", "post"},
             {"enctype", "multipart/form-data"},
             {"class", "panel"}},
            {el("p", {el("label", {{"for", "file"}}, {words(Text::kVerifyFile)}),
                      el("input", {{"type", "file"}, {"id", "file"}, {"name", "file"}, {"accept", ".json,.cbor"}})}),
             el("p", {el("label", {{"for", "text"}}, {words(Text::kVerifyText)}),
                      el("textarea", {{"id", "text"}, {"name", "text"}, {"rows", "6"}, {"spellcheck", "false"}})}),
             el("p", {el("button", {{"type", "submit"}}, {words(Text::kVerifyButton)})})});
}

Markup offline(const Words& words) {
  return el("section", {el("p", {words(Text::kVerifyOffline)}),
                        el("pre", {{"tabindex", "0"}}, {"chancery verify FILE --trust trust.json"}),
                        el("p", {html::link("/v1/trust", words(Text::kTrustFile))})});
}

/// The file, or else the pasted text.
Result<std::string> presented(const http::Request& request) {
  if (request.media_type() == "application/x-www-form-urlencoded") {
    ASSIGN_OR_RETURN(const auto pairs, http::parse_form(request.body));
    for (const auto& [name, value] : pairs) {
      if (name == "text") return value;
    }
    return std::string();
  }
  if (request.media_type() != "multipart/form-data") {
    return fail(Reason::kUnsupportedMediaType, "Send the form of this page, or use POST /v1/verify.",
                "请使用本页表单，或调用 POST /v1/verify。");
  }
  ASSIGN_OR_RETURN(auto parts, parse_multipart(request.header("content-type"), request.body));
  std::string found;
  for (auto& part : parts) {
    if ((part.name == "file" && !part.content.empty()) || (part.name == "text" && found.empty())) {
      found = std::move(part.content);
    }
  }
  return found;
}

}  // namespace

Answer verify_form_page(Api&, const http::Request& request) {
  const Words words(request);
  Page page;
  page.title = words(Text::kVerifyTitle);
  page.body = el("h1", {page.title});
  page.body += el("p", {{"class", "lead"}}, {words(Text::kVerifyLead)});
  page.body += form(words);
  page.body += offline(words);
  return render(request, page);
}

Answer verify_result_page(Api& api, const http::Request& request) {
  const Words words(request);
  ASSIGN_OR_RETURN(const std::string text, presented(request));
  Page page;
  if (text.empty()) {
    page.title = words(Text::kVerifyTitle);
    page.body = el("h1", {page.title});
    page.body += el("p", {{"class", "lead"}, {"role", "alert"}}, {words(Text::kVerifyNothing)});
    page.body += form(words);
    return render(request, page, 400);
  }
  const auto verification = verify_presented(api, as_bytes(text));
  const bool passed = verification.passed;
  page.title = words(passed ? Text::kVerifyPassed : Text::kVerifyFailed);
  std::vector<Markup> lines = {words(passed ? Text::kVerifyPassedLead : Text::kVerifyFailedLead)};
  if (verification.failure) lines.emplace_back(reason_text(*verification.failure).title(words.language()));
  page.body = verdict_box(passed ? "valid" : "revoked", page.title, std::move(lines));
  if (verification.entry) {
    const std::string id = to_hex(verification.transaction_id);
    page.body += facts(
        {{words(Text::kTransactionId), html::link("/transaction/" + id, code(id))},
         {words(Text::kBlock), block_link(verification.entry->height())},
         {words(Text::kTime), words.time(verification.entry->time_ms())},
         {words(Text::kResult), words(verification.entry->reason().empty() ? Text::kTookEffect : Text::kRefused)}});
  }
  page.body += el("section", {el("h2", {words(Text::kVerifySteps)}), step_list(words, verification)});
  page.body += offline(words);
  page.body += el("p", {html::link("/verify", words(Text::kVerifyAgain))});
  http::Response response = render(request, page, 200);
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace chancery::api
