#include <fmt/format.h>

#include "contracts/credential/methods.h"
#include "contracts/credential/records.h"
#include "contracts/credential/status.h"
#include "contracts/credential/words.h"
#include "contracts/encoding.h"
#include "contracts/field_rules.h"
#include "contracts/identity/identity.h"
#include "contracts/record_tag.h"

namespace chancery::contracts::credential {

namespace {

Status require_reason(std::string_view code) {
  if (reason_words(code) != nullptr) return {};
  return invalid("reason", fmt::format("\"{}\" is no reason code", code), fmt::format("“{}”不是原因代码", code));
}

StatusAt status_now(const Context& context, const wire::Credential& record) {
  return status_at_block(record, context.height(), context.time_ms());
}

/// One more change stays possible: a revocation must never fail because a record is full.
int changes_allowed(wire::CredentialStatus status) {
  return is_terminal(status) ? kChangesOfCredential : kChangesOfCredential - 1;
}

using Allowed = bool (*)(wire::CredentialStatus now);

Result<Bytes> change_status(Context& context, BytesView args, std::string_view method, wire::CredentialStatus to,
                            std::string_view event, Allowed allowed) {
  wire::ChangeStatus request;
  TRY(decode_arguments(args, request));
  const bool resuming = to == wire::CREDENTIAL_STATUS_VALID;
  const std::string reason = resuming && request.reason().empty() ? "unspecified" : request.reason();
  TRY(require_reason(reason));
  ASSIGN_OR_RETURN(wire::Credential record, existing_credential(context, request.id(), request.expected()));
  ASSIGN_OR_RETURN(const identity::Actor actor,
                   identity::require_permission(context, kContractName, method, record.issuer()));
  if (!allowed(status_now(context, record).status)) return wrong_state(context, record, request.id(), method);
  TRY(append_change(context, record, to, reason, actor.account));
  store(context, kCredentials, request.id(), record);
  context.emit(event, request.id());
  return Bytes{};
}

}  // namespace

Result<wire::Credential> existing_credential(const Context& context, std::string_view id, std::string_view expected) {
  wire::Credential record;
  ASSIGN_OR_RETURN(const bool found, load(context, kCredentials, id, record));
  if (!found) {
    return fail(Reason::kNotFound, fmt::format("there is no credential {}", id), fmt::format("没有证照 {}", id));
  }
  if (!expected.empty()) TRY(require_tag(*context.get(kCredentials, id), expected));
  return record;
}

Status append_change(const Context& context, wire::Credential& record, wire::CredentialStatus status,
                     std::string_view reason, std::string_view actor) {
  if (record.changes_size() >= changes_allowed(status)) {
    return over_limit("status changes", static_cast<std::size_t>(record.changes_size()) + 1,
                      static_cast<std::size_t>(changes_allowed(status)));
  }
  wire::StatusChange& change = *record.add_changes();
  change.set_status(status);
  change.set_height(context.height());
  change.set_time_ms(context.time_ms());
  change.set_reason(std::string(reason));
  change.set_actor(std::string(actor));
  return {};
}

std::unexpected<Error> wrong_state(const Context& context, const wire::Credential& record, std::string_view id,
                                   std::string_view method) {
  const StatusAt now = status_now(context, record);
  const StatusWords& words = status_words(now.status);
  return fail(Reason::kWrongState,
              fmt::format("{} is {} since {} ms (block {}); {} is not possible", id, words.code, now.since_time_ms,
                          now.since_height, method),
              fmt::format("{} 自 {} 毫秒（区块 {}）起{}，不能办理 {}", id, now.since_time_ms, now.since_height,
                          words.zh, method));
}

Result<Bytes> annotate(Context& context, BytesView args) {
  wire::Annotate request;
  TRY(decode_arguments(args, request));
  TRY(require_digest("commitment", request.commitment()));
  ASSIGN_OR_RETURN(wire::Credential record, existing_credential(context, request.id(), request.expected()));
  ASSIGN_OR_RETURN(const identity::Actor actor,
                   identity::require_permission(context, kContractName, "annotate", record.issuer()));
  if (is_terminal(status_now(context, record).status)) return wrong_state(context, record, request.id(), "annotate");
  if (record.annotations_size() >= kAnnotationsOfCredential) {
    return over_limit("annotations", static_cast<std::size_t>(record.annotations_size()) + 1, kAnnotationsOfCredential);
  }
  wire::Annotation& annotation = *record.add_annotations();
  annotation.set_height(context.height());
  annotation.set_time_ms(context.time_ms());
  annotation.set_commitment(request.commitment());
  annotation.set_actor(actor.account);
  store(context, kCredentials, request.id(), record);
  context.emit("annotated", request.id());
  return Bytes{};
}

Result<Bytes> suspend(Context& context, BytesView args) {
  return change_status(context, args, "suspend", wire::CREDENTIAL_STATUS_SUSPENDED, "suspended",
                       [](wire::CredentialStatus now) {
                         return now == wire::CREDENTIAL_STATUS_VALID || now == wire::CREDENTIAL_STATUS_NOT_YET_VALID;
                       });
}

Result<Bytes> resume(Context& context, BytesView args) {
  return change_status(context, args, "resume", wire::CREDENTIAL_STATUS_VALID, "resumed",
                       [](wire::CredentialStatus now) { return now == wire::CREDENTIAL_STATUS_SUSPENDED; });
}

Result<Bytes> revoke(Context& context, BytesView args) {
  return change_status(context, args, "revoke", wire::CREDENTIAL_STATUS_REVOKED, "revoked",
                       [](wire::CredentialStatus now) { return !is_terminal(now); });
}

}  // namespace chancery::contracts::credential
