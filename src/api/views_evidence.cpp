#include <algorithm>

#include "api/time_text.h"
#include "api/views.h"

namespace chancery::api {

Json view_of(const node::EvidenceView& evidence) {
  Json custody = Json::array();
  for (const auto& transfer : evidence.custody) {
    custody.push_back({{"to", transfer.to},
                       {"height", transfer.height},
                       {"time", rfc3339(transfer.time_ms)},
                       {"actor", transfer.actor}});
  }
  Json out = {{"number", evidence.number},
              {"count", evidence.count},
              {"size_bytes", evidence.size_bytes},
              {"media_type", evidence.media_type},
              {"phase", evidence.phase},
              {"phase_name", names(evidence.phase_zh, evidence.phase_en)},
              {"owner", evidence.owner},
              {"owner_name", names(evidence.owner_name_zh, evidence.owner_name_en)},
              {"depositor", evidence.depositor},
              {"collector", evidence.collector},
              {"deposited_height", evidence.deposited_height},
              {"deposited_at", rfc3339(evidence.deposited_ms)},
              {"custody", std::move(custody)},
              {"height", evidence.height},
              {"etag", etag_of(evidence)}};
  if (evidence.sm3) out["sm3"] = to_hex(*evidence.sm3);
  if (evidence.sha256) out["sha256"] = to_hex(*evidence.sha256);
  if (evidence.batch_root) {
    out["batch_root"] = to_hex(*evidence.batch_root);
    out["batch_hash"] = evidence.batch_hash;
  }
  if (evidence.environment) out["environment"] = to_hex(*evidence.environment);
  if (!evidence.matter.empty()) {
    out["matter"] = evidence.matter;
    out["matter_index"] = evidence.matter_index;
  }
  if (!evidence.previous.empty()) out["previous"] = evidence.previous;
  return out;
}

std::string etag_of(const node::EvidenceView& evidence) {
  std::uint64_t height = evidence.deposited_height;
  if (!evidence.custody.empty()) height = std::max(height, evidence.custody.back().height);
  return std::to_string(height) + "-" + evidence.etag;
}

Json view_of(const readmodel::EvidenceRow& row) {
  Json out = {{"number", row.number},
              {"owner", row.organisation.empty() ? "@" + row.account : row.organisation},
              {"depositor", row.account},
              {"phase", row.phase},
              {"count", row.count},
              {"size_bytes", row.size_bytes},
              {"deposited_height", row.height},
              {"deposited_at", rfc3339(row.time_ms)},
              {"leaf_index", row.leaf_index}};
  if (!row.digest_sm3.empty()) out["sm3"] = to_hex(row.digest_sm3);
  if (!row.digest_sha256.empty()) out["sha256"] = to_hex(row.digest_sha256);
  if (!row.batch_root.empty()) out["batch_root"] = to_hex(row.batch_root);
  if (!row.matter.empty()) out["matter"] = row.matter;
  if (!row.media_type.empty()) out["media_type"] = row.media_type;
  if (!row.previous_number.empty()) out["previous"] = row.previous_number;
  return out;
}

}  // namespace chancery::api
