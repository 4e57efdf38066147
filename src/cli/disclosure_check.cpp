#include "cli/disclosure_check.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json_reader.h"
#include "contracts/credential.pb.h"
#include "contracts/credential/commitment.h"
#include "contracts/credential/status.h"
#include "contracts/credential/words.h"
#include "documents/jose/jwk.h"
#include "documents/sd_jwt/sd_jwt.h"
#include "documents/sd_jwt/sd_jwt_vc.h"

namespace chancery::cli {
namespace {

namespace credential = contracts::credential;
constexpr std::string_view kSdJwtKind = "sd-jwt";

/// Collects steps; after the first failure nothing more is believed.
class Steps {
 public:
  explicit Steps(std::string_view kind) {
    verdict_.kind = kind;
    verdict_.passed = true;
  }
  bool add(bool ok, std::string_view name, std::string zh, std::string en, Reason reason = Reason::kProofInvalid) {
    verdict_.steps.push_back({std::string(name), ok, std::move(zh), std::move(en)});
    if (!ok && verdict_.passed) {
      verdict_.passed = false;
      verdict_.failure = reason;
    }
    return ok;
  }
  /// Takes over the receipt's own steps.
  bool add_receipt(const FileVerdict& receipt) {
    for (const auto& step : receipt.steps) verdict_.steps.push_back(step);
    verdict_.height = receipt.height;
    verdict_.time_ms = receipt.time_ms;
    verdict_.passed = verdict_.passed && receipt.passed;
    if (!receipt.passed) verdict_.failure = receipt.failure;
    return receipt.passed;
  }
  FileVerdict& verdict() { return verdict_; }

