#include "contracts/credential/identifier.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/national_ids.h"
#include "contracts/field_rules.h"
#include "contracts/identity/identity.h"

namespace chancery::contracts::credential {

namespace {

constexpr bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Result<CertificateIdentifier> parse_gbt36904(const Context& context, const wire::CredentialType& type,
                                             std::string_view issuer, std::string_view id) {
  ASSIGN_OR_RETURN(CertificateIdentifier parsed, parse_certificate_identifier(id));
  if (parsed.type_code != type.gbt_type_code()) {
    return invalid("id",
                   fmt::format("names certificate type {}, this type is {}", parsed.type_code, type.gbt_type_code()),
                   fmt::format("中的证照类型代码为 {}，本类型为 {}", parsed.type_code, type.gbt_type_code()));
  }
  wire::Organisation organisation;
  ASSIGN_OR_RETURN(const bool found, identity::find_organisation(context, issuer, organisation));
  if (!found || parsed.issuer_code != organisation.uscc()) {
    return invalid("id",
                   fmt::format("names the issuer {}, organisation {} has {}", parsed.issuer_code, issuer,
                               organisation.uscc().empty() ? "no code" : organisation.uscc()),
                   fmt::format("中的颁发机构代码为 {}，机构 {} 的代码为 {}", parsed.issuer_code, issuer,
                               organisation.uscc().empty() ? "空" : organisation.uscc()));
  }
  return parsed;
}

Status require_plain(std::string_view field, std::string_view id) {
  if (is_plain_identifier(id)) return {};
  return invalid(field, "must be 1 to 64 of A-Z a-z 0-9 . _ -, beginning with a letter or digit",
                 "应为 1 至 64 个 A-Z a-z 0-9 . _ - 字符，且以字母或数字开头");
}

}  // namespace

bool is_plain_identifier(std::string_view id) {
  return !id.empty() && id.size() <= 64 && is_alphanumeric(id.front()) &&
         std::ranges::all_of(id, [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

Result<std::uint32_t> check_identifier(const Context& context, const wire::CredentialType& type,
                                       std::string_view issuer, std::string_view id) {
  if (type.id_scheme() == wire::ID_SCHEME_GBT36904) {
    ASSIGN_OR_RETURN(const CertificateIdentifier parsed, parse_gbt36904(context, type, issuer, id));
    return parsed.version;
  }
  TRY(require_plain("id", id));
  return 1U;
}

Result<std::uint32_t> check_next_identifier(const Context& context, const wire::CredentialType& type,
                                            const wire::Credential& record, std::string_view id,
                                            std::string_view next_id) {
  const std::uint32_t next_version = record.version() + 1;
  if (type.id_scheme() != wire::ID_SCHEME_GBT36904) {
    TRY(require_plain("new_id", next_id));
    return next_version;
  }
  ASSIGN_OR_RETURN(const CertificateIdentifier before, parse_certificate_identifier(id));
  ASSIGN_OR_RETURN(const CertificateIdentifier after, parse_gbt36904(context, type, record.issuer(), next_id));
  if (after.serial != before.serial || after.version != next_version) {
    return invalid("new_id", fmt::format("must keep serial {} and have version {:03}", before.serial, next_version),
                   fmt::format("应保持流水号 {}，版本号为 {:03}", before.serial, next_version));
  }
  return next_version;
}

}  // namespace chancery::contracts::credential
