#include <fmt/format.h>

#include "contracts/field_rules.h"
#include "contracts/identity/authority.h"
#include "contracts/identity/entities.h"
#include "contracts/identity/methods.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::identity {

namespace {

/// Members and services belong to an organisation, citizens never do, legal persons may.
Status check_membership(const wire::CreateAccount& request) {
  switch (request.kind()) {
    case wire::ACCOUNT_KIND_MEMBER:
    case wire::ACCOUNT_KIND_SERVICE:
      if (request.organisation().empty())
        return invalid("organisation", "is needed for this kind", "为该类账户的必填项");
      return {};
    case wire::ACCOUNT_KIND_CITIZEN:
      if (!request.organisation().empty())
        return invalid("organisation", "must be empty for citizens", "公民账户应为空");
      return {};
    case wire::ACCOUNT_KIND_LEGAL_PERSON:
      return {};
    default:
      return invalid("kind", "must be member, service, citizen or legal person", "应为成员、服务、公民或法人");
  }
}

Status check_request(const wire::CreateAccount& request) {
  TRY(require_account_id("id", request.id()));
  TRY(check_membership(request));
  if (request.assurance() < 1 || request.assurance() > kHighestAssurance) {
    return invalid("assurance", "must be 1 to 4", "应为 1 至 4");
  }
  if (request.keys().empty()) return invalid("keys", "needs at least one", "至少需要一个");
  if (request.keys_size() > kKeysAtCreation) {
    return over_limit("keys", static_cast<std::size_t>(request.keys_size()), kKeysAtCreation);
  }
  if (request.commitments_size() > kCommitmentsInAccount) {
    return over_limit("commitments", static_cast<std::size_t>(request.commitments_size()), kCommitmentsInAccount);
  }
  for (const std::string& commitment : request.commitments()) TRY(require_digest("commitments", commitment));
  return {};
}

const std::string& registrar_of(const wire::CreateAccount& request) {
  return request.registrar().empty() ? request.organisation() : request.registrar();
}

Result<Bytes> change_state(Context& context, BytesView args, bool suspend) {
  wire::ChangeAccountState request;
  TRY(decode_arguments(args, request));
  TRY(require_text("reason", request.reason(), suspend ? 1 : 0, suspend ? kReasonChars : 0));
  ASSIGN_OR_RETURN(wire::Account account, existing_account(context, request.account()));
  TRY(require_authority_over(context, account, suspend ? "suspend_account" : "resume_account", Self::kMayNotAct));
  if (account.suspended() == suspend) {
    return fail(Reason::kWrongState,
                fmt::format("account {} is {} already", account.id(), suspend ? "suspended" : "active"),
                fmt::format("账户 {} 已{}", account.id(), suspend ? "停用" : "启用"));
  }
  account.set_suspended(suspend);
  account.set_suspension_reason(request.reason());
  account.set_changed_height(context.height());
  store(context, kAccounts, account.id(), account);
  context.emit(suspend ? "suspended_account" : "resumed_account", account.id());
  return Bytes{};
}

}  // namespace

Status add_account(Context& context, const wire::CreateAccount& request) {
  TRY(check_request(request));
  const std::string& registrar = registrar_of(request);
  if (registrar.empty()) return invalid("registrar", "is needed where there is no organisation", "无所属机构时必填");
  if (!request.organisation().empty()) TRY(require_active_organisation(context, request.organisation()));
  if (registrar != request.organisation()) TRY(require_active_organisation(context, registrar));
  if (context.has(kAccounts, request.id())) {
    return fail(Reason::kAlreadyExists, fmt::format("account {} exists", request.id()),
                fmt::format("账户 {} 已存在", request.id()));
  }
  wire::Account account;
  account.set_id(request.id());
  account.set_kind(request.kind());
  account.set_organisation(request.organisation());
  account.set_registrar(registrar);
  account.set_assurance(request.assurance());
  *account.mutable_commitments() = request.commitments();
  account.set_created_height(context.height());
  for (const wire::NewKey& key : request.keys()) TRY(add_key_to(context, account, key));
  store(context, kAccounts, account.id(), account);
  return {};
}

Result<Bytes> create_account(Context& context, BytesView args) {
  wire::CreateAccount request;
  TRY(decode_arguments(args, request));
  const std::string& registrar = registrar_of(request);
  // Opening a member's account speaks for the member's organisation, whoever registers it.
  const std::string& concerned = request.organisation().empty() ? registrar : request.organisation();
  if (concerned.empty()) return invalid("registrar", "is needed where there is no organisation", "无所属机构时必填");
  TRY(require_permission(context, kContractName, "create_account", concerned));
  if (registrar != concerned) TRY(require_permission(context, kContractName, "create_account", registrar));
  TRY(add_account(context, request));
  context.emit("created_account", request.id());
  return Bytes{};
}

Result<Bytes> suspend_account(Context& context, BytesView args) {
  return change_state(context, args, true);
}

Result<Bytes> resume_account(Context& context, BytesView args) {
  return change_state(context, args, false);
}

}  // namespace chancery::contracts::identity
