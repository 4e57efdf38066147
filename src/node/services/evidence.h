#pragma once
// The desk that takes evidence: digests only, the files never leave their owners. Single deposits linked by a matter
// number, and batches of up to 1,000,000 digests under one signature, each with its own receipt at any later time.
//
// batches/<2 hex>/<hex of root>.digests: the list of a batch, 32 bytes a digest, durable before the transaction.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "ledger/receipt.h"
#include "node/node.h"
#include "node/services/submission.h"
#include "node/services/verdict.h"

namespace chancery::node {

struct DepositRequest {
  std::optional<Digest> sm3;  ///< at least one of the two
  std::optional<Digest> sha256;
  std::uint64_t size_bytes = 0;
  std::string media_type;
  std::string phase;      ///< a code of contracts/evidence/words.h
  std::string matter;     ///< empty: stands alone
  std::string previous;   ///< empty: whichever is the matter's newest
  std::string collector;  ///< empty: the signer
  std::optional<Digest> environment;
  std::string memo;  ///< public
};

struct BatchRequest {
  std::string hash = "sm3";  ///< of the digests and the tree: "sm3" or "sha256"
  std::uint64_t size_bytes = 0;
  std::string media_type;
  std::string phase;
  std::string matter;
  std::string previous;
  std::string collector;
  std::optional<Digest> environment;
  std::string memo;
};

/// The public facts of one evidence record.
struct EvidenceView {
  std::string number;
  std::optional<Digest> sm3;
  std::optional<Digest> sha256;
  std::optional<Digest> batch_root;  ///< set: a batch
  std::uint64_t count = 1;           ///< digests covered
  std::string batch_hash;
  std::uint64_t size_bytes = 0;
  std::string media_type;
  std::string phase;
  std::string phase_zh;
  std::string phase_en;
  std::string matter;
  std::uint64_t matter_index = 0;
  std::string previous;
  std::string owner;  ///< organisation id or "@<account>"
  std::string owner_name_zh;
  std::string owner_name_en;
  std::string depositor;
  std::string collector;
  std::optional<Digest> environment;
  std::uint64_t deposited_height = 0;
  std::int64_t deposited_ms = 0;
  struct Custody {
    std::string to;
    std::uint64_t height = 0;
    std::int64_t time_ms = 0;
    std::string actor;
  };
  std::vector<Custody> custody;
  std::uint64_t height = 0;  ///< of the state that was read
  std::string etag;
};

struct EvidenceWritten {
  std::string number;
  Submitted submitted;
  EvidenceView view;
};

/// Thread-safe.
class EvidenceDesk {
 public:
  EvidenceDesk(Node& node, Submission& submission, std::string batches_directory);
  ~EvidenceDesk();

  Result<EvidenceWritten> deposit(const Session& session, const DepositRequest& request,
                                  std::string_view idempotency_key);
  /// `digests`: 32 bytes each, 1 to 1,000,000 of them; kTooLarge, kMalformed when not a multiple of 32.
  Result<EvidenceWritten> deposit_batch(const Session& session, const BatchRequest& request, BytesView digests,
                                        std::string_view idempotency_key);
  Result<EvidenceWritten> transfer_custody(const Session& session, std::string_view number, std::string_view to,
                                           const std::optional<Digest>& statement, std::string_view if_match,
                                           std::string_view idempotency_key);

  Result<EvidenceView> view(std::string_view number) const;
  /// kValid: deposited, with facts; kUnknown.
  Result<Verdict> verdict(std::string_view number) const;
  /// The deposit's own receipt: transaction, result and the evidence record at the head.
  Result<ledger::Receipt> receipt(std::string_view number) const;

  /// chancery-batch-receipt-v1 of one item. kNotFound: no such item; kGone: this node doesn't keep the list.
  Result<std::string> batch_item_receipt(std::string_view number, std::uint64_t index) const;
  Result<std::string> batch_item_receipt(std::string_view number, const Digest& digest) const;
  /// All receipts of a batch in one pass, as NDJSON. The first line is { "format": "chancery-batch-receipts-v1",
  /// "receipt": <the ledger receipt> }; then one line an item { "digest", "index", "count", "proof": [...] }, which
  /// together with the first line is that item's chancery-batch-receipt-v1. `sink` gets whole lines, about 64 KiB at a
  /// time, and returns false to stop.
  Status batch_receipts(std::string_view number, const std::function<bool(std::string_view)>& sink) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
