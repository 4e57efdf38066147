#pragma once
// The state machine and its durability: executes ordered transactions, makes blocks final, proves.
// Blocks pass through execute() one after another in one thread; commit() may run for block n in another thread while
// block n+1 executes. Reads come from any thread.

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "ledger.pb.h"
#include "ledger/context.h"
#include "ledger/genesis.h"
#include "ledger/receipt.h"
#include "ledger/transaction.h"
#include "merkle/checkpoint.h"
#include "merkle/signed_note.h"
#include "storage/store.h"

namespace chancery::ledger {

/// Signs this node's checkpoints. Implementations hold the keys; called once a block.
class CheckpointSigner {
 public:
  virtual ~CheckpointSigner() = default;
  /// The note with this node's signature lines.
  virtual Result<std::string> sign(const merkle::Checkpoint& checkpoint) = 0;
  /// The block with this checkpoint is durable: from now on no other checkpoint of its height or below may be signed.
  virtual void made_durable(const merkle::Checkpoint& checkpoint) = 0;
  /// Called at start with what the store holds. kCorrupt when this node has signed something newer or different: the
  /// store was rolled back or changed.
  virtual Status accept_stored(const merkle::Checkpoint& checkpoint) = 0;
};

/// A row of the idempotency table, made durable in the same batch as the block of its transaction.
struct IdempotencyRow {
  Bytes key;
  Bytes value;
};

struct OrderedTransaction {
  std::shared_ptr<const ParsedTransaction> transaction;
  std::optional<IdempotencyRow> idempotency;
};

/// What became of an ordered transaction in its block.
struct TransactionResult {
  Digest id{};
  bool recorded = false;  ///< false: not in the log (replayed, expired at block time); see reason
  std::uint64_t leaf_index = 0;
  std::optional<Error> error;  ///< empty: it took effect
};

struct ExecutedBlock;  // executed, perhaps not yet durable: executed_block.h
std::uint64_t height_of(const ExecutedBlock& block);
const wire::BlockHeader& header_of(const ExecutedBlock& block);

struct BlockResult {
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  std::vector<TransactionResult> results;  ///< in the order of the input
};

/// The last final block, as readers see it: durable here, its checkpoint signed by more than two thirds of the power.
struct Head {
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  std::uint64_t tree_size = 0;
  Digest state_root{};
  Digest history_root{};
  std::string checkpoint;  ///< the signed note
};

/// What this node holds of the past: all of it, or what came with the snapshot that it joined with, and everything
/// since.
struct Horizon {
  std::uint64_t first_block = 1;
  std::uint64_t first_entry = 0;
  std::uint64_t joined_height = 0;  ///< the snapshot's; 0: the node has executed every block itself
};

struct LedgerOptions {
  /// Versions younger than this stay provable.
  std::int64_t keep_versions_ms = 10'000;
  std::size_t record_cache_entries = 65'536;
};

struct RecordAt {
  std::optional<Bytes> value;
  std::uint64_t height = 0;
};

struct TransactionLookup {
  std::uint64_t leaf_index = 0;
  wire::Entry entry;
};

class Ledger {
 public:
  /// Opens or creates: rebuilds the state tree and the replay window from what is read back, and compares with the last
  /// checkpoint. kCorrupt when they differ. All pointers outlive the ledger.
  static Result<std::unique_ptr<Ledger>> open(storage::Store& store, const Genesis& genesis,
                                              std::vector<const Contract*> contracts, const AccountKeys& accounts,
                                              CheckpointSigner& signer, const LedgerOptions& options = {});
  ~Ledger();

  const Genesis& genesis() const;

  // --- writing (one executing thread, one committing thread)
  /// Executes the next block. An error here is fatal for the node (storage, corruption): nothing was changed durably.
  Result<std::shared_ptr<ExecutedBlock>> execute(std::int64_t time_ms,
                                                 const std::vector<OrderedTransaction>& transactions);
  /// Signs the checkpoint, writes the block in one synced batch, then moves the head. Blocks in order of height.
  Result<BlockResult> commit(const std::shared_ptr<ExecutedBlock>& block);
  /// The block time to use for the next block: max(now, last + 1).
  std::int64_t next_block_time_ms(std::int64_t now_ms) const;

  /// Keys for the signature check at the door: as of the last executed block.
  Result<crypto::PublicKey> account_key(std::string_view account, const crypto::KeyId& key_id);

  // --- cosignatures (any thread)
  /// The last durable block, which may be ahead of the head while its signatures are gathered.
  wire::BlockHeader durable_header() const;
  /// The checkpoint of a durable block, also above the head, with the signatures that it has so far. kNotFound.
  Result<std::string> durable_note(std::uint64_t height) const;
  /// Heights above the head that are durable but lack signatures, ascending.
  std::vector<std::uint64_t> awaiting_cosignatures() const;
  /// Takes other validators' lines for the checkpoint of `height`. True when the head moved. Lines for a height that no
  /// longer gathers are ignored; kNotFound above the durable height, kProofUntrusted or kProofInvalid for a line that
  /// is not a validator's signature of this node's checkpoint.
  Result<bool> cosign(std::uint64_t height, const std::vector<merkle::NoteSignature>& lines);

  // --- reading (any thread). What is older than the horizon is kGone.
  Head head() const;
  const Horizon& horizon() const;
  /// A record as of `height` (0 = head). kGone when the height is older than what is kept.
  Result<RecordAt> record(std::string_view contract, std::string_view collection, BytesView key,
                          std::uint64_t height = 0) const;
  /// Calls `read` with a context of `contract` at the head, for contracts' public read functions; writes go nowhere.
  Status with_context(std::string_view contract, const std::function<void(Context&)>& read) const;
  /// Existence or non-existence proof at the head (or a height that is still kept), with the checkpoint's note.
  Result<Receipt> prove_record(std::string_view contract, std::string_view collection, BytesView key,
                               std::uint64_t height = 0) const;
  Result<std::optional<TransactionLookup>> find_transaction(const Digest& id) const;
  Result<wire::Entry> entry(std::uint64_t leaf_index) const;
  /// The receipt of a recorded transaction at the head's checkpoint, with proofs of `records` at the same checkpoint.
  Result<Receipt> receipt(std::uint64_t leaf_index, std::span<const RecordKey> records = {}) const;
  Result<wire::StoredBlock> block(std::uint64_t height) const;
  /// What was answered under an idempotency key, once its block is durable.
  Result<std::optional<Bytes>> idempotency_row(BytesView key) const;
  /// The last block whose time is not after `time_ms`; kNotFound before the first.
  Result<std::uint64_t> height_at(std::int64_t time_ms) const;
  /// C2SP tile by its path below /log/, e.g. "tile/0/x001/234" or "tile/entries/000.p/17".
  Result<Bytes> tile(std::string_view path) const;
  Result<std::vector<Digest>> consistency_proof(std::uint64_t old_size, std::uint64_t new_size) const;
  std::uint64_t record_count() const;

  /// Recomputes hashes of what is stored: `budget` records and entries from where the last call stopped, and from the
  /// beginning again after the end (then true). kCorrupt names the place. One thread.
  Result<bool> scrub(std::uint64_t budget);

 private:
  Ledger();
  struct State;
  std::unique_ptr<State> state_;
};

/// For StoreOptions::accept_repair: a store whose torn tail was cut is accepted when it still holds the newest block
/// that `signer` saw become durable. The signer outlives the result.
std::function<Status(const storage::Store&)> holds_all_that_was_signed(CheckpointSigner& signer);

}  // namespace chancery::ledger
