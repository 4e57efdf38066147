// The busiest methods of the ledger: every record read and every allocation here counts thousands of times a second, so
// the messages are reused from call to call.

#include <fmt/format.h>

#include <algorithm>

#include "contracts/credential/identifier.h"
#include "contracts/credential/methods.h"
#include "contracts/credential/records.h"
#include "contracts/credential/status.h"
#include "contracts/encoding.h"
#include "contracts/field_rules.h"
#include "contracts/identity/identity.h"

namespace chancery::contracts::credential {

namespace {

struct Period {
  std::int64_t from_ms;
  std::int64_t until_ms;
};

/// The period asked for, completed and checked by the type's rule.
Result<Period> period_of(const Context& context, const wire::ValidityRule& rule, std::int64_t from_ms,
                         std::int64_t until_ms) {
  TRY(require_time("valid_from_ms", from_ms));
  TRY(require_time("valid_until_ms", until_ms));
  const std::int64_t from = from_ms == 0 ? context.time_ms() : from_ms;
  std::int64_t until = until_ms;
  if (until == 0 && rule.default_ms() != 0)
    until = from + rule.default_ms();  // both at most the year 9999: no overflow
  if (until > kLatestTimeMs) return invalid("valid_until_ms", "is after the year 9999", "晚于 9999 年");
  if (until != 0 && until <= std::max(from, context.time_ms())) {
    return invalid("valid_until_ms", "must be after its beginning and after block time", "应晚于起始时间和区块时间");
  }
  if (rule.max_ms() != 0 && (until == 0 || until - from > rule.max_ms())) {
    return invalid("valid_until_ms", fmt::format("must be at most {} ms after valid_from_ms", rule.max_ms()),
                   fmt::format("距 valid_from_ms 应不超过 {} 毫秒", rule.max_ms()));
  }
  return Period{from, until};
}

Status require_open(const wire::CredentialType& type) {
  if (!type.closed()) return {};
  return fail(Reason::kWrongState, "type " + type.id() + " is closed: nothing new is issued",
              "类型 " + type.id() + " 已关闭，不再签发");
}

Status require_issuer(const Context& context, const wire::CredentialType& type, const identity::Actor& actor,
                      const std::string& issuer) {
  const auto& issuers = type.issuers();
  if (std::ranges::find(issuers, issuer) == issuers.end()) {
    return fail(Reason::kForbidden,
                fmt::format("{} is issued by {}, not by {}", type.id(), fmt::join(issuers, ", "),
                            issuer.empty() ? "an account without organisation" : issuer),
                fmt::format("{} 由 {} 签发，而非 {}", type.id(), fmt::join(issuers, "、"),
                            issuer.empty() ? "无所属机构的账户" : issuer));
  }
  return issuer == actor.organisation ? Status{} : identity::require_active_organisation(context, issuer);
}

Status require_unused(const Context& context, const std::string& id) {
  if (!context.has(kCredentials, id)) return {};
  return fail(Reason::kAlreadyExists, "credential " + id + " exists", "证照 " + id + " 已存在");
}

/// Revoked and superseded ones have no successor. Nor have suspended ones, expired or not: it would lift the suspension
/// by a side door.
Status require_renewable(const Context& context, const wire::Credential& record, const std::string& id) {
  if (is_terminal(status_at_block(record, context.height(), context.time_ms()).status)) {
    return wrong_state(context, record, id, "new_version");
  }
  const int count = record.changes_size();
  if (count == 0 || record.changes(count - 1).status() != wire::CREDENTIAL_STATUS_SUSPENDED) return {};
  return fail(Reason::kWrongState, id + " is suspended: resume it before a new version",
              id + " 已暂停：请先恢复再换发新版本");
}

void fill(const Context& context, wire::Credential& record, const wire::CredentialType& type,
          const identity::Actor& actor, std::uint32_t version, const Period& period) {
  record.set_type(type.id());
  record.set_type_version(type.version());
  record.set_version(version);
  record.set_valid_from_ms(period.from_ms);
  record.set_valid_until_ms(period.until_ms);
  record.set_issued_height(context.height());
  record.set_issued_time_ms(context.time_ms());
  record.set_issued_by(actor.account);
  record.set_on_behalf_of(actor.on_behalf_of);
}

}  // namespace

Result<Bytes> issue(Context& context, BytesView args) {
  thread_local wire::Issue request;
  thread_local wire::CredentialType type;
  thread_local wire::Credential record;
  TRY(decode_arguments(args, request));
  TRY(require_digest("holder", request.holder()));
  TRY(require_digest("fields_root", request.fields_root()));
  ASSIGN_OR_RETURN(const bool found, load(context, kTypes, request.type(), type));
  if (!found) {
    return fail(Reason::kNotFound, "there is no credential type " + request.type(), "没有证照类型 " + request.type());
  }
  TRY(require_open(type));
  ASSIGN_OR_RETURN(const identity::Actor actor,
                   identity::require_permission(context, kContractName, "issue", request.issuer()));
  const std::string& issuer = request.issuer().empty() ? actor.organisation : request.issuer();
  TRY(require_issuer(context, type, actor, issuer));
  ASSIGN_OR_RETURN(const std::uint32_t version, check_identifier(context, type, issuer, request.id()));
  TRY(require_unused(context, request.id()));
  ASSIGN_OR_RETURN(const Period period,
                   period_of(context, type.validity(), request.valid_from_ms(), request.valid_until_ms()));
  record.Clear();
  fill(context, record, type, actor, version, period);
  record.set_issuer(issuer);
  record.set_holder(request.holder());
  record.set_fields_root(request.fields_root());
  store(context, kCredentials, request.id(), record);
  context.emit("issued", request.id());
  return Bytes{};
}

Result<Bytes> new_version(Context& context, BytesView args) {
  wire::NewVersion request;
  TRY(decode_arguments(args, request));
  TRY(require_digest("fields_root", request.fields_root()));
  if (!request.holder().empty()) TRY(require_digest("holder", request.holder()));
  ASSIGN_OR_RETURN(wire::Credential before, existing_credential(context, request.id(), request.expected()));
  ASSIGN_OR_RETURN(const identity::Actor actor,
                   identity::require_permission(context, kContractName, "new_version", before.issuer()));
  ASSIGN_OR_RETURN(const wire::CredentialType type, existing_type(context, before.type()));
  TRY(require_open(type));
  TRY(require_issuer(context, type, actor, before.issuer()));
  TRY(require_renewable(context, before, request.id()));
  ASSIGN_OR_RETURN(const std::uint32_t version,
                   check_next_identifier(context, type, before, request.id(), request.new_id()));
  TRY(require_unused(context, request.new_id()));
  ASSIGN_OR_RETURN(const Period period,
                   period_of(context, type.validity(), request.valid_from_ms(), request.valid_until_ms()));
  wire::Credential after;
  fill(context, after, type, actor, version, period);
  after.set_issuer(before.issuer());
  after.set_holder(request.holder().empty() ? before.holder() : request.holder());
  after.set_fields_root(request.fields_root());
  after.set_previous(request.id());
  TRY(append_change(context, before, wire::CREDENTIAL_STATUS_SUPERSEDED, "new_version", actor.account));
  before.set_next(request.new_id());
  store(context, kCredentials, request.new_id(), after);
  store(context, kCredentials, request.id(), before);
  context.emit("issued", request.new_id());
  context.emit("superseded", request.id());
  return Bytes{};
}

}  // namespace chancery::contracts::credential
