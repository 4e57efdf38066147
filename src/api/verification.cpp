#include "api/verification.h"

#include <algorithm>

#include "contracts/credential.pb.h"
#include "contracts/credential/issuance.h"
#include "contracts/evidence.pb.h"
#include "contracts/evidence/batch_item.h"

namespace chancery::api {
namespace {

namespace evidence = contracts::evidence;

ledger::VerificationStep step(bool ok, std::string zh, std::string en) {
  return {.name = "batch_item", .ok = ok, .text_zh = std::move(zh), .text_en = std::move(en)};
}

/// The record of the batch among what the receipt proves.
Result<wire::Evidence> proven_batch(const ledger::Receipt& receipt) {
  const auto found =
      std::find_if(receipt.records.begin(), receipt.records.end(), [](const ledger::RecordProof& record) {
        return record.contract == "evidence" && record.collection == "evidence" && record.value.has_value();
      });
  wire::Evidence record;
  if (found == receipt.records.end() ||
      !record.ParseFromArray(found->value->data(), static_cast<int>(found->value->size()))) {
    return fail(Reason::kProofInvalid, "The receipt proves no batch.", "凭证没有证明任何批量存证。");
  }
  return record;
}

Status check_item(const evidence::BatchItem& item, const ledger::Receipt& receipt) {
  ASSIGN_OR_RETURN(const auto record, proven_batch(receipt));
  return evidence::verify_item(item, record);
}

ledger::Verification unreadable(const Error& error) {
  ledger::Verification out;
  out.failure = Reason::kMalformed;
  out.steps.push_back({.name = "structure",
                       .ok = false,
                       .text_zh = error.detail_zh.empty() ? "这不是有效的批内凭证。" : error.detail_zh,
                       .text_en = error.detail});
  return out;
}

ledger::Verification verify_batch_item(std::string_view text, const ledger::TrustFile& trust) {
  const auto parsed = evidence::parse_batch_receipt(text);
  if (!parsed) return unreadable(parsed.error());
  const auto receipt = ledger::Receipt::parse_json(parsed->receipt_json);
  if (!receipt) return unreadable(receipt.error());
  ledger::Verification out = ledger::verify_receipt(*receipt, trust);
  if (!out.passed) return out;
  if (const auto held = check_item(parsed->item, *receipt); !held) {
    out.passed = false;
    out.failure = held.error().reason;
    out.steps.push_back(step(false, "该摘要不在所证明的批次中。", "The digest is not in the batch that is proven."));
    return out;
  }
  out.steps.push_back(step(true, "该摘要位于批次的第 " + std::to_string(parsed->item.index) + " 位（从 0 起）。",
                           "The digest stands at index " + std::to_string(parsed->item.index) + " of the batch."));
  return out;
}

/// A transaction beside a credential's record must be the one that issued it.
void check_issuance(const ledger::Receipt& receipt, ledger::Verification& verification) {
  if (!verification.passed || !verification.entry) return;
  for (const ledger::RecordProof& proof : receipt.records) {
    wire::Credential record;
    if (proof.contract != "credential" || proof.collection != "credential" || !proof.value ||
        !record.ParseFromArray(proof.value->data(), static_cast<int>(proof.value->size()))) {
      continue;
    }
    auto finding = contracts::credential::check_issuance(as_text(proof.key), record, *verification.entry);
    verification.steps.push_back({.name = "issuance",
                                  .ok = finding.held,
                                  .text_zh = std::move(finding.text_zh),
                                  .text_en = std::move(finding.text_en)});
    if (finding.held) continue;
    verification.passed = false;
    verification.failure = Reason::kProofInvalid;
  }
}

}  // namespace

ledger::Verification verify_made(Api& api, const ledger::Receipt& receipt) {
  ledger::Verification out = ledger::verify_receipt(receipt, ledger::TrustFile::of(api.node.genesis()));
  check_issuance(receipt, out);
  return out;
}

ledger::Verification verify_presented(Api& api, BytesView bytes) {
  const auto trust = ledger::TrustFile::of(api.node.genesis());
  // Nothing else in a receipt can hold the name of this format: all text of others is base64 there.
  const bool batch = as_text(bytes).find(evidence::kBatchReceiptFormat) != std::string_view::npos;
  if (batch) return verify_batch_item(as_text(bytes), trust);
  ledger::Verification out = ledger::verify_receipt_bytes(bytes, trust);
  if (const auto receipt = ledger::Receipt::parse(bytes)) check_issuance(*receipt, out);
  return out;
}

}  // namespace chancery::api
