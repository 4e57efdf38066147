#include "api/time_text.h"
#include "api/views.h"
#include "crypto/signature.h"

namespace chancery::api {
namespace {

std::string_view kind_name(wire::AccountKind kind) {
  switch (kind) {
    case wire::ACCOUNT_KIND_MEMBER:
      return "member";
    case wire::ACCOUNT_KIND_SERVICE:
      return "service";
    case wire::ACCOUNT_KIND_CITIZEN:
      return "citizen";
    case wire::ACCOUNT_KIND_LEGAL_PERSON:
      return "legal_person";
    default:
      return "unspecified";
  }
}

Json view_of_key(const wire::AccountKey& key) {
  const auto algorithm = crypto::signature_algorithm_from_number(key.algorithm());
  Json out = {{"key_id", to_hex(as_bytes(key.key_id()))},
              {"algorithm", algorithm ? crypto::to_string(*algorithm) : std::string_view("unknown")},
              {"public_key", to_hex(as_bytes(key.public_key()))},
              {"label", key.label()},
              {"added_height", key.added_height()}};
  if (key.not_before_ms() != 0) out["not_before"] = rfc3339(key.not_before_ms());
  if (key.not_after_ms() != 0) out["not_after"] = rfc3339(key.not_after_ms());
  if (key.revoked_height() != 0) {
    out["revoked_height"] = key.revoked_height();
    out["revocation_reason"] = key.revocation_reason();
  }
  return out;
}

Json view_of_role(const wire::RoleGrant& grant) {
  Json out = {{"organisation", grant.organisation()},
              {"role", grant.role()},
              {"granted_height", grant.granted_height()},
              {"granted_by", grant.granted_by()}};
  if (grant.until_ms() != 0) out["until"] = rfc3339(grant.until_ms());
  if (grant.revoked_height() != 0) out["revoked_height"] = grant.revoked_height();
  return out;
}

}  // namespace

Json view_of(const wire::Organisation& organisation) {
  Json out = {{"id", organisation.id()},
              {"name", names(organisation.name_zh(), organisation.name_en())},
              {"state", organisation.suspended() ? "suspended" : "active"},
              {"created_height", organisation.created_height()},
              {"changed_height", organisation.changed_height()}};
  if (!organisation.uscc().empty()) out["uscc"] = organisation.uscc();
  if (!organisation.suspension_reason().empty()) out["suspension_reason"] = organisation.suspension_reason();
  return out;
}

Json view_of(const wire::Account& account) {
  Json keys = Json::array();
  for (const auto& key : account.keys()) keys.push_back(view_of_key(key));
  Json roles = Json::array();
  for (const auto& grant : account.roles()) roles.push_back(view_of_role(grant));
  Json out = {{"id", account.id()},
              {"kind", kind_name(account.kind())},
              {"registrar", account.registrar()},
              {"assurance", account.assurance()},
              {"state", account.suspended() ? "suspended" : "active"},
              {"keys", std::move(keys)},
              {"roles", std::move(roles)},
              {"created_height", account.created_height()},
              {"changed_height", account.changed_height()}};
  if (!account.organisation().empty()) out["organisation"] = account.organisation();
  if (!account.suspension_reason().empty()) out["suspension_reason"] = account.suspension_reason();
  return out;
}

Json view_of(const wire::Delegations& delegations) {
  Json items = Json::array();
  for (const auto& delegation : delegations.items()) {
    Json item = {{"from", delegation.from()},
                 {"scope", std::vector<std::string>(delegation.scope().begin(), delegation.scope().end())},
                 {"until", rfc3339(delegation.until_ms())},
                 {"granted_height", delegation.granted_height()}};
    if (delegation.revoked_height() != 0) item["revoked_height"] = delegation.revoked_height();
    items.push_back(std::move(item));
  }
  return {{"items", std::move(items)}};
}

Json view_of(const readmodel::OrganisationRow& row) {
  return {{"id", row.id},
          {"name", names(row.name_zh, row.name_en)},
          {"state", row.state},
          {"created_height", row.created_height}};
}

Json view_of(const readmodel::AccountRow& row) {
  Json out = {{"id", row.id}, {"kind", row.kind}, {"state", row.state}, {"created_height", row.created_height}};
  if (!row.organisation.empty()) out["organisation"] = row.organisation;
  return out;
}

}  // namespace chancery::api
