#include "cli/verdict_of_receipt.h"

#include <fmt/core.h>

#include <span>

#include "base/json.h"
#include "base/json_reader.h"
#include "contracts/credential.pb.h"
#include "contracts/credential/issuance.h"
#include "contracts/credential/status.h"
#include "contracts/credential/words.h"
#include "contracts/evidence/batch_item.h"
#include "crypto/hash.h"

namespace chancery::cli {
namespace {

constexpr std::string_view kReceiptFormat = "chancery-receipt-v1";
constexpr std::string_view kBatchFormat = "chancery-batch-receipt-v1";
constexpr std::string_view kBatchListFormat = "chancery-batch-receipts-v1";

FileVerdict from_verification(std::string_view kind, const ledger::Verification& verification) {
  FileVerdict verdict;
  verdict.kind = kind;
  verdict.passed = verification.passed;
  verdict.failure = verification.failure;
  verdict.steps = verification.steps;
  if (verification.checkpoint) {
    verdict.height = verification.checkpoint->height;
    verdict.time_ms = verification.checkpoint->time_ms;
  }
  if (verification.entry) verdict.transaction = to_hex(verification.transaction_id);
  return verdict;
}

FileVerdict refusal(std::string_view kind, Reason reason, std::string zh, std::string en) {
  FileVerdict verdict;
  verdict.kind = kind;
  verdict.failure = reason;
  verdict.steps.push_back({"format", false, std::move(zh), std::move(en)});
  return verdict;
}

void add_step(FileVerdict& verdict, bool ok, std::string zh, std::string en) {
  verdict.steps.push_back({"status", ok, std::move(zh), std::move(en)});
  if (!ok) {
    verdict.passed = false;
    verdict.failure = Reason::kProofInvalid;
  }
}

/// Says what the proven record of the credential tells about the moment. Only called when all proofs hold.
void answer(const CredentialQuestion& question, const ledger::Receipt& receipt, FileVerdict& verdict) {
  namespace credential = contracts::credential;
  for (const ledger::RecordProof& proof : receipt.records) {
    if (proof.contract != "credential" || proof.collection != "credential" || as_text(proof.key) != question.id)
      continue;
    if (!proof.value) {
      verdict.status = "unknown";
      return add_step(verdict, question.expect.empty() || question.expect == "unknown",
                      fmt::format("证照 {} 在第 {} 区块时不存在。", question.id, verdict.height),
                      fmt::format("There is no credential {} as of block {}.", question.id, verdict.height));
    }
    wire::Credential record;
    if (!record.ParseFromArray(proof.value->data(), static_cast<int>(proof.value->size()))) {
      return add_step(verdict, false, "证照记录无法解析。", "The credential's record cannot be decoded.");
    }
    // A proof speaks for the past and its own moment: what comes after its checkpoint it cannot know.
    const bool later = (question.at.height && *question.at.height > verdict.height) ||
                       (question.at.time_ms && *question.at.time_ms > verdict.time_ms);
    if (later) {
      return add_step(
          verdict, false,
          fmt::format("凭证只证明到第 {} 区块（{}）；请取较新的凭证。", verdict.height, show_time(verdict.time_ms)),
          fmt::format("The receipt speaks up to block {} ({}); get a newer one.", verdict.height,
                      show_time(verdict.time_ms)));
    }
    credential::StatusAt at;
    std::string moment;
    if (question.at.time_ms) {
      at = credential::status_at_time(record, *question.at.time_ms);
      moment = show_time(*question.at.time_ms);
    } else {
      const std::uint64_t height = question.at.height.value_or(verdict.height);
      // The block time of an earlier height is not in the record: changes go by height, the period by the checkpoint.
      at = credential::status_at_block(record, height, verdict.time_ms);
      moment = fmt::format("#{}", height);
    }
    const credential::StatusWords& words = credential::status_words(at.status);
    verdict.status = words.code;
    return add_step(
        verdict, question.expect.empty() || question.expect == words.code,
        fmt::format("证照 {} 在 {} 的状态：{}（自第 {} 区块起）。", question.id, moment, words.zh, at.since_height),
        fmt::format("Credential {} at {}: {} (since block {}).", question.id, moment, words.en, at.since_height));
  }
  add_step(verdict, false, fmt::format("凭证中没有证照 {} 的记录证明。", question.id),
           fmt::format("The receipt has no proof of the record of credential {}.", question.id));
}

/// A transaction beside a credential's record must be the one that issued it.
void check_issuance(const ledger::Receipt& receipt, const wire::Entry& entry, FileVerdict& verdict) {
  for (const ledger::RecordProof& proof : receipt.records) {
    wire::Credential record;
    if (proof.contract != "credential" || proof.collection != "credential" || !proof.value ||
        !record.ParseFromArray(proof.value->data(), static_cast<int>(proof.value->size()))) {
      continue;
    }
    auto finding = contracts::credential::check_issuance(as_text(proof.key), record, entry);
    verdict.steps.push_back({"issuance", finding.held, std::move(finding.text_zh), std::move(finding.text_en)});
    if (finding.held) continue;
    verdict.passed = false;
    verdict.failure = Reason::kProofInvalid;
  }
}

FileVerdict verify_one(BytesView content, bool is_json, const ledger::TrustFile& trust,
                       const CredentialQuestion& question) {
  const ledger::Verification verification = ledger::verify_receipt_bytes(content, trust);
  FileVerdict verdict = from_verification(kReceiptFormat, verification);
  if (!verdict.passed) return verdict;
  const auto receipt = is_json ? ledger::Receipt::parse_json(as_text(content)) : ledger::Receipt::parse_cbor(content);
  if (!receipt) return verdict;
  if (verification.entry) check_issuance(*receipt, *verification.entry, verdict);
  if (!verdict.passed) return verdict;
  if (!question.id.empty()) {
    answer(question, *receipt, verdict);
    return verdict;
  }
  // Nobody asked, but whoever reads "verified" must also read that it is a revoked one that was verified.
  for (const ledger::RecordProof& proof : receipt->records) {
    if (proof.contract != "credential" || proof.collection != "credential") continue;
    CredentialQuestion every = question;
    every.id = as_text(proof.key);
    answer(every, *receipt, verdict);
  }
  return verdict;
}

/// The evidence record that the receipt proves; to be asked only when the receipt was verified.
std::optional<wire::Evidence> proven_evidence(std::string_view receipt_json) {
  const auto receipt = ledger::Receipt::parse_json(receipt_json);
  if (!receipt) return std::nullopt;
  for (const ledger::RecordProof& proof : receipt->records) {
    if (proof.contract != "evidence" || proof.collection != "evidence" || !proof.value) continue;
    wire::Evidence record;
    if (record.ParseFromArray(proof.value->data(), static_cast<int>(proof.value->size()))) return record;
  }
  return std::nullopt;
}

void check_item(const contracts::evidence::BatchItem& item, const wire::Evidence& record, FileVerdict& verdict) {
  const Status held = contracts::evidence::verify_item(item, record);
  verdict.steps.push_back(
      {"item", held.has_value(),
       held ? fmt::format("摘要是该批存证 {} 项中的第 {} 项。", item.count, item.index)
            : std::string("摘要不在该批存证中。"),
       held ? fmt::format("The digest is item {} of the {} of this batch deposit.", item.index, item.count)
            : "The digest is not in this batch deposit: " + held.error().detail});
  verdict.passed = held.has_value();
  if (!held) verdict.failure = held.error().reason;
}

FileVerdict verify_batch_item(std::string_view text, const ledger::TrustFile& trust) {
  const auto parsed = contracts::evidence::parse_batch_receipt(text);
  if (!parsed) {
    return refusal(kBatchFormat, parsed.error().reason, "批量凭证格式不正确。",
                   "The batch receipt is malformed: " + parsed.error().detail);
  }
  FileVerdict verdict =
      from_verification(kBatchFormat, ledger::verify_receipt_bytes(as_bytes(parsed->receipt_json), trust));
  if (!verdict.passed) return verdict;
  const auto record = proven_evidence(parsed->receipt_json);
  if (!record) {
    add_step(verdict, false, "凭证没有证明存证记录。", "The receipt does not prove an evidence record.");
    return verdict;
  }
  check_item(parsed->item, *record, verdict);
  return verdict;
}

/// An item line of a list: { "digest", "index", "count", "proof": [...] }.
Result<contracts::evidence::BatchItem> item_of_line(std::string_view line, crypto::HashAlgorithm hash) {
  ASSIGN_OR_RETURN(const Json document, parse_json(line));
  JsonReader reader(document);
  contracts::evidence::BatchItem item;
  item.hash = hash;
  ASSIGN_OR_RETURN(item.digest, reader.required_digest("digest"));
  ASSIGN_OR_RETURN(item.index, reader.required_unsigned("index"));
  ASSIGN_OR_RETURN(item.count, reader.required_unsigned("count"));
  ASSIGN_OR_RETURN(const auto proof, reader.required_strings("proof", 20, 44));
  for (const std::string& text : proof) {
    const auto bytes = from_base64(text);
    const auto digest = bytes ? to_digest(*bytes) : std::nullopt;
    if (!digest) return reader.refuse("proof", "each must be the base64 of 32 bytes");
    item.proof.push_back(*digest);
  }
  return item;
}

/// All items of a batch at once: the ledger's receipt is checked once, each item against it.
FileVerdict verify_batch_list(std::span<const std::string_view> lines, const ledger::TrustFile& trust) {
  const auto head = parse_json(lines.front());
  if (!head || !head->contains("receipt")) {
    return refusal(kBatchListFormat, Reason::kMalformed, "批量凭证列表格式不正确。",
                   "The list of batch receipts is malformed.");
  }
  const std::string receipt_json = (*head)["receipt"].dump();
  FileVerdict verdict =
      from_verification(kBatchListFormat, ledger::verify_receipt_bytes(as_bytes(receipt_json), trust));
  if (!verdict.passed) return verdict;
  const auto record = proven_evidence(receipt_json);
  if (!record) {
    add_step(verdict, false, "凭证没有证明存证记录。", "The receipt does not prove an evidence record.");
    return verdict;
  }
  const auto hash = static_cast<crypto::HashAlgorithm>(record->batch().hash_algorithm());
  std::uint64_t held = 0;
  for (const std::string_view line : lines.subspan(1)) {
    if (line.empty()) continue;
    const auto item = item_of_line(line, hash);
    if (!item)
      return refusal(kBatchListFormat, item.error().reason, "列表中有一行格式不正确。",
                     "A line of the list is malformed: " + item.error().detail);
    const Status ok = contracts::evidence::verify_item(*item, *record);
    if (!ok) {
      check_item(*item, *record, verdict);
      return verdict;
    }
    ++held;
  }
  verdict.steps.push_back(
      {"items", true, fmt::format("列表中 {} 项均在该批存证（共 {} 项）中。", held, record->batch().count()),
       fmt::format("All {} items of the list are in this batch deposit of {}.", held, record->batch().count())});
  return verdict;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::string format_of(std::string_view json_text) {
  constexpr JsonLimits kLimits{.max_bytes = 64U << 20};
  const auto document = parse_json(json_text, kLimits);
  if (!document || !document->is_object() || !document->contains("format")) return {};
  const Json& format = (*document)["format"];
  return format.is_string() ? format.get<std::string>() : std::string();
}

}  // namespace

bool names_format(std::string_view text, std::string_view format) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' && format_of(text) == format;
}

nlohmann::json FileVerdict::to_json() const {
  nlohmann::json steps_json = nlohmann::json::array();
  for (const ledger::VerificationStep& step : steps) {
    steps_json.push_back({{"name", step.name}, {"ok", step.ok}, {"zh", step.text_zh}, {"en", step.text_en}});
  }
  nlohmann::json out = {
      {"kind", kind}, {"passed", passed}, {"steps", steps_json}, {"height", height}, {"time_ms", time_ms}};
  if (failure) out["failure"] = reason_text(*failure).wire_name;
  if (!transaction.empty()) out["transaction"] = transaction;
  if (!status.empty()) out["status"] = status;
  return out;
}

std::vector<FileVerdict> verify_content(BytesView content, const ledger::TrustFile& trust,
                                        const CredentialQuestion& question) {
  const std::string_view text = as_text(content);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {refusal("unknown", Reason::kMalformed, "文件是空的。", "The file is empty.")};
  }
  if (text[first] != '{') return {verify_one(content, false, trust, question)};
  // NDJSON of a batch: its first line alone is a whole JSON object that names the list format.
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() > 1 && format_of(lines.front()) == kBatchListFormat) {
    return {verify_batch_list(lines, trust)};
  }
  const std::string format = format_of(text);
  if (format == kBatchFormat) {
    return {verify_batch_item(text, trust)};
  }
  return {verify_one(content, true, trust, question)};
}

}  // namespace chancery::cli
