#include <fmt/format.h>

#include "contracts/encoding.h"
#include "contracts/evidence.pb.h"
#include "contracts/evidence/methods.h"
#include "contracts/evidence/number.h"
#include "contracts/evidence/records.h"
#include "contracts/field_rules.h"
#include "contracts/identity/identity.h"

namespace chancery::contracts::evidence {

namespace {

const std::string& custodian_of(const wire::Evidence& record) {
  const int count = record.custody_size();
  return count == 0 ? record.owner() : record.custody(count - 1).to();
}

/// "@<account>" is for those who belong to no organisation: a member's evidence is in its organisation's custody.
Status check_receiver(const Context& context, const std::string& to) {
  TRY(identity::require_active_party(context, to));
  if (!to.starts_with('@')) return {};
  wire::Account account;
  ASSIGN_OR_RETURN(const bool found, identity::find_account(context, std::string_view(to).substr(1), account));
  if (found && account.organisation().empty()) return {};
  return invalid("to", "must name the account's organisation " + account.organisation(),
                 "应填写该账户所属机构 " + account.organisation());
}

}  // namespace

Result<Bytes> transfer_custody(Context& context, BytesView args) {
  wire::TransferCustody request;
  TRY(decode_arguments(args, request));
  if (!request.statement().empty()) TRY(require_digest("statement", request.statement()));
  TRY(check_number(request.number()));
  wire::Evidence record;
  ASSIGN_OR_RETURN(const bool found, load(context, kEvidence, request.number(), record));
  if (!found) {
    return fail(Reason::kNotFound, "there is no evidence " + request.number(), "没有存证 " + request.number());
  }
  ASSIGN_OR_RETURN(const identity::Actor actor,
                   identity::require_permission(context, kContractName, "transfer_custody", custodian_of(record)));
  if (request.to() == custodian_of(record)) {
    return fail(Reason::kWrongState, fmt::format("{} has custody already", request.to()),
                fmt::format("{} 已是保管方", request.to()));
  }
  TRY(check_receiver(context, request.to()));
  if (record.custody_size() >= kCustodyTransfers) {
    return over_limit("custody transfers", static_cast<std::size_t>(record.custody_size()) + 1, kCustodyTransfers);
  }
  wire::CustodyTransfer& transfer = *record.add_custody();
  transfer.set_to(request.to());
  transfer.set_height(context.height());
  transfer.set_time_ms(context.time_ms());
  transfer.set_actor(actor.account);
  transfer.set_statement(request.statement());
  store(context, kEvidence, request.number(), record);
  context.emit("custody_transferred", request.number());
  return Bytes{};
}

}  // namespace chancery::contracts::evidence
