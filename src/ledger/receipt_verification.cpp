#include <fmt/format.h>

#include <set>

#include "ledger/context.h"
#include "ledger/receipt.h"
#include "ledger/transaction.h"
#include "merkle/ics23.h"
#include "merkle/inclusion.h"
#include "merkle/signed_note.h"

namespace chancery::ledger {

namespace {

/// Runs the steps one after another and stops at the first that does not hold.
class Verifier {
 public:
  Verifier(const Receipt& receipt, const TrustFile& trust) : receipt_(receipt), trust_(trust) {}

  Verification run() {
    const bool good =
        network() && checkpoint() && signatures() && (receipt_.entry.empty() || transaction()) && records();
    out_.passed = good;
    if (!good) out_.entry.reset();
    return std::move(out_);
  }

 private:
  bool pass(std::string_view name, std::string zh, std::string en) {
    out_.steps.push_back({std::string(name), true, std::move(zh), std::move(en)});
    return true;
  }
  bool stop(std::string_view name, Reason reason, std::string zh, std::string en) {
    out_.steps.push_back({std::string(name), false, std::move(zh), std::move(en)});
    out_.failure = reason;
    return false;
  }

  bool network() {
    if (receipt_.network_id != trust_.genesis.network_id) {
      return stop("network", Reason::kProofUntrusted, "凭证属于另一个网络，不是信任文件所列的网络。",
                  "The receipt is of another network than the trust file's.");
    }
    return pass("network", fmt::format("凭证属于网络“{}”。", trust_.genesis.name),
                fmt::format("The receipt is of the network \"{}\".", trust_.genesis.name));
  }

  bool checkpoint() {
    auto note = merkle::parse_note(receipt_.checkpoint);
    auto parsed = note ? merkle::parse_checkpoint(note->text) : std::unexpected(note.error());
    if (!parsed) {
      return stop("checkpoint", Reason::kCheckpointInvalid, "检查点格式不正确。",
                  "The checkpoint is malformed: " + parsed.error().detail);
    }
    if (parsed->origin != trust_.genesis.origin || parsed->hash_algorithm != trust_.genesis.suite->hash) {
      return stop("checkpoint", Reason::kCheckpointInvalid, "检查点不是本网络签发的。",
                  "The checkpoint is not of this network.");
    }
    note_ = std::move(*note);
    out_.checkpoint = *parsed;
    return pass("checkpoint", fmt::format("检查点为第 {} 区块，共 {} 笔交易。", parsed->height, parsed->size),
                fmt::format("The checkpoint is of block {}, over {} transactions.", parsed->height, parsed->size));
  }

  /// Every line by a validator's name is checked and must hold; a validator counts once, by the key of the suite.
  bool signatures() {
    const auto& validators = trust_.validators_at(out_.checkpoint->height);
    if (validators_hash(trust_.genesis.suite->hash, validators) != out_.checkpoint->validators_hash) {
      return stop("signatures", Reason::kProofUntrusted, "检查点的验证者集合与信任文件不一致；信任文件可能过旧。",
                  "The checkpoint's validator set is not the trust file's; the trust file may be too old.");
    }
    std::uint64_t total = 0;
    std::uint64_t signed_power = 0;
    std::size_t signers = 0;
    for (const Validator& validator : validators) {
      total += validator.power;
      const auto key =
          merkle::NoteVerifier::make(validator.name, merkle::note_algorithm(validator.key.algorithm), validator.key);
      const auto log_key =
          merkle::NoteVerifier::make(validator.name, merkle::NoteAlgorithm::kEd25519, validator.log_key);
      if (!key || !log_key) {
        return stop("signatures", Reason::kProofUntrusted, "信任文件中的密钥无法使用。",
                    "A key of the trust file is unusable.");
      }
      bool counted = false;
      for (const merkle::NoteSignature& line : note_.signatures) {
        if (line.name != validator.name) continue;
        const bool by_key = line.key_id == key->key_id;
        if (!by_key && line.key_id != log_key->key_id) {
          return stop("signatures", Reason::kProofInvalid, fmt::format("“{}”的签名使用了未知的密钥。", validator.name),
                      fmt::format("A signature by \"{}\" is by an unknown key.", validator.name));
        }
        if (!merkle::verify_signature_line(note_.text, line, by_key ? *key : *log_key)) {
          return stop("signatures", Reason::kProofInvalid, fmt::format("“{}”的检查点签名无效。", validator.name),
                      fmt::format("The checkpoint signature of \"{}\" does not hold.", validator.name));
        }
        counted = counted || by_key;
      }
      if (counted) {
        signed_power += validator.power;
        ++signers;
      }
    }
    // In 128 bits: powers are limited to 10^9 each and 100 validators, so 64 bits suffice with room.
    if (signed_power * 3 <= total * 2) {
      return stop("signatures", Reason::kProofUntrusted,
                  fmt::format("签名权重 {}/{}，未超过三分之二。", signed_power, total),
                  fmt::format("The signatures carry {} of {} votes, not more than two thirds.", signed_power, total));
    }
    return pass(
        "signatures",
        fmt::format("{} 个机构中 {} 个的签名有效（权重 {}/{}）。", validators.size(), signers, signed_power, total),
        fmt::format("{} of {} organisations signed, all signatures hold ({} of {} votes).", signers, validators.size(),
                    signed_power, total));
  }