 private:
  FileVerdict verdict_;
};

/// The record that a verified receipt proves for this credential.
std::optional<wire::Credential> proven_record(BytesView receipt_bytes, std::string_view id) {
  const bool is_json = as_text(receipt_bytes).find_first_not_of(" \t\r\n") != std::string_view::npos &&
                       as_text(receipt_bytes)[as_text(receipt_bytes).find_first_not_of(" \t\r\n")] == '{';
  const auto receipt =
      is_json ? ledger::Receipt::parse_json(as_text(receipt_bytes)) : ledger::Receipt::parse_cbor(receipt_bytes);
  if (!receipt) return std::nullopt;
  for (const ledger::RecordProof& proof : receipt->records) {
    if (proof.contract != "credential" || proof.collection != "credential" || as_text(proof.key) != id || !proof.value)
      continue;
    wire::Credential record;
    if (record.ParseFromArray(proof.value->data(), static_cast<int>(proof.value->size()))) return record;
  }
  return std::nullopt;
}

bool check_status(const wire::Credential& record, Steps& steps) {
  const credential::StatusAt at = credential::status_at_block(record, steps.verdict().height, steps.verdict().time_ms);
  const credential::StatusWords& words = credential::status_words(at.status);
  steps.verdict().status = words.code;
  return steps.add(at.status == wire::CREDENTIAL_STATUS_VALID, "status",
                   fmt::format("证照在第 {} 区块时的状态：{}。", steps.verdict().height, words.zh),
                   fmt::format("The credential's status as of block {}: {}.", steps.verdict().height, words.en));
}

/// The receipt's steps, then the record of `id` in it.
std::optional<wire::Credential> record_of(const std::string& id, const DisclosureSupport& support,
                                          const ledger::TrustFile& trust, Steps& steps) {
  if (!support.receipt) {
    steps.add(false, "receipt", "需要 --receipt：证明该证照记录的凭证。",
              "--receipt is needed: a receipt that proves the credential's record.");
    return std::nullopt;
  }
  if (!steps.add_receipt(verify_content(*support.receipt, trust, {}).front())) return std::nullopt;
  auto record = proven_record(*support.receipt, id);
  if (!record)
    steps.add(false, "record", fmt::format("凭证没有证明证照 {} 的记录。", id),
              fmt::format("The receipt does not prove the record of {}.", id));
  return record;
}

Status check_field(JsonReader& field, crypto::HashAlgorithm hash, const Digest& root, std::uint64_t count) {
  ASSIGN_OR_RETURN(const std::string name, field.required_string("name", 1'000, 1));
  ASSIGN_OR_RETURN(const Json* value, field.required_any("value"));
  ASSIGN_OR_RETURN(const Bytes salt_bytes, field.required_base64("salt", 16));
  credential::FieldProof proof;
  proof.count = count;
  ASSIGN_OR_RETURN(proof.index, field.required_unsigned("index"));
  ASSIGN_OR_RETURN(const auto path, field.required_strings("proof", 16, 44));
  for (const std::string& text : path) {
    const auto bytes = from_base64(text);
    const auto digest = bytes ? to_digest(*bytes) : std::nullopt;
    if (!digest) return field.refuse("proof", "each must be the base64 of 32 bytes");
    proof.path.push_back(*digest);
  }
  TRY(field.refuse_unknown_members());
  credential::Salt salt{};
  if (salt_bytes.size() != salt.size()) return field.refuse("salt", "must have 16 bytes");
  std::ranges::copy(salt_bytes, salt.begin());
  return credential::verify_field(hash, root, proof, salt, name, *value);
}

}  // namespace

bool looks_like_sd_jwt(std::string_view content) {
  const std::size_t first = content.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && content[first] == 'e' && content.find('~') != std::string_view::npos;
}

FileVerdict verify_fields(std::string_view json_text, const DisclosureSupport& support,
                          const ledger::TrustFile& trust) {
  Steps steps(kFieldsFormat);
  const auto document = parse_json(json_text);
  const Json whole = document ? *document : Json();
  JsonReader reader(whole);
  const auto id = reader.required_string("credential", 200, 1);
  const auto count = reader.required_unsigned("count", credential::kMaxFields);
  auto fields = reader.required_objects("fields", credential::kMaxFields);
  if (!steps.add(id && count && fields && !fields->empty(), "format", "字段证明的结构", "The form of the field proofs.",
                 Reason::kMalformed))
    return steps.verdict();
  const auto record = record_of(*id, support, trust, steps);
  if (!record || !check_status(*record, steps)) return steps.verdict();
  const auto root = to_digest(as_bytes(record->fields_root()));
  for (JsonReader& field : *fields) {
    const std::string name = field.required_string("name", 1'000).value_or("?");
    const Status held =
        root ? check_field(field, trust.genesis.suite->hash, *root, *count) : fail(Reason::kProofInvalid);
    const Json* value = field.optional_any("value");
    const std::string shown = held && value != nullptr ? value->dump() : std::string("?");
    if (!steps.add(held.has_value(), "field", fmt::format("字段 {} = {} 属于该证照。", name, shown),
                   fmt::format("The field {} = {} belongs to the credential.", name, shown)))
      break;
  }
  return steps.verdict();
}

FileVerdict verify_sd_jwt(std::string_view token, const DisclosureSupport& support, const ledger::TrustFile& trust) {
  Steps steps(kSdJwtKind);
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.remove_suffix(1);
  if (!steps.add(support.issuer_key.has_value(), "issuer", "签发方公钥已给出。",
                 "The issuer's key is given (--issuer-key).", Reason::kProofUntrusted))
    return steps.verdict();
  const auto jwk = documents::parse_jwk(*support.issuer_key);
  const auto parsed = documents::parse_sd_jwt(token);
  if (!steps.add(jwk && parsed, "format", "SD-JWT 的结构", "The form of the SD-JWT.", Reason::kMalformed))
    return steps.verdict();
  documents::CredentialPolicy policy;
  policy.now_s = support.now_ms / 1'000;
  // The key is what is trusted; the issuer's name is believed because the key signs it.
  policy.issuers.push_back({parsed->payload.value("iss", std::string()), {jwk->key.algorithm}, {*jwk}});
  const auto verified = documents::verify_credential(token, policy);
  if (!steps.add(
          verified.has_value(), "signature", "签名、披露与有效期",
          verified ? "Signature, disclosures and dates hold." : "It does not hold: " + verified.error().message()))
    return steps.verdict();
  steps.add(true, "claims",
            fmt::format("{} 签发，披露 {} 项：{}", verified->claims.issuer, verified->disclosures,
                        verified->claims.subject.dump()),
            fmt::format("Issued by {}, {} disclosed: {}", verified->claims.issuer, verified->disclosures,
                        verified->claims.subject.dump()));
  const Json status = verified->claims.status.value_or(Json::object());
  const std::string id = status.value("/chancery/credential"_json_pointer, std::string());
  const bool right_network =
      status.value("/chancery/network"_json_pointer, std::string()) == to_hex(trust.genesis.network_id);
  if (!support.receipt) {
    steps.add(true, "ledger", "未给出 --receipt：没有核对账本上的状态。",
              "No --receipt: the status on the ledger was not looked at.");
    return steps.verdict();
  }
  if (!steps.add(right_network, "network", "凭据指向本网络。", "The credential points to this network.",
                 Reason::kProofUntrusted))
    return steps.verdict();
  if (const auto record = record_of(id, support, trust, steps)) check_status(*record, steps);
  return steps.verdict();
}

}  // namespace chancery::cli
