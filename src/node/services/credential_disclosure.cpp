// The personal side: who may look, what was looked at, and what a holder takes along. Nothing here is read before it is
// recorded.

#include <fmt/format.h>

#include "contracts/credential/words.h"
#include "documents/jose/jwk.h"
#include "documents/sd_jwt/sd_jwt_vc.h"
#include "node/services/credential_desk_state.h"

namespace chancery::node {

namespace credential = contracts::credential;

namespace {

std::string subject_of(std::string_view id) {
  return fmt::format("credential/{}", id);
}

Status require_purpose(std::string_view purpose) {
  if (!purpose.empty()) return {};
  return fail(Reason::kInvalidValue, "say what the data is needed for: purpose", "请说明用途（purpose）");
}

}  // namespace

Status CredentialDesk::State::record_access(const Session& session, std::string_view id, std::string_view action,
                                            std::string_view purpose, std::vector<std::string> fields) const {
  Access access;
  access.account = session.account();
  access.action = action;
  access.subject = subject_of(id);
  access.purpose = purpose;
  access.fields = std::move(fields);
  return access_log.record(std::move(access));
}

Result<CredentialFields> CredentialDesk::State::read_fields(std::string_view id, const wire::Credential& record) const {
  const auto root = to_digest(as_bytes(record.fields_root()));
  if (!root.has_value()) return fail(Reason::kCorrupt, "a record has no fields root");
  ASSIGN_OR_RETURN(const Bytes plaintext, blobs.get(fields_blob_id(id, *root), desk_key.reader()));
  ASSIGN_OR_RETURN(CredentialFields fields, CredentialFields::decode(plaintext));
  ASSIGN_OR_RETURN(const Digest computed, credential::fields_root(hash, fields.commitments(hash)));
  if (computed != *root)
    return fail(Reason::kCorrupt, "stored fields don't match their record", "存储字段与登记不一致");
  return fields;
}

Result<CredentialFields> CredentialDesk::State::open_fields(const Session& session, std::string_view id,
                                                            std::vector<std::string>& names, std::string_view purpose,
                                                            std::string_view action, wire::Credential& record) const {
  TRY(require_purpose(purpose));
  ASSIGN_OR_RETURN(auto found, read_credential(ledger(), id));
  record = std::move(found.message);
  TRY(require_official(ledger(), now_ms(), session.account(), record.issuer()));
  // Decrypted first to know which names there are; given out only after the look is on record.
  ASSIGN_OR_RETURN(CredentialFields fields, read_fields(id, record));
  if (names.empty()) {
    for (const auto& [name, salt] : fields.salts) names.push_back(name);
  }
  for (const std::string& name : names) {
    if (!fields.salts.contains(name)) {
      return fail(Reason::kNotFound, fmt::format("the credential has no field {}", name),
                  fmt::format("该证照没有字段 {}", name));
    }
  }
  TRY(record_access(session, id, action, purpose, names));
  return fields;
}

Result<std::vector<FieldDisclosure>> CredentialDesk::fields(const Session& session, std::string_view id,
                                                            const std::vector<std::string>& names,
                                                            std::string_view purpose) const {
  std::vector<std::string> wanted = names;
  wire::Credential record;
  ASSIGN_OR_RETURN(const CredentialFields fields, state_->open_fields(session, id, wanted, purpose, "read", record));
  std::vector<FieldDisclosure> out;
  for (const std::string& name : wanted) out.push_back({name, fields.fields.at(name)});
  return out;
}

Result<std::vector<CredentialDesk::AnnotationText>> CredentialDesk::annotation_texts(const Session& session,
                                                                                     std::string_view id,
                                                                                     std::string_view purpose) const {
  TRY(require_purpose(purpose));
  ASSIGN_OR_RETURN(const auto found, read_credential(state_->ledger(), id));
  TRY(require_official(state_->ledger(), state_->now_ms(), session.account(), found.message.issuer()));
  TRY(state_->record_access(session, id, "read", purpose, {"annotations"}));
  std::vector<AnnotationText> out;
  for (const wire::Annotation& note : found.message.annotations()) {
    const auto commitment = to_digest(as_bytes(note.commitment()));
    if (!commitment.has_value()) return fail(Reason::kCorrupt, "an annotation has no commitment");
    const auto plaintext = state_->blobs.get(annotation_blob_id(id, *commitment), state_->desk_key.reader());
    // Written at another node, or erased: the commitment stays, the text is not here.
    if (!plaintext.has_value()) continue;
    ASSIGN_OR_RETURN(AnnotationBlob blob, AnnotationBlob::decode(*plaintext));
    out.push_back({*commitment, std::move(blob.text)});
  }
  return out;
}

Result<Json> CredentialDesk::field_proofs(const Session& session, std::string_view id,
                                          const std::vector<std::string>& names, std::string_view purpose) const {
  std::vector<std::string> wanted = names;
  wire::Credential record;
  ASSIGN_OR_RETURN(const CredentialFields fields, state_->open_fields(session, id, wanted, purpose, "export", record));
  const std::vector<Digest> commitments = fields.commitments(state_->hash);
  Json items = Json::array();
  for (const std::string& name : wanted) {
    ASSIGN_OR_RETURN(const credential::FieldProof proof,
                     credential::prove_field(state_->hash, commitments, fields.commitment(state_->hash, name)));
    Json path = Json::array();
    for (const Digest& step : proof.path) path.push_back(to_base64(step));
    items.push_back({{"name", name},
                     {"value", fields.fields.at(name)},
                     {"salt", to_base64(fields.salts.at(name))},
                     {"index", proof.index},
                     {"proof", std::move(path)}});
  }
  return Json{{"format", "chancery-fields-v1"},
              {"credential", std::string(id)},
              {"hash", std::string(crypto::to_string(state_->hash))},
              {"fields_root", to_hex(as_bytes(record.fields_root()))},
              {"count", commitments.size()},
              {"fields", std::move(items)}};
}

Result<std::string> CredentialDesk::sd_jwt(const Session& session, std::string_view id,
                                           const std::vector<std::string>& names, const Json& holder_jwk,
                                           std::string_view purpose) const {
  documents::CredentialClaims claims;
  if (!holder_jwk.is_null()) {
    ASSIGN_OR_RETURN(const documents::Jwk holder, documents::parse_jwk(holder_jwk));
    claims.holder = holder.key;
  }
  {
    ASSIGN_OR_RETURN(const auto found, read_credential(state_->ledger(), id));
    const auto status = credential::status_at_block(found.message, found.height, state_->now_ms()).status;
    if (credential::is_terminal(status) || status == wire::CREDENTIAL_STATUS_EXPIRED) {
      return fail(Reason::kWrongState, fmt::format("it is {}", credential::status_words(status).code),
                  fmt::format("该证照{}", credential::status_words(status).zh));
    }
  }
  std::vector<std::string> wanted = names;
  wire::Credential record;
  ASSIGN_OR_RETURN(const CredentialFields fields,
                   state_->open_fields(session, id, wanted, purpose, "disclose", record));
  ASSIGN_OR_RETURN(const wire::CredentialType type, read_type(state_->ledger(), record.type()));

  claims.type = type.vct().empty() ? fmt::format("urn:chancery:credential-type:{}", type.id()) : type.vct();
  claims.issuer = fmt::format("https://{}/organisation/{}", state_->node.genesis().origin, record.issuer());
  claims.issued_at_s = record.issued_time_ms() / 1'000;
  claims.not_before_s = record.valid_from_ms() / 1'000;
  if (record.valid_until_ms() != 0) claims.expires_at_s = record.valid_until_ms() / 1'000;
  claims.status =
      Json{{"chancery", {{"network", to_hex(state_->node.genesis().network_id)}, {"credential", std::string(id)}}}};
  claims.subject = fields.fields;
  documents::SdJwtPlan plan;
  for (const auto& [name, salt] : fields.salts) plan.selective.push_back(json_pointer_append("", name));
  const crypto::PrivateKey& key = state_->desk_key.sd_jwt_key();
  const std::string kid = to_hex(crypto::key_id(key.public_key()));
  ASSIGN_OR_RETURN(const std::string full, documents::issue_credential(claims, plan, kid, key, state_->node.random()));
  std::vector<std::string> reveal;
  for (const std::string& name : wanted) reveal.push_back(json_pointer_append("", name));
  return documents::select_disclosures(full, reveal);
}

Status CredentialDesk::erase_fields(const Session& session, std::string_view id, std::string_view purpose) {
  TRY(require_purpose(purpose));
  ASSIGN_OR_RETURN(const auto found, read_credential(state_->ledger(), id));
  TRY(require_official(state_->ledger(), state_->now_ms(), session.account(), found.message.issuer()));
  TRY(state_->record_access(session, id, "erase", purpose, {}));
  const auto root = to_digest(as_bytes(found.message.fields_root()));
  if (!root.has_value()) return fail(Reason::kCorrupt, "a record has no fields root");
  return state_->blobs.erase(fields_blob_id(id, *root));
}

Digest CredentialDesk::holder_commitment(std::string_view holder_reference) const {
  return holder_commitment_of(state_->desk_key, state_->hash, holder_reference);
}

CredentialDesk::CredentialDesk(Node& node, Submission& submission, storage::BlobStore& blobs, const DeskKey& desk_key,
                               AccessLog& access_log)
    : state_(std::make_unique<State>(node, submission, blobs, desk_key, access_log)) {}
CredentialDesk::~CredentialDesk() = default;

}  // namespace chancery::node
