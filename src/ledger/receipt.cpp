#include "ledger/receipt.h"

#include "base/json.h"
#include "base/json_reader.h"
#include "ledger/strict_cbor.h"

namespace chancery::ledger {

namespace {

constexpr std::string_view kFormat = "chancery-receipt-v1";
constexpr std::size_t kMaxInclusionProof = 64;
constexpr std::size_t kMaxRecords = 64;
constexpr std::size_t kMaxSigners = 16;

Json to_json_value(const Receipt& receipt) {
  Json out = {{"format", kFormat}, {"network", to_hex(receipt.network_id)}, {"checkpoint", receipt.checkpoint}};
  if (!receipt.entry.empty()) {
    out["leaf_index"] = receipt.leaf_index;
    out["entry"] = to_base64(receipt.entry);
    Json proof = Json::array();
    for (const Digest& hash : receipt.inclusion_proof) proof.push_back(to_base64(hash));
    out["inclusion_proof"] = std::move(proof);
    Json keys = Json::array();
    for (const crypto::PublicKey& key : receipt.signer_keys) {
      keys.push_back({{"algorithm", crypto::to_string(key.algorithm)}, {"public_key", to_hex(key.bytes)}});
    }
    out["signer_keys"] = std::move(keys);
  }
  if (!receipt.records.empty()) {
    Json records = Json::array();
    for (const RecordProof& record : receipt.records) {
      records.push_back({{"contract", record.contract},
                         {"collection", record.collection},
                         {"key", to_base64(record.key)},
                         {"value", record.value ? Json(to_base64(*record.value)) : Json(nullptr)},
                         {"proof", to_base64(record.proof)}});
    }
    out["records"] = std::move(records);
  }
  return out;
}

Status read_transaction_part(JsonReader& reader, Receipt& out) {
  ASSIGN_OR_RETURN(out.leaf_index, reader.required_unsigned("leaf_index"));
  ASSIGN_OR_RETURN(out.entry, reader.required_base64("entry", 65'535));
  if (out.entry.empty()) return reader.refuse("entry", "must not be empty");
  ASSIGN_OR_RETURN(const auto proof, reader.required_strings("inclusion_proof", kMaxInclusionProof, 44));
  for (const std::string& text : proof) {
    const auto bytes = from_base64(text);
    const auto hash = bytes ? to_digest(*bytes) : std::nullopt;
    if (!hash) return reader.refuse("inclusion_proof", "must hold base64 of 32 bytes");
    out.inclusion_proof.push_back(*hash);
  }
  ASSIGN_OR_RETURN(auto keys, reader.required_objects("signer_keys", kMaxSigners));
  for (JsonReader& one : keys) {
    ASSIGN_OR_RETURN(const std::string name, one.required_string("algorithm", 32));
    const auto algorithm = crypto::signature_algorithm_from_string(name);
    if (!algorithm) return one.refuse("algorithm", "no such algorithm");
    ASSIGN_OR_RETURN(const Bytes bytes, one.required_hex("public_key", 65));
    ASSIGN_OR_RETURN(auto key, crypto::PublicKey::parse(*algorithm, bytes));
    TRY(one.refuse_unknown_members());
    out.signer_keys.push_back(std::move(key));
  }
  return {};
}

Status read_records(JsonReader& reader, Receipt& out) {
  ASSIGN_OR_RETURN(auto records, reader.required_objects("records", kMaxRecords));
  for (JsonReader& one : records) {
    RecordProof record;
    ASSIGN_OR_RETURN(record.contract, one.required_string("contract", 64, 1));
    ASSIGN_OR_RETURN(record.collection, one.required_string("collection", 64, 1));
    ASSIGN_OR_RETURN(record.key, one.required_base64("key", 1024));
    ASSIGN_OR_RETURN(const Json* value, one.required_any("value"));
    if (!value->is_null()) {
      ASSIGN_OR_RETURN(record.value, one.required_base64("value", 256U << 10));
    }
    ASSIGN_OR_RETURN(record.proof, one.required_base64("proof", kReceiptLimitBytes));
    TRY(one.refuse_unknown_members());
    out.records.push_back(std::move(record));
  }
  return {};
}

Result<Receipt> from_json_value(const Json& value) {
  Receipt out;
  JsonReader reader(value);
  ASSIGN_OR_RETURN(const std::string format, reader.required_string("format", 64));
  if (format != kFormat) return reader.refuse("format", "must be chancery-receipt-v1");
  ASSIGN_OR_RETURN(out.network_id, reader.required_digest("network"));
  ASSIGN_OR_RETURN(out.checkpoint, reader.required_string("checkpoint", merkle::kMaxNoteBytes, 1));
  if (reader.has("entry")) TRY(read_transaction_part(reader, out));
  if (reader.has("records")) TRY(read_records(reader, out));
  TRY(reader.refuse_unknown_members());
  if (out.entry.empty() && out.records.empty()) return fail(Reason::kMalformed, "the receipt proves nothing");
  return out;
}

}  // namespace

std::string Receipt::to_json() const {
  return to_json_value(*this).dump(1) + "\n";
}

Bytes Receipt::to_cbor() const {
  return Json::to_cbor(to_json_value(*this));
}

Result<Receipt> Receipt::parse_json(std::string_view text) {
  ASSIGN_OR_RETURN(const Json value, chancery::parse_json(text, {.max_bytes = kReceiptLimitBytes, .max_depth = 8}));
  return from_json_value(value);
}

Result<Receipt> Receipt::parse_cbor(BytesView bytes) {
  if (bytes.size() > kReceiptLimitBytes) return fail(Reason::kTooLarge, "a receipt has at most 4 MiB");
  ASSIGN_OR_RETURN(const Json value, parse_strict_cbor(bytes, 8));
  ASSIGN_OR_RETURN(Receipt receipt, from_json_value(value));
  // One encoding a receipt: whatever else means the same is refused.
  if (receipt.to_cbor() != to_bytes(bytes)) return fail(Reason::kMalformed, "not the canonical CBOR of a receipt");
  return receipt;
}

Result<Receipt> Receipt::parse(BytesView bytes) {
  const bool json = !bytes.empty() && (bytes.front() == '{' || bytes.front() == ' ' || bytes.front() == '\n');
  return json ? parse_json(as_text(bytes)) : parse_cbor(bytes);
}

}  // namespace chancery::ledger
