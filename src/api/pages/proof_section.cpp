#include "api/pages/proof_section.h"

#include "api/problem.h"
#include "api/verification.h"

namespace chancery::api {

using html::el;
using html::Markup;

Markup proof_section(Api& api, const Words& words, const Result<ledger::Receipt>& receipt,
                     const std::string& receipt_address) {
  const Markup title = el("h2", {words(Text::kWhyTrust)});
  if (!receipt) {
    return el("section",
              {title, el("p", {{"class", "empty"}},
                         {words(Text::kProofUnavailable), " ", detail_in(words.language(), receipt.error())})});
  }
  const auto verification = verify_made(api, *receipt);
  return el("section",
            {title, el("p", {words(Text::kWhyTrustLead)}), step_list(words, verification),
             el("p", {{"class", "actions"}},
                {el("a", {{"class", "button"}, {"href", receipt_address + ".json"}}, {words(Text::kDownloadReceipt)}),
                 el("a", {{"class", "button quiet"}, {"href", receipt_address + ".cbor"}},
                    {words(Text::kDownloadReceiptCbor)})})});
}

}  // namespace chancery::api
