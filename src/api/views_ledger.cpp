#include <algorithm>

#include "api/decode_message.h"
#include "api/time_text.h"
#include "api/views.h"
#include "crypto/signature.h"

namespace chancery::api {

Json names(const std::string& zh, const std::string& en) {
  return {{"zh", zh}, {"en", en.empty() ? zh : en}};
}

std::string readable(BytesView bytes) {
  const std::string_view text = as_text(bytes);
  const bool printable = is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
                           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                         });
  return printable ? std::string(text) : "hex:" + to_hex(bytes);
}

Json view_of(const node::Outcome& outcome) {
  Json out = {{"id", to_hex(outcome.id)}, {"stage", node::to_string(outcome.stage)}};
  if (outcome.stage == node::Stage::kFinal) {
    out["height"] = outcome.height;
    out["leaf_index"] = outcome.leaf_index;
  }
  if (outcome.error) {
    out["code"] = reason_text(outcome.error->reason).wire_name;
    out["detail"] = outcome.error->detail;
  }
  return out;
}

Json view_of(const ledger::Verification& verification, Language language) {
  Json steps = Json::array();
  for (const auto& step : verification.steps) {
    steps.push_back(
        {{"name", step.name}, {"ok", step.ok}, {"text", language == Language::kZhCn ? step.text_zh : step.text_en}});
  }
  Json out = {{"passed", verification.passed}, {"steps", std::move(steps)}};
  if (verification.failure) {
    const ReasonText& text = reason_text(*verification.failure);
    out["code"] = text.wire_name;
    out["title"] = text.title(language);
    out["remedy"] = text.remedy(language);
  }
  if (verification.checkpoint) {
    const auto& checkpoint = *verification.checkpoint;
    out["checkpoint"] = {{"origin", checkpoint.origin},
                         {"size", checkpoint.size},
                         {"root", to_hex(checkpoint.root)},
                         {"height", checkpoint.height},
                         {"time", rfc3339(checkpoint.time_ms)}};
  }
  if (verification.entry) {
    out["transaction"] = {{"id", to_hex(verification.transaction_id)},
                          {"height", verification.entry->height()},
                          {"time", rfc3339(verification.entry->time_ms())},
                          {"code", verification.entry->reason()}};
  }
  return out;
}

Json view_of(const wire::StoredBlock& block) {
  const auto& header = block.header();
  return {{"height", header.height()},
          {"time", rfc3339(header.time_ms())},
          {"protocol_version", header.protocol_version()},
          {"hash", to_hex(as_bytes(block.block_hash()))},
          {"previous_hash", to_hex(as_bytes(header.previous_block_hash()))},
          {"first_leaf", header.first_leaf()},
          {"count", header.count()},
          {"entries_hash", to_hex(as_bytes(header.entries_hash()))},
          {"state_root", to_hex(as_bytes(header.state_root()))},
          {"history_root", to_hex(as_bytes(header.history_root()))},
          {"validators_hash", to_hex(as_bytes(header.validators_hash()))},
          {"checkpoint", block.checkpoint()}};
}

Json view_of(const wire::Entry& entry, std::uint64_t leaf_index, const Digest& id) {
  Json out = {{"id", to_hex(id)},
              {"leaf_index", leaf_index},
              {"height", entry.height()},
              {"position", entry.position()},
              {"time", rfc3339(entry.time_ms())},
              {"took_effect", entry.reason().empty()}};
  if (!entry.reason().empty()) {
    out["code"] = entry.reason();
    out["detail"] = entry.detail();
  }
  wire::Transaction transaction;
  wire::Body body;
  // The ledger took it, so it decodes; if the store disagrees, the rest is shown without it.
  if (!transaction.ParseFromString(entry.transaction()) || !body.ParseFromString(transaction.body())) return out;
  Json signatures = Json::array();
  for (const auto& signature : transaction.signatures()) {
    const auto algorithm = crypto::signature_algorithm_from_number(signature.algorithm());
    signatures.push_back({{"account", signature.account()},
                          {"key_id", to_hex(as_bytes(signature.key_id()))},
                          {"algorithm", algorithm ? crypto::to_string(*algorithm) : std::string_view("unknown")}});
  }
  Json calls = Json::array();
  for (const auto& call : body.calls()) {
    Json shown = {{"contract", call.contract()}, {"method", call.method()}, {"args", to_base64(as_bytes(call.args()))}};
    if (auto decoded = decode_arguments(call.contract(), call.method(), as_bytes(call.args()))) {
      shown["arguments"] = std::move(*decoded);
    }
    calls.push_back(std::move(shown));
  }
  Json events = Json::array();
  for (const auto& event : entry.events()) {
    const bool known = event.call() < static_cast<std::uint32_t>(body.calls_size());
    events.push_back(
        {{"type", (known ? body.calls(static_cast<int>(event.call())).contract() + "." : "") + event.name()},
         {"subject", readable(as_bytes(event.subject()))}});
  }
  Json outputs = Json::array();
  for (const auto& output : entry.outputs()) outputs.push_back(to_base64(as_bytes(output)));
  out["not_before"] = rfc3339(body.not_before_ms());
  out["not_after"] = rfc3339(body.not_after_ms());
  out["memo"] = body.memo();
  out["signatures"] = std::move(signatures);
  out["calls"] = std::move(calls);
  out["events"] = std::move(events);
  out["outputs"] = std::move(outputs);
  return out;
}

Json view_of(const readmodel::TransactionRow& row) {
  Json out = {{"id", to_hex(row.id)}, {"leaf_index", row.leaf_index}, {"account", row.account},
              {"call", row.call},     {"calls", row.calls},           {"took_effect", row.reason.empty()},
              {"height", row.height}, {"time", rfc3339(row.time_ms)}};
  if (!row.reason.empty()) out["code"] = row.reason;
  return out;
}

Json view_of(const readmodel::BlockRow& row) {
  return {{"height", row.height}, {"time", rfc3339(row.time_ms)}, {"first_leaf", row.first_leaf}, {"count", row.count}};
}

}  // namespace chancery::api
