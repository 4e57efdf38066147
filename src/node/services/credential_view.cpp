// The public side of credentials: facts, verdicts, the past, proofs.

#include <fmt/format.h>

#include "contracts/credential/words.h"
#include "node/services/credential_desk_state.h"

namespace chancery::node {

namespace credential = contracts::credential;

namespace {

constexpr std::size_t kMaxIdBytes = 128;

std::string code_of(wire::CredentialStatus status) {
  return std::string(credential::status_words(status).code);
}

Digest digest_of(const std::string& bytes) {
  return to_digest(as_bytes(bytes)).value_or(Digest{});
}

VerdictKind kind_of(wire::CredentialStatus status) {
  switch (status) {
    case wire::CREDENTIAL_STATUS_VALID:
      return VerdictKind::kValid;
    case wire::CREDENTIAL_STATUS_SUSPENDED:
      return VerdictKind::kSuspended;
    case wire::CREDENTIAL_STATUS_REVOKED:
      return VerdictKind::kRevoked;
    case wire::CREDENTIAL_STATUS_SUPERSEDED:
      return VerdictKind::kSuperseded;
    case wire::CREDENTIAL_STATUS_EXPIRED:
      return VerdictKind::kExpired;
    case wire::CREDENTIAL_STATUS_NOT_YET_VALID:
      return VerdictKind::kNotYetValid;
    default:
      return VerdictKind::kUnknown;
  }
}

CredentialStatusChange change_of(const wire::StatusChange& change) {
  CredentialStatusChange out;
  out.status = code_of(change.status());
  out.height = change.height();
  out.time_ms = change.time_ms();
  out.reason = change.reason();
  if (const auto* words = credential::reason_words(change.reason())) {
    out.reason_zh = words->zh;
    out.reason_en = words->en;
  }
  out.actor = change.actor();
  return out;
}

StatusAt status_from(const credential::StatusAt& status, std::uint64_t height, std::int64_t time_ms) {
  return {code_of(status.status), status.since_height, status.since_time_ms, status.reason, height, time_ms};
}

}  // namespace

Result<CredentialView> CredentialDesk::State::view_of(std::string_view id, const Found<wire::Credential>& found) const {
  const wire::Credential& record = found.message;
  CredentialView out;
  out.id = id;
  out.type = record.type();
  out.type_version = record.type_version();
  if (const auto type = read_type(ledger(), record.type()); type.has_value()) {
    out.type_name_zh = type->name_zh();
    out.type_name_en = type->name_en().empty() ? type->name_zh() : type->name_en();
  }
  out.issuer = record.issuer();
  Names issuer = organisation_names(ledger(), record.issuer());
  out.issuer_name_zh = std::move(issuer.zh);
  out.issuer_name_en = std::move(issuer.en);
  out.holder = digest_of(record.holder());
  out.fields_root = digest_of(record.fields_root());
  out.version = record.version();
  out.valid_from_ms = record.valid_from_ms();
  out.valid_until_ms = record.valid_until_ms();
  out.issued_height = record.issued_height();
  out.issued_ms = record.issued_time_ms();
  out.issued_by = record.issued_by();
  out.status = code_of(credential::status_at_block(record, found.height, now_ms()).status);
  for (const wire::StatusChange& change : record.changes()) out.changes.push_back(change_of(change));
  for (const wire::Annotation& note : record.annotations()) {
    out.annotations.push_back({note.height(), note.time_ms(), digest_of(note.commitment()), note.actor()});
  }
  out.previous = record.previous();
  out.next = record.next();
  out.height = found.height;
  out.etag = etag_of(found.bytes);
  return out;
}

Result<CredentialView> CredentialDesk::view(std::string_view id) const {
  ASSIGN_OR_RETURN(const auto found, read_credential(state_->ledger(), id));
  return state_->view_of(id, found);
}

Result<Verdict> CredentialDesk::verdict(std::string_view id) const {
  Verdict out;
  out.checked_ms = state_->now_ms();
  out.checked_height = state_->ledger().head().height;
  std::optional<Found<wire::Credential>> found;
  if (!id.empty() && id.size() <= kMaxIdBytes) {
    ASSIGN_OR_RETURN(found, find_record<wire::Credential>(state_->ledger(), "credential", "credential", id));
  }
  if (!found.has_value()) {
    out.word_zh = "查无此证";
    out.word_en = "No such credential";
    out.next_step_zh = "请核对编号；如持有纸质或电子证照，请向所载签发机构查询。";
    out.next_step_en = "Check the number; if you hold a document with it, ask the office that it names.";
    return out;
  }
  out.checked_height = found->height;
  const credential::StatusAt status = credential::status_at_block(found->message, found->height, out.checked_ms);
  const credential::StatusWords& words = credential::status_words(status.status);
  out.kind = kind_of(status.status);
  out.word_zh = out.kind == VerdictKind::kValid ? "真实有效" : words.zh;
  out.word_en = out.kind == VerdictKind::kValid ? "Genuine and valid" : words.en;
  out.since_height = status.since_height;
  out.since_ms = status.since_time_ms;
  out.reason_code = status.reason;
  out.next_step_zh = words.next_zh;
  out.next_step_en = words.next_en;
  if (out.kind != VerdictKind::kExpired) {
    out.by = found->message.issuer();
    Names names = organisation_names(state_->ledger(), out.by);
    out.by_zh = std::move(names.zh);
    out.by_en = std::move(names.en);
  }
  return out;
}

Result<StatusAt> CredentialDesk::status_at_height(std::string_view id, std::uint64_t height) const {
  ASSIGN_OR_RETURN(const auto found, read_credential(state_->ledger(), id));
  if (height > found.height) {
    return fail(Reason::kInvalidValue, fmt::format("height {} is not reached, the head is {}", height, found.height),
                fmt::format("尚未到达高度 {}，当前为 {}", height, found.height));
  }
  std::int64_t time_ms = state_->node.genesis().created_ms;
  if (height > 0) {
    ASSIGN_OR_RETURN(const wire::StoredBlock block, state_->ledger().block(height));
    time_ms = block.header().time_ms();
  }
  return status_from(credential::status_at_block(found.message, height, time_ms), height, time_ms);
}

Result<StatusAt> CredentialDesk::status_at_time(std::string_view id, std::int64_t time_ms) const {
  ASSIGN_OR_RETURN(const auto found, read_credential(state_->ledger(), id));
  if (time_ms > state_->now_ms()) return fail(Reason::kInvalidValue, "the time lies in the future", "该时间尚未到来");
  std::uint64_t height = 0;
  if (const auto at = state_->ledger().height_at(time_ms); at.has_value()) {
    height = *at;
  } else if (at.error().reason != Reason::kNotFound) {
    return std::unexpected(at.error());
  }
  return status_from(credential::status_at_time(found.message, time_ms), height, time_ms);
}

Result<ledger::Receipt> CredentialDesk::receipt(std::string_view id) const {
  const ledger::Ledger& ledger = state_->ledger();
  ASSIGN_OR_RETURN(const auto found, find_record<wire::Credential>(ledger, "credential", "credential", id));
  if (!found.has_value()) return ledger.prove_record("credential", "credential", as_bytes(id));
  ASSIGN_OR_RETURN(const std::uint64_t leaf, state_->issued.leaf_of(ledger, found->message.issued_height(), id));
  const std::vector<ledger::RecordKey> keys = {{"credential", "credential", to_bytes(id)}};
  return ledger.receipt(leaf, keys);
}

}  // namespace chancery::node
