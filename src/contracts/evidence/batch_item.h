#pragma once
// One digest of a batch deposit with all that proves it, as a file that its owner keeps:
//
//   { "format": "chancery-batch-receipt-v1",
//     "receipt": { a chancery-receipt-v1 of the deposit, with the evidence record proven },
//     "item": { "digest": "<hex>", "index": 3, "count": 1000, "hash": "sm3", "proof": [ "<base64 of 32 bytes>", ... ] }
//     }
//
// Verifying takes two steps: this file says that the item is in the batch that a record speaks of; ledger/receipt.h
// says that the record is on the ledger.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "contracts/evidence.pb.h"
#include "crypto/hash.h"

namespace chancery::contracts::evidence {

inline constexpr std::string_view kBatchReceiptFormat = "chancery-batch-receipt-v1";
inline constexpr std::size_t kBatchReceiptLimitBytes = 4U << 20;

struct BatchItem {
  Digest digest{};
  std::uint64_t index = 0;
  std::uint64_t count = 0;
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::kSm3;
  std::vector<Digest> proof;  ///< from the leaf to the root, at most 20

  bool operator==(const BatchItem&) const = default;
};

struct BatchReceipt {
  std::string receipt_json;  ///< the ledger's receipt, to be verified by ledger::verify_receipt
  BatchItem item;
};

/// kProofInvalid unless the item stands at its index in the batch of `record`; count and hash must be the record's.
Status verify_item(const BatchItem& item, const wire::Evidence& record);

/// The file's text. `receipt_json` must be a JSON object; it is taken over as it is.
std::string to_json(const BatchItem& item, std::string_view receipt_json);
/// The same, appended to `out` without building the rest of it again: for a million receipts in one pass.
void append_json(std::string& out, const Digest& digest, std::uint64_t index, std::uint64_t count,
                 crypto::HashAlgorithm hash, std::span<const Digest> proof, std::string_view receipt_json);

/// Strict; kMalformed, kInvalidValue or kTooLarge. Nothing is verified yet.
Result<BatchReceipt> parse_batch_receipt(std::string_view text);

}  // namespace chancery::contracts::evidence
