// The identity section of the genesis file (docs/formats/genesis.md): the rules are those of the methods.

#include <nlohmann/json.hpp>

#include "base/json_reader.h"
#include "contracts/field_rules.h"
#include "contracts/genesis_place.h"
#include "contracts/identity/authority.h"
#include "contracts/identity/contract.h"
#include "contracts/identity/entities.h"
#include "contracts/identity/records.h"
#include "crypto/signature.h"

namespace chancery::contracts::identity {

namespace {

constexpr std::size_t kMaxOrganisations = 10'000;
constexpr std::size_t kMaxAccounts = 100'000;
constexpr std::size_t kMaxPermissions = 1'000;
constexpr std::string_view kGranter = "genesis";

Status add_organisation_from(Context& context, JsonReader& reader) {
  wire::CreateOrganisation request;
  ASSIGN_OR_RETURN(*request.mutable_id(), reader.required_string("id", 32));
  ASSIGN_OR_RETURN(*request.mutable_name_zh(), reader.required_string("name_zh", 200));
  ASSIGN_OR_RETURN(const auto name_en, reader.optional_string("name_en", 200));
  ASSIGN_OR_RETURN(const auto uscc, reader.optional_string("uscc", 18));
  request.set_name_en(name_en.value_or(""));
  request.set_uscc(uscc.value_or(""));
  TRY(reader.refuse_unknown_members());
  return at_place(reader, add_organisation(context, request));
}

Result<wire::AccountKind> kind_from(const JsonReader& reader, std::string_view kind) {
  if (kind == "member") return wire::ACCOUNT_KIND_MEMBER;
  if (kind == "service") return wire::ACCOUNT_KIND_SERVICE;
  if (kind == "citizen") return wire::ACCOUNT_KIND_CITIZEN;
  if (kind == "legal_person") return wire::ACCOUNT_KIND_LEGAL_PERSON;
  return reader.refuse("kind", "must be member, service, citizen or legal_person");
}

Result<wire::NewKey> key_from(JsonReader& reader) {
  wire::NewKey key;
  ASSIGN_OR_RETURN(const std::string name, reader.required_string("algorithm", 32));
  const auto algorithm = crypto::signature_algorithm_from_string(name);
  if (!algorithm) return reader.refuse("algorithm", "must be sm2-sm3, ed25519 or ecdsa-p256-sha256");
  key.set_algorithm(static_cast<std::uint32_t>(*algorithm));
  ASSIGN_OR_RETURN(const Bytes bytes, reader.required_hex("public_key", 65));
  key.set_public_key(to_string(bytes));
  ASSIGN_OR_RETURN(const auto label, reader.optional_string("label", 64));
  key.set_label(label.value_or(""));
  ASSIGN_OR_RETURN(const auto not_before_ms, reader.optional_integer("not_before_ms", 0, kLatestTimeMs));
  key.set_not_before_ms(not_before_ms.value_or(0));
  ASSIGN_OR_RETURN(const auto not_after_ms, reader.optional_integer("not_after_ms", 0, kLatestTimeMs));
  key.set_not_after_ms(not_after_ms.value_or(0));
  TRY(reader.refuse_unknown_members());
  return key;
}

Status grant_roles_from(Context& context, const std::string& account_id, JsonReader& reader) {
  if (!reader.has("roles")) return {};
  ASSIGN_OR_RETURN(auto roles, reader.required_objects("roles", kRolesInAccount));
  ASSIGN_OR_RETURN(wire::Account account, existing_account(context, account_id));
  for (JsonReader& role : roles) {
    wire::GrantRole request;
    request.set_account(account_id);
    ASSIGN_OR_RETURN(*request.mutable_role(), role.required_string("role", 32));
    ASSIGN_OR_RETURN(const auto organisation, role.optional_string("organisation", 32));
    request.set_organisation(organisation.value_or(account.organisation()));
    ASSIGN_OR_RETURN(const auto until_ms, role.optional_integer("until_ms", 0, kLatestTimeMs));
    request.set_until_ms(until_ms.value_or(0));
    TRY(role.refuse_unknown_members());
    TRY(at_place(role, grant_role_to(context, account, request, kGranter)));
  }
  store(context, kAccounts, account_id, account);
  return {};
}

Status add_account_from(Context& context, JsonReader& reader) {
  wire::CreateAccount request;
  ASSIGN_OR_RETURN(*request.mutable_id(), reader.required_string("id", 64));
  ASSIGN_OR_RETURN(const std::string kind, reader.required_string("kind", 32));
  ASSIGN_OR_RETURN(const wire::AccountKind kind_value, kind_from(reader, kind));
  request.set_kind(kind_value);
  ASSIGN_OR_RETURN(const auto organisation, reader.optional_string("organisation", 32));
  request.set_organisation(organisation.value_or(""));
  ASSIGN_OR_RETURN(const auto registrar, reader.optional_string("registrar", 32));
  request.set_registrar(registrar.value_or(""));
  ASSIGN_OR_RETURN(const std::int64_t assurance, reader.required_integer("assurance", 1, kHighestAssurance));
  request.set_assurance(static_cast<std::uint32_t>(assurance));
  ASSIGN_OR_RETURN(auto keys, reader.required_objects("keys", kKeysAtCreation));
  for (JsonReader& key : keys) {
    ASSIGN_OR_RETURN(*request.add_keys(), key_from(key));
  }
  ASSIGN_OR_RETURN(const auto commitments, reader.optional_strings("commitments", kCommitmentsInAccount, 64));
  for (const std::string& hex : commitments) {
    const auto digest = digest_from_hex(hex);
    if (!digest) return reader.refuse("commitments", "each must be 64 hexadecimal characters");
    request.add_commitments(to_string(*digest));
  }
  TRY(at_place(reader, add_account(context, request)));
  TRY(grant_roles_from(context, request.id(), reader));
  return reader.refuse_unknown_members();
}

Result<wire::PermissionRule> rule_from(JsonReader& reader) {
  wire::PermissionRule rule;
  ASSIGN_OR_RETURN(*rule.mutable_role(), reader.required_string("role", 32));
  ASSIGN_OR_RETURN(const auto organisations, reader.optional_strings("organisations", kOrganisationsInRule, 32));
  for (const std::string& id : organisations) rule.add_organisations(id);
  ASSIGN_OR_RETURN(const bool any_target, reader.optional_bool("any_target", false));
  rule.set_any_target(any_target);
  TRY(reader.refuse_unknown_members());
  return rule;
}

Status put_permission_from(Context& context, JsonReader& reader) {
  wire::Permission permission;
  ASSIGN_OR_RETURN(*permission.mutable_method(), reader.required_string("method", 129));
  if (context.has(kPermissions, permission.method())) return reader.refuse("method", "occurs twice");
  ASSIGN_OR_RETURN(const bool everyone, reader.optional_bool("everyone", false));
  permission.set_everyone(everyone);
  ASSIGN_OR_RETURN(const auto assurance, reader.optional_integer("min_assurance", 0, kHighestAssurance));
  permission.set_min_assurance(static_cast<std::uint32_t>(assurance.value_or(0)));
  if (reader.has("rules")) {
    ASSIGN_OR_RETURN(auto rules, reader.required_objects("rules", kRulesInPermission));
    for (JsonReader& rule : rules) {
      ASSIGN_OR_RETURN(*permission.add_rules(), rule_from(rule));
    }
  }
  TRY(reader.refuse_unknown_members());
  return at_place(reader, put_permission(context, permission));
}

using Loader = Status (*)(Context& context, JsonReader& reader);

Status load_all(Context& context, JsonReader& section, std::string_view member, std::size_t max_items, Loader loader) {
  if (!section.has(member)) return {};
  ASSIGN_OR_RETURN(auto items, section.required_objects(member, max_items));
  for (JsonReader& item : items) TRY(loader(context, item));
  return {};
}

}  // namespace

Status IdentityContract::genesis(Context& context, const nlohmann::json& section) const {
  JsonReader reader(section, "/contracts/identity");
  TRY(load_all(context, reader, "organisations", kMaxOrganisations, add_organisation_from));
  TRY(load_all(context, reader, "accounts", kMaxAccounts, add_account_from));
  TRY(load_all(context, reader, "permissions", kMaxPermissions, put_permission_from));
  return reader.refuse_unknown_members();
}

}  // namespace chancery::contracts::identity
