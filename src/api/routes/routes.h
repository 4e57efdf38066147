#pragma once
// All routes, one function a subject.

#include "api/api.h"
#include "api/http/router.h"

namespace chancery::api {

void add_operations_routes(http::Router& router, Api& api);  // /livez /readyz /metrics /v1/network /v1/trust /v1/status
void add_transaction_routes(http::Router& router, Api& api);  // /v1/transactions
void add_log_routes(http::Router& router, Api& api);          // /v1/blocks /v1/checkpoint /v1/log /log
void add_record_routes(http::Router& router, Api& api);       // /v1/records
void add_session_routes(http::Router& router, Api& api);      // /v1/session
void add_type_routes(http::Router& router, Api& api);         // /v1/credential-types
void add_credential_routes(http::Router& router, Api& api);   // /v1/credentials
void add_evidence_routes(http::Router& router, Api& api);     // /v1/evidence /v1/matters
void add_batch_routes(http::Router& router, Api& api);        // /v1/evidence/batches
void add_identity_routes(http::Router& router, Api& api);     // /v1/organisations /v1/accounts
void add_governance_routes(http::Router& router, Api& api);   // /v1/proposals /v1/constitution /v1/freezes
void add_supervision_routes(http::Router& router, Api& api);  // /v1/supervision
void add_event_routes(http::Router& router, Api& api);        // /v1/events
void add_verify_routes(http::Router& router, Api& api);       // /v1/verify
void add_timestamp_routes(http::Router& router, Api& api);    // /tsa
void add_document_routes(http::Router& router, Api& api);     // /openapi.yaml /openapi.json /docs /problems
void add_page_routes(http::Router& router, Api& api);         // everything for people

}  // namespace chancery::api
