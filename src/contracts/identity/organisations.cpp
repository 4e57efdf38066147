#include <fmt/format.h>

#include "base/national_ids.h"
#include "contracts/field_rules.h"
#include "contracts/identity/entities.h"
#include "contracts/identity/identity.h"
#include "contracts/identity/limits.h"
#include "contracts/identity/methods.h"
#include "contracts/identity/records.h"

namespace chancery::contracts::identity {

namespace {

Result<wire::Organisation> existing_organisation(const Context& context, const std::string& id) {
  wire::Organisation organisation;
  ASSIGN_OR_RETURN(const bool found, find_organisation(context, id, organisation));
  if (!found) return fail(Reason::kNotFound, "there is no organisation " + id, "没有机构 " + id);
  return organisation;
}

/// A code belongs to one organisation for ever: GB/T 36904 identifiers name their issuer by it.
Status claim_code(Context& context, const std::string& organisation, const std::string& code) {
  if (code.empty()) return {};
  TRY(parse_unified_credit_code(code));
  if (context.has(kCodes, code)) {
    return fail(Reason::kAlreadyExists, fmt::format("another organisation has the code {}", code),
                fmt::format("统一社会信用代码 {} 已属于另一机构", code));
  }
  wire::OrganisationOfCode owner;
  owner.set_organisation(organisation);
  store(context, kCodes, code, owner);
  return {};
}

Result<Bytes> change_state(Context& context, BytesView args, bool suspend) {
  wire::ChangeOrganisationState request;
  TRY(decode_arguments(args, request));
  TRY(require_text("reason", request.reason(), suspend ? 1 : 0, suspend ? kReasonChars : 0));
  TRY(require_permission(context, kContractName, suspend ? "suspend_organisation" : "resume_organisation",
                         request.id()));
  TRY(set_organisation_suspended(context, request.id(), suspend, request.reason()));
  context.emit(suspend ? "suspended_organisation" : "resumed_organisation", request.id());
  return Bytes{};
}

}  // namespace

Status check_organisation_names(std::string_view name_zh, std::string_view name_en) {
  TRY(require_text("name_zh", name_zh, 1, kNameZhChars));
  return require_text("name_en", name_en, 0, kNameEnChars);
}

Status set_organisation_suspended(Context& context, const std::string& id, bool suspend, const std::string& reason) {
  ASSIGN_OR_RETURN(wire::Organisation organisation, existing_organisation(context, id));
  if (organisation.suspended() == suspend) {
    return fail(Reason::kWrongState, fmt::format("organisation {} is {} already", id, suspend ? "suspended" : "active"),
                fmt::format("机构 {} 已{}", id, suspend ? "停用" : "启用"));
  }
  organisation.set_suspended(suspend);
  organisation.set_suspension_reason(reason);
  organisation.set_changed_height(context.height());
  store(context, kOrganisations, id, organisation);
  return {};
}

Status add_organisation(Context& context, const wire::CreateOrganisation& request) {
  TRY(require_organisation_id("id", request.id()));
  TRY(check_organisation_names(request.name_zh(), request.name_en()));
  if (context.has(kOrganisations, request.id())) {
    return fail(Reason::kAlreadyExists, fmt::format("organisation {} exists", request.id()),
                fmt::format("机构 {} 已存在", request.id()));
  }
  TRY(claim_code(context, request.id(), request.uscc()));
  wire::Organisation organisation;
  organisation.set_id(request.id());
  organisation.set_name_zh(request.name_zh());
  organisation.set_name_en(request.name_en());
  organisation.set_uscc(request.uscc());
  organisation.set_created_height(context.height());
  store(context, kOrganisations, request.id(), organisation);
  return {};
}

Result<Bytes> create_organisation(Context& context, BytesView args) {
  wire::CreateOrganisation request;
  TRY(decode_arguments(args, request));
  TRY(require_permission(context, kContractName, "create_organisation", {}));
  TRY(add_organisation(context, request));
  context.emit("created_organisation", request.id());
  return Bytes{};
}

Result<Bytes> update_organisation(Context& context, BytesView args) {
  wire::UpdateOrganisation request;
  TRY(decode_arguments(args, request));
  TRY(check_organisation_names(request.name_zh(), request.name_en()));
  TRY(require_permission(context, kContractName, "update_organisation", request.id()));
  ASSIGN_OR_RETURN(wire::Organisation organisation, existing_organisation(context, request.id()));
  organisation.set_name_zh(request.name_zh());
  organisation.set_name_en(request.name_en());
  organisation.set_changed_height(context.height());
  store(context, kOrganisations, request.id(), organisation);
  context.emit("updated_organisation", request.id());
  return Bytes{};
}

Result<Bytes> suspend_organisation(Context& context, BytesView args) {
  return change_state(context, args, true);
}

Result<Bytes> resume_organisation(Context& context, BytesView args) {
  return change_state(context, args, false);
}

}  // namespace chancery::contracts::identity