  bool transaction() {
    const Digest leaf = merkle::leaf_hash(crypto::HashAlgorithm::kSha256, receipt_.entry);
    const auto included =
        merkle::verify_inclusion(crypto::HashAlgorithm::kSha256, leaf, receipt_.leaf_index, out_.checkpoint->size,
                                 receipt_.inclusion_proof, out_.checkpoint->root);
    if (!included) {
      return stop("inclusion", Reason::kProofInvalid, "账本中不存在这一笔：包含证明不成立。",
                  "The entry is not in the log: the inclusion proof does not hold.");
    }
    pass("inclusion", fmt::format("交易是账本的第 {} 笔，包含证明成立。", receipt_.leaf_index),
         fmt::format("The transaction is entry {} of the log; its inclusion proof holds.", receipt_.leaf_index));

    wire::Entry entry;
    if (!entry.ParseFromArray(receipt_.entry.data(), static_cast<int>(receipt_.entry.size()))) {
      return stop("transaction", Reason::kProofInvalid, "账本条目无法解析。", "The entry cannot be decoded.");
    }
    auto parsed = parse_transaction(to_bytes(as_bytes(entry.transaction())), trust_.genesis.suite->hash);
    if (!parsed || parsed->body.network_id() != as_text(trust_.genesis.network_id) ||
        entry.height() > out_.checkpoint->height) {
      return stop("transaction", Reason::kProofInvalid, "交易内容与网络或区块不符。",
                  "The transaction does not fit its network or block.");
    }
    if (!signers(*parsed)) {
      return stop("signers", Reason::kProofInvalid, "交易签名无效。", "A signature of the transaction does not hold.");
    }
    std::string names;
    for (const wire::Signature& signature : parsed->envelope.signatures()) {
      names += (names.empty() ? "" : ", ") + signature.account();
    }
    pass("signers", fmt::format("交易由 {} 签名，签名有效。", names),
         fmt::format("The transaction is signed by {}; the signatures hold.", names));
    out_.transaction_id = parsed->id;
    out_.entry = std::move(entry);
    if (!out_.entry->reason().empty()) {
      return pass("result", fmt::format("交易已记录为被拒绝：{}。", out_.entry->reason()),
                  fmt::format("The transaction was recorded as refused: {}.", out_.entry->reason()));
    }
    return pass("result", fmt::format("交易在第 {} 区块生效。", out_.entry->height()),
                fmt::format("The transaction took effect in block {}.", out_.entry->height()));
  }

  bool signers(ParsedTransaction& transaction) const {
    if (receipt_.signer_keys.size() != static_cast<std::size_t>(transaction.envelope.signatures_size())) return false;
    std::vector<crypto::VerifyItem> items;
    for (std::size_t i = 0; i < receipt_.signer_keys.size(); ++i) {
      const wire::Signature& signature = transaction.envelope.signatures(static_cast<int>(i));
      const crypto::PublicKey& key = receipt_.signer_keys[i];
      const crypto::KeyId key_id = crypto::key_id(key);
      if (static_cast<std::uint32_t>(key.algorithm) != signature.algorithm()) return false;
      if (as_text(key_id) != signature.key_id()) return false;
      items.push_back({&key, as_bytes(transaction.envelope.body()), as_bytes(signature.value())});
    }
    std::vector<std::uint8_t> good(items.size());
    crypto::verify_batch(items, good);
    return std::ranges::all_of(good, [](std::uint8_t one) { return one == 1; });
  }

  bool records() {
    for (const RecordProof& record : receipt_.records) {
      const std::string key = raw_record_key(record.contract, record.collection, record.key);
      const auto hash = trust_.genesis.suite->hash;
      const Status status =
          record.value
              ? merkle::verify_existence(hash, record.proof, out_.checkpoint->state_root, as_bytes(key), *record.value)
              : merkle::verify_non_existence(hash, record.proof, out_.checkpoint->state_root, as_bytes(key));
      const std::string name = record.contract + "/" + record.collection;
      if (!status) {
        return stop("record", Reason::kProofInvalid, fmt::format("记录（{}）的状态证明不成立。", name),
                    fmt::format("The state proof of a record ({}) does not hold.", name));
      }
      pass("record",
           record.value ? fmt::format("记录（{}）在第 {} 区块的状态得到证明。", name, out_.checkpoint->height)
                        : fmt::format("已证明第 {} 区块时没有这条记录（{}）。", out_.checkpoint->height, name),
           record.value ? fmt::format("The record ({}) is proven as of block {}.", name, out_.checkpoint->height)
                        : fmt::format("It is proven that there was no such record ({}) at block {}.", name,
                                      out_.checkpoint->height));
    }
    return true;
  }

  const Receipt& receipt_;
  const TrustFile& trust_;
  merkle::SignedNote note_;
  Verification out_;
};

}  // namespace

Verification verify_receipt(const Receipt& receipt, const TrustFile& trust) {
  return Verifier(receipt, trust).run();
}

Verification verify_receipt_bytes(BytesView bytes, const TrustFile& trust) {
  const auto receipt = Receipt::parse(bytes);
  if (!receipt) {
    Verification out;
    out.failure = receipt.error().reason;
    out.steps.push_back(
        {"structure", false, "文件不是有效的凭证。", "The file is no receipt: " + receipt.error().detail});
    return out;
  }
  Verification out = verify_receipt(*receipt, trust);
  out.steps.insert(out.steps.begin(), {"structure", true, "凭证的结构正确。", "The receipt is well-formed."});
  return out;
}

}  // namespace chancery::ledger
