// The credential section of the genesis file (docs/formats/genesis.md).

#include "base/json_reader.h"
#include "contracts/credential/contract.h"
#include "contracts/credential/methods.h"
#include "contracts/credential/records.h"
#include "contracts/genesis_place.h"

namespace chancery::contracts::credential {

namespace {

constexpr std::size_t kMaxTypes = 1'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMaxDays = 36'600;

Result<wire::IdScheme> scheme_from(const JsonReader& reader, std::string_view name) {
  if (name == "plain") return wire::ID_SCHEME_PLAIN;
  if (name == "gbt36904") return wire::ID_SCHEME_GBT36904;
  return reader.refuse("id_scheme", "must be plain or gbt36904");
}

Result<wire::RetentionClass> retention_from(const JsonReader& reader, std::string_view name) {
  if (name == "permanent") return wire::RETENTION_CLASS_PERMANENT;
  if (name == "30-years") return wire::RETENTION_CLASS_30_YEARS;
  if (name == "10-years") return wire::RETENTION_CLASS_10_YEARS;
  return reader.refuse("retention", "must be permanent, 30-years or 10-years");
}

Status read_validity(JsonReader& reader, wire::ValidityRule& out) {
  ASSIGN_OR_RETURN(auto validity, reader.optional_object("validity"));
  if (!validity) return {};
  ASSIGN_OR_RETURN(const auto max_days, validity->optional_integer("max_days", 0, kMaxDays));
  ASSIGN_OR_RETURN(const auto default_days, validity->optional_integer("default_days", 0, kMaxDays));
  out.set_max_ms(max_days.value_or(0) * kDayMs);
  out.set_default_ms(default_days.value_or(0) * kDayMs);
  return validity->refuse_unknown_members();
}

Status add_type_from(Context& context, JsonReader& reader) {
  wire::CredentialType type;
  ASSIGN_OR_RETURN(*type.mutable_id(), reader.required_string("id", 64));
  ASSIGN_OR_RETURN(*type.mutable_name_zh(), reader.required_string("name_zh", kNameZhChars));
  ASSIGN_OR_RETURN(const auto name_en, reader.optional_string("name_en", kNameEnChars));
  type.set_name_en(name_en.value_or(""));
  ASSIGN_OR_RETURN(const auto issuers, reader.required_strings("issuers", kIssuersOfType, 32));
  for (const std::string& issuer : issuers) type.add_issuers(issuer);
  ASSIGN_OR_RETURN(const auto vct, reader.optional_string("vct", kVctBytes));
  type.set_vct(vct.value_or(""));
  ASSIGN_OR_RETURN(const std::string scheme, reader.required_string("id_scheme", 16));
  ASSIGN_OR_RETURN(const wire::IdScheme scheme_value, scheme_from(reader, scheme));
  type.set_id_scheme(scheme_value);
  ASSIGN_OR_RETURN(const auto code, reader.optional_string("gbt_type_code", 32));
  type.set_gbt_type_code(code.value_or(""));
  ASSIGN_OR_RETURN(const std::string retention, reader.required_string("retention", 16));
  ASSIGN_OR_RETURN(const wire::RetentionClass retention_value, retention_from(reader, retention));
  type.set_retention(retention_value);
  TRY(read_validity(reader, *type.mutable_validity()));
  ASSIGN_OR_RETURN(const Json* schema, reader.required_any("schema"));
  TRY(reader.refuse_unknown_members());
  return at_place(reader, add_type(context, std::move(type), canonical_json(*schema)));
}

}  // namespace

Status CredentialContract::genesis(Context& context, const nlohmann::json& section) const {
  JsonReader reader(section, "/contracts/credential");
  if (reader.has("types")) {
    ASSIGN_OR_RETURN(auto types, reader.required_objects("types", kMaxTypes));
    for (JsonReader& type : types) TRY(add_type_from(context, type));
  }
  return reader.refuse_unknown_members();
}

}  // namespace chancery::contracts::credential
