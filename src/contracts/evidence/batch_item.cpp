#include "contracts/evidence/batch_item.h"

#include <fmt/format.h>

#include <optional>

#include "base/json.h"
#include "base/json_reader.h"
#include "contracts/evidence/records.h"
#include "merkle/inclusion.h"

namespace chancery::contracts::evidence {

namespace {

constexpr std::size_t kMaxProof = 20;  // ceil(log2(1,000,000))

Result<std::vector<Digest>> read_proof(JsonReader& reader) {
  ASSIGN_OR_RETURN(const auto texts, reader.required_strings("proof", kMaxProof, 44));
  std::vector<Digest> out;
  for (const std::string& text : texts) {
    const auto bytes = from_base64(text);
    const auto digest = bytes ? to_digest(*bytes) : std::nullopt;
    if (!digest) return reader.refuse("proof", "each must be the base64 of 32 bytes");
    out.push_back(*digest);
  }
  return out;
}

Result<BatchItem> read_item(JsonReader reader) {
  BatchItem out;
  ASSIGN_OR_RETURN(out.digest, reader.required_digest("digest"));
  ASSIGN_OR_RETURN(out.index, reader.required_unsigned("index", kMaxBatchCount - 1));
  ASSIGN_OR_RETURN(out.count, reader.required_unsigned("count", kMaxBatchCount));
  ASSIGN_OR_RETURN(const std::string hash, reader.required_string("hash", 16));
  const auto algorithm = crypto::hash_algorithm_from_string(hash);
  if (!algorithm) return reader.refuse("hash", "must be sm3 or sha256");
  out.hash = *algorithm;
  ASSIGN_OR_RETURN(out.proof, read_proof(reader));
  TRY(reader.refuse_unknown_members());
  return out;
}

}  // namespace

Status verify_item(const BatchItem& item, const wire::Evidence& record) {
  if (!record.has_batch()) return fail(Reason::kProofInvalid, "the evidence is no batch", "该存证不是批量存证");
  const wire::Batch& batch = record.batch();
  const auto root = to_digest(as_bytes(batch.root()));
  if (!root || batch.count() != item.count || batch.hash_algorithm() != static_cast<std::uint32_t>(item.hash)) {
    return fail(Reason::kProofInvalid, "the item speaks of another count or hash than the batch's record",
                "条目的总数或摘要算法与批量存证记录不一致");
  }
  const Digest leaf = merkle::leaf_hash(item.hash, item.digest);
  return merkle::verify_inclusion(item.hash, leaf, item.index, item.count, item.proof, *root);
}

void append_json(std::string& out, const Digest& digest, std::uint64_t index, std::uint64_t count,
                 crypto::HashAlgorithm hash, std::span<const Digest> proof, std::string_view receipt_json) {
  fmt::format_to(std::back_inserter(out),
                 R"({{"format":"{}","item":{{"digest":"{}","index":{},"count":{},"hash":"{}","proof":[)",
                 kBatchReceiptFormat, to_hex(digest), index, count, crypto::to_string(hash));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    out.append(i == 0 ? "\"" : ",\"").append(to_base64(proof[i])).push_back('"');
  }
  out.append("]},\"receipt\":").append(receipt_json).push_back('}');
}

std::string to_json(const BatchItem& item, std::string_view receipt_json) {
  std::string out;
  append_json(out, item.digest, item.index, item.count, item.hash, item.proof, receipt_json);
  return out;
}

Result<BatchReceipt> parse_batch_receipt(std::string_view text) {
  ASSIGN_OR_RETURN(const Json document, parse_json(text, {.max_bytes = kBatchReceiptLimitBytes, .max_depth = 16}));
  JsonReader reader(document);
  ASSIGN_OR_RETURN(const std::string format, reader.required_string("format", 64));
  if (format != kBatchReceiptFormat) return reader.refuse("format", "must be chancery-batch-receipt-v1");
  ASSIGN_OR_RETURN(const JsonReader item, reader.required_object("item"));
  BatchReceipt out;
  ASSIGN_OR_RETURN(out.item, read_item(item));
  ASSIGN_OR_RETURN(const Json* receipt, reader.required_any("receipt"));
  if (!receipt->is_object()) return reader.refuse("receipt", "must be an object");
  TRY(reader.refuse_unknown_members());
  out.receipt_json = receipt->dump();
  return out;
}

}  // namespace chancery::contracts::evidence
