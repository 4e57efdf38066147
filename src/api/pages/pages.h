#pragma once
// The pages, one function a subject, and how their routes are wrapped.

#include "api/handlers.h"
#include "api/http/router.h"

namespace chancery::api {

/// Like patient(), but a refusal becomes a page.
http::Handler page_handler(Api& api, PlainRoute route);

/// "<id>.json" stands for the JSON twin of "<id>": the stem, or nullopt.
std::optional<std::string> json_stem(const std::string& segment);
/// 303 to another address of this site.
http::Response see_other(std::string_view address);

Answer home_page(Api& api, const http::Request& request);
Answer search_page(Api& api, const http::Request& request);
Answer credential_page(Api& api, const http::Request& request);
Answer evidence_page(Api& api, const http::Request& request);
Answer transaction_page(Api& api, const http::Request& request);
Answer block_page(Api& api, const http::Request& request);
Answer record_page(Api& api, const http::Request& request);
Answer organisation_page(Api& api, const http::Request& request);
Answer type_page(Api& api, const http::Request& request);
Answer proposals_page(Api& api, const http::Request& request);
Answer proposal_page(Api& api, const http::Request& request);
Answer verify_form_page(Api& api, const http::Request& request);
Answer verify_result_page(Api& api, const http::Request& request);
Answer problems_page(Api& api, const http::Request& request);
Answer problem_page(Api& api, const http::Request& request);
Answer docs_page(Api& api, const http::Request& request);

}  // namespace chancery::api
