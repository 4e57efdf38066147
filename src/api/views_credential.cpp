#include <algorithm>

#include "api/time_text.h"
#include "api/views.h"

namespace chancery::api {

Json view_of(const node::CredentialView& credential) {
  Json changes = Json::array();
  for (const auto& change : credential.changes) {
    changes.push_back({{"status", change.status},
                       {"height", change.height},
                       {"time", rfc3339(change.time_ms)},
                       {"reason", change.reason},
                       {"reason_text", names(change.reason_zh, change.reason_en)},
                       {"actor", change.actor}});
  }
  Json annotations = Json::array();
  for (const auto& annotation : credential.annotations) {
    annotations.push_back({{"height", annotation.height},
                           {"time", rfc3339(annotation.time_ms)},
                           {"commitment", to_hex(annotation.commitment)},
                           {"actor", annotation.actor}});
  }
  Json out = {{"id", credential.id},
              {"type", credential.type},
              {"type_version", credential.type_version},
              {"type_name", names(credential.type_name_zh, credential.type_name_en)},
              {"issuer", credential.issuer},
              {"issuer_name", names(credential.issuer_name_zh, credential.issuer_name_en)},
              {"holder", to_hex(credential.holder)},
              {"fields_root", to_hex(credential.fields_root)},
              {"version", credential.version},
              {"status", credential.status},
              {"valid_from", rfc3339(credential.valid_from_ms)},
              {"issued_height", credential.issued_height},
              {"issued_at", rfc3339(credential.issued_ms)},
              {"issued_by", credential.issued_by},
              {"changes", std::move(changes)},
              {"annotations", std::move(annotations)},
              {"height", credential.height},
              {"etag", etag_of(credential)}};
  if (credential.valid_until_ms != 0) out["valid_until"] = rfc3339(credential.valid_until_ms);
  if (!credential.previous.empty()) out["previous"] = credential.previous;
  if (!credential.next.empty()) out["next"] = credential.next;
  return out;
}

std::string etag_of(const node::CredentialView& credential) {
  std::uint64_t height = credential.issued_height;
  if (!credential.changes.empty()) height = std::max(height, credential.changes.back().height);
  if (!credential.annotations.empty()) height = std::max(height, credential.annotations.back().height);
  return std::to_string(height) + "-" + credential.etag;
}

Json view_of(const node::Verdict& verdict) {
  Json out = {{"verdict", node::to_string(verdict.kind)},
              {"word", names(verdict.word_zh, verdict.word_en)},
              {"next_step", names(verdict.next_step_zh, verdict.next_step_en)},
              {"checked_height", verdict.checked_height},
              {"checked_at", rfc3339(verdict.checked_ms)}};
  if (verdict.kind != node::VerdictKind::kUnknown) {
    out["since_height"] = verdict.since_height;
    out["since"] = rfc3339(verdict.since_ms);
  }
  if (!verdict.by.empty()) {
    out["by"] = verdict.by;
    out["by_name"] = names(verdict.by_zh, verdict.by_en);
  }
  if (!verdict.reason_code.empty()) out["reason"] = verdict.reason_code;
  return out;
}

Json view_of(const node::StatusAt& status) {
  Json out = {{"status", status.status}, {"reason", status.reason}};
  if (status.since_ms != 0) {
    out["since_height"] = status.since_height;
    out["since"] = rfc3339(status.since_ms);
  }
  if (status.height != 0) out["at_height"] = status.height;
  if (status.time_ms != 0) out["at_time"] = rfc3339(status.time_ms);
  return out;
}

Json view_of(const readmodel::CredentialRow& row) {
  Json out = {{"id", row.id},
              {"type", row.type},
              {"issuer", row.issuer},
              {"holder_prefix", to_hex(row.holder_prefix)},
              {"version", row.version},
              {"status", row.status},
              {"reason", row.reason_code},
              {"issued_height", row.issued_height},
              {"issued_at", rfc3339(row.issued_ms)},
              {"leaf_index", row.leaf_index}};
  if (row.valid_from_ms != 0) out["valid_from"] = rfc3339(row.valid_from_ms);
  if (row.valid_until_ms != 0) out["valid_until"] = rfc3339(row.valid_until_ms);
  if (row.status_since_height != 0) {
    out["status_since_height"] = row.status_since_height;
    out["status_since"] = rfc3339(row.status_since_ms);
  }
  return out;
}

Json view_of(const readmodel::CredentialTypeRow& row) {
  return {{"id", row.id},
          {"name", names(row.name_zh, row.name_en)},
          {"issued", row.issued},
          {"defined_height", row.defined_height}};
}

}  // namespace chancery::api
