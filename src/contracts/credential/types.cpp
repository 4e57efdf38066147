#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "contracts/credential/methods.h"
#include "contracts/credential/records.h"
#include "contracts/field_rules.h"
#include "contracts/identity/identity.h"
#include "crypto/hash.h"

namespace chancery::contracts::credential {

namespace {

constexpr std::size_t kGbtTypeCodeChars = 21;

Status check_issuers(const Context& context, const wire::CredentialType& type) {
  if (type.issuers().empty()) return invalid("issuers", "needs at least one organisation", "至少需要一个机构");
  if (type.issuers_size() > kIssuersOfType) {
    return over_limit("issuers", static_cast<std::size_t>(type.issuers_size()), kIssuersOfType);
  }
  wire::Organisation organisation;
  for (const std::string& issuer : type.issuers()) {
    ASSIGN_OR_RETURN(const bool found, identity::find_organisation(context, issuer, organisation));
    if (!found) return fail(Reason::kNotFound, "there is no organisation " + issuer, "没有机构 " + issuer);
    if (std::ranges::count(type.issuers(), issuer) != 1) {
      return invalid("issuers", "name " + issuer + " twice", "重复列出 " + issuer);
    }
  }
  return {};
}

Status check_scheme(const wire::CredentialType& type) {
  switch (type.id_scheme()) {
    case wire::ID_SCHEME_PLAIN:
      if (!type.gbt_type_code().empty()) return invalid("gbt_type_code", "is for GB/T 36904 only", "仅用于 GB/T 36904");
      return {};
    case wire::ID_SCHEME_GBT36904: {
      const std::string& code = type.gbt_type_code();
      const bool good = code.size() == kGbtTypeCodeChars && std::ranges::all_of(code, [](char c) {
                          return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                        });
      if (!good) return invalid("gbt_type_code", "must be 21 digits and capital letters", "应为 21 位数字或大写字母");
      return {};
    }
    default:
      return invalid("id_scheme", "must be plain or GB/T 36904", "应为 plain 或 GB/T 36904");
  }
}

Status check_validity(const wire::ValidityRule& rule) {
  TRY(require_time("validity.max_ms", rule.max_ms()));
  TRY(require_time("validity.default_ms", rule.default_ms()));
  if (rule.max_ms() != 0 && rule.default_ms() > rule.max_ms()) {
    return invalid("validity.default_ms", "is longer than max_ms", "超过 max_ms");
  }
  return {};
}

Status check_type(const Context& context, const wire::CredentialType& type) {
  if (!is_type_id(type.id())) {
    return invalid("id", "must be 2 to 64 of a-z 0-9 -, not beginning with a hyphen",
                   "应为 2 至 64 个 a-z 0-9 - 字符，且不以连字符开头");
  }
  if (type.version() != 0 || !type.schema_digest().empty() || type.changed_height() != 0) {
    return invalid("version, schema_digest, changed_height", "are set by the ledger", "由账本填写");
  }
  TRY(require_text("name_zh", type.name_zh(), 1, kNameZhChars));
  TRY(require_text("name_en", type.name_en(), 0, kNameEnChars));
  TRY(require_token("vct", type.vct(), kVctBytes));
  TRY(check_scheme(type));
  TRY(check_validity(type.validity()));
  if (type.retention() == wire::RETENTION_CLASS_UNSPECIFIED || !wire::RetentionClass_IsValid(type.retention())) {
    return invalid("retention", "must be permanent, 30 or 10 years", "应为永久、30 年或 10 年");
  }
  return check_issuers(context, type);
}

/// Strict JSON and an object. Whether it is a good JSON Schema is the issuing desk's business: its verdict may change
/// with versions of the validator, and a block's result may not.
Status check_schema(const std::string& schema) {
  ASSIGN_OR_RETURN(const Json parsed, parse_json(schema, {.max_bytes = kSchemaBytes, .max_depth = 64}));
  if (!parsed.is_object()) return invalid("schema", "must be a JSON object", "应为 JSON 对象");
  return {};
}

std::string version_key(const std::string& id, std::uint32_t version) {
  return fmt::format("{}/{}", id, version);
}

void store_version(Context& context, wire::CredentialType type, std::uint32_t version, const std::string& schema) {
  type.set_version(version);
  type.set_schema_digest(to_string(crypto::hash(context.facts().hash, as_bytes(schema))));
  type.set_changed_height(context.height());
  wire::CredentialTypeVersion whole;
  *whole.mutable_type() = type;
  whole.set_schema(schema);
  store(context, kTypeVersions, version_key(type.id(), version), whole);
  store(context, kTypes, type.id(), type);
}

}  // namespace

Result<wire::CredentialType> existing_type(const Context& context, std::string_view id) {
  wire::CredentialType type;
  ASSIGN_OR_RETURN(const bool found, load(context, kTypes, id, type));
  if (!found) {
    return fail(Reason::kNotFound, "there is no credential type " + std::string(id), "没有证照类型 " + std::string(id));
  }
  return type;
}

Status add_type(Context& context, wire::CredentialType type, const std::string& schema) {
  TRY(check_type(context, type));
  TRY(check_schema(schema));
  if (context.has(kTypes, type.id())) {
    return fail(Reason::kAlreadyExists, "credential type " + type.id() + " exists",
                "证照类型 " + type.id() + " 已存在");
  }
  store_version(context, std::move(type), 1, schema);
  return {};
}

Result<Bytes> define_type(Context& context, BytesView args) {
  wire::DefineType request;
  TRY(decode_arguments(args, request));
  if (request.type().issuers().empty())
    return invalid("issuers", "needs at least one organisation", "至少需要一个机构");
  TRY(identity::require_permission(context, kContractName, "define_type", request.type().issuers(0)));
  TRY(add_type(context, request.type(), request.schema()));
  context.emit("type_defined", request.type().id());
  return Bytes{};
}

Result<Bytes> update_type(Context& context, BytesView args) {
  wire::UpdateType request;
  TRY(decode_arguments(args, request));
  const wire::CredentialType& type = request.type();
  ASSIGN_OR_RETURN(const wire::CredentialType before, existing_type(context, type.id()));
  TRY(identity::require_permission(context, kContractName, "update_type", before.issuers(0)));
  TRY(check_type(context, type));
  if (request.expected_version() != 0 && request.expected_version() != before.version()) {
    return fail(
        Reason::kPreconditionFailed,
        fmt::format("type {} has version {}, not {}", type.id(), before.version(), request.expected_version()),
        fmt::format("类型 {} 的当前版本为 {}，而非 {}", type.id(), before.version(), request.expected_version()));
  }
  if (type.id_scheme() != before.id_scheme() || type.gbt_type_code() != before.gbt_type_code()) {
    return invalid("id_scheme, gbt_type_code", "can't change: identifiers are for ever", "不可更改：编号长期有效");
  }
  std::string schema = request.schema();
  if (schema.empty()) {
    wire::CredentialTypeVersion whole;
    TRY(load(context, kTypeVersions, version_key(before.id(), before.version()), whole));
    schema = whole.schema();
  } else {
    TRY(check_schema(schema));
  }
  store_version(context, type, before.version() + 1, schema);
  context.emit("type_updated", type.id());
  return Bytes{};
}

}  // namespace chancery::contracts::credential
