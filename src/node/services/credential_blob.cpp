#include "node/services/credential_blob.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/national_ids.h"

namespace chancery::node {

namespace credential = contracts::credential;

namespace {

constexpr std::string_view kFieldsKind = "credential";
constexpr std::string_view kAnnotationKind = "annotation";
constexpr std::string_view kAnnotationName = "annotation";

credential::Salt new_salt(Random& random) {
  credential::Salt salt{};
  random.fill(salt);
  return salt;
}

Result<credential::Salt> read_salt(const Json& text) {
  const auto bytes = text.is_string() ? from_base64(text.get<std::string>()) : std::nullopt;
  credential::Salt salt{};
  if (!bytes.has_value() || bytes->size() != salt.size()) return fail(Reason::kCorrupt, "a stored salt is damaged");
  std::ranges::copy(*bytes, salt.begin());
  return salt;
}

std::unexpected<Error> damaged() {
  return fail(Reason::kCorrupt, "stored fields can't be read");
}

/// What kind of identifier it is, for its place in the commitment.
std::string_view scheme_of(std::string_view reference) {
  if (parse_citizen_number(reference).has_value()) return "cn-citizen-id";
  if (parse_unified_credit_code(reference).has_value()) return "cn-uscc";
  return "reference";
}

}  // namespace

CredentialFields CredentialFields::with_new_salts(Json fields, Random& random) {
  CredentialFields out;
  for (const auto& [name, value] : fields.items()) out.salts.emplace(name, new_salt(random));
  out.fields = std::move(fields);
  return out;
}

Digest CredentialFields::commitment(crypto::HashAlgorithm hash, const std::string& name) const {
  return credential::field_commitment(hash, salts.at(name), name, fields.at(name));
}

std::vector<Digest> CredentialFields::commitments(crypto::HashAlgorithm hash) const {
  std::vector<Digest> out;
  for (const auto& [name, salt] : salts) out.push_back(commitment(hash, name));
  return out;
}

Bytes CredentialFields::encode() const {
  Json encoded_salts = Json::object();
  for (const auto& [name, salt] : salts) encoded_salts[name] = to_base64(salt);
  return to_bytes(canonical_json({{"fields", fields}, {"salts", std::move(encoded_salts)}}));
}

Result<CredentialFields> CredentialFields::decode(BytesView bytes) {
  const auto parsed = parse_json(as_text(bytes), {.max_bytes = 1U << 20});
  if (!parsed.has_value() || !parsed->is_object() || !parsed->contains("fields") || !parsed->contains("salts")) {
    return damaged();
  }
  CredentialFields out;
  out.fields = parsed->at("fields");
  const Json& salts = parsed->at("salts");
  if (!out.fields.is_object() || !salts.is_object() || salts.size() != out.fields.size()) return damaged();
  for (const auto& [name, text] : salts.items()) {
    if (!out.fields.contains(name)) return damaged();
    ASSIGN_OR_RETURN(const credential::Salt salt, read_salt(text));
    out.salts.emplace(name, salt);
  }
  return out;
}

Digest AnnotationBlob::commitment(crypto::HashAlgorithm hash) const {
  return credential::field_commitment(hash, salt, kAnnotationName, Json(text));
}

Bytes AnnotationBlob::encode() const {
  return to_bytes(canonical_json({{"text", text}, {"salt", to_base64(salt)}}));
}

Result<AnnotationBlob> AnnotationBlob::decode(BytesView bytes) {
  const auto parsed = parse_json(as_text(bytes));
  if (!parsed.has_value() || !parsed->is_object() || !parsed->contains("text") || !parsed->at("text").is_string() ||
      !parsed->contains("salt")) {
    return damaged();
  }
  ASSIGN_OR_RETURN(const credential::Salt salt, read_salt(parsed->at("salt")));
  return AnnotationBlob{parsed->at("text").get<std::string>(), salt};
}

std::string fields_blob_id(std::string_view id, const Digest& fields_root) {
  return fmt::format("{}/{}/{}", kFieldsKind, id, to_hex(fields_root));
}

std::string annotation_blob_id(std::string_view id, const Digest& commitment) {
  return fmt::format("{}/{}/{}", kAnnotationKind, id, to_hex(commitment));
}

std::optional<BlobSubject> parse_blob_id(std::string_view id) {
  const std::size_t first = id.find('/');
  const std::size_t last = id.rfind('/');
  if (first == std::string_view::npos || last == first) return std::nullopt;
  const std::string_view kind = id.substr(0, first);
  const auto digest = digest_from_hex(id.substr(last + 1));
  if ((kind != kFieldsKind && kind != kAnnotationKind) || !digest.has_value()) return std::nullopt;
  return BlobSubject{kind == kAnnotationKind, std::string(id.substr(first + 1, last - first - 1)), *digest};
}

Digest holder_commitment_of(const DeskKey& desk_key, crypto::HashAlgorithm hash, std::string_view reference) {
  const std::string_view scheme = scheme_of(reference);
  const std::string salted = fmt::format("{}:{}", scheme, reference);
  const Digest keyed = desk_key.keyed_hash("holder-salt", as_bytes(salted));
  credential::Salt salt{};
  std::copy_n(keyed.begin(), salt.size(), salt.begin());
  return credential::holder_commitment(hash, salt, scheme, reference);
}

std::string holder_reference_of(const std::string& wanted, const Json& fields) {
  if (!wanted.empty()) return wanted;
  for (const char* name : {"id_number", "uscc", "holder_id"}) {
    const auto found = fields.find(name);
    if (found != fields.end() && found->is_string()) return found->get<std::string>();
  }
  return {};
}

}  // namespace chancery::node
