#pragma once
// The receipt: everything that proves one transaction, and optionally records, to somebody who has no network.
//
//   { "format": "chancery-receipt-v1", "network": "<hex>", "leaf_index": 17,
//     "entry": "<base64 of the Entry: transaction and result>",
//     "signer_keys": [ { "algorithm": "sm2-sm3", "public_key": "<hex>" } ],
//     "inclusion_proof": [ "<base64 of 32 bytes>", ... ],
//     "records": [ { "contract", "collection", "key": "<base64>", "value": "<base64>" or null, "proof": "<base64
//     ICS-23>" } ], "checkpoint": "<the signed note>" }
// The same members in CBOR (`.receipt.cbor`) with the same text values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "ledger.pb.h"
#include "ledger/genesis.h"
#include "merkle/checkpoint.h"
#include "merkle/signed_note.h"

namespace chancery::ledger {

inline constexpr std::size_t kReceiptLimitBytes = 4U << 20;

struct RecordProof {
  std::string contract;
  std::string collection;
  Bytes key;
  std::optional<Bytes> value;  ///< empty: proven absent
  Bytes proof;                 ///< ICS-23 CommitmentProof
};

struct Receipt {
  Digest network_id{};
  std::uint64_t leaf_index = 0;
  Bytes entry;  ///< empty in a pure state receipt (records only)
  std::vector<crypto::PublicKey> signer_keys;
  std::vector<Digest> inclusion_proof;
  std::vector<RecordProof> records;
  std::string checkpoint;

  std::string to_json() const;
  Bytes to_cbor() const;
  /// Limits and structure only; nothing is believed yet.
  static Result<Receipt> parse_json(std::string_view text);
  static Result<Receipt> parse_cbor(BytesView bytes);
  /// Whichever of the two the bytes are.
  static Result<Receipt> parse(BytesView bytes);
};

/// One step of a verification, in words.
struct VerificationStep {
  std::string name;  ///< "inclusion", stable for programs
  bool ok = false;
  std::string text_zh;
  std::string text_en;
};

struct Verification {
  bool passed = false;                  ///< all steps hold
  std::optional<Reason> failure;        ///< of the first step that doesn't
  std::vector<VerificationStep> steps;  ///< in the order of checking; stops after the first failure
  std::optional<merkle::Checkpoint> checkpoint;
  std::optional<wire::Entry> entry;  ///< the transaction's result, when passed
  Digest transaction_id{};
};

/// Checks everything that the receipt presents, offline: structure, network, checkpoint signatures (all of them; more
/// than 2/3 of the power, each validator once), inclusion at the given index and size, transaction id and signatures,
/// each record proof. Never throws, never aborts on input.
Verification verify_receipt(const Receipt& receipt, const TrustFile& trust);
/// From a file's bytes, JSON or CBOR.
Verification verify_receipt_bytes(BytesView bytes, const TrustFile& trust);

}  // namespace chancery::ledger
