#pragma once
// Inside of the ledger: what its opening, its writing and its reading share.

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/cosigning.h"
#include "ledger/executed_block.h"
#include "ledger/ledger.h"
#include "ledger/log_store.h"
#include "ledger/replay_window.h"
#include "ledger/versioned_state.h"

namespace chancery::ledger {

/// 32 bytes of a header's field; zero when the field has another size, which no comparison then takes for good.
inline Digest digest_of(const std::string& bytes) {
  return to_digest(as_bytes(bytes)).value_or(Digest{});
}

Digest hash_header(crypto::HashAlgorithm hash, const wire::BlockHeader& header);

struct Ledger::State {
  State(storage::Store& the_store, const Genesis& the_genesis, std::vector<const Contract*> the_contracts,
        const AccountKeys& the_accounts, CheckpointSigner& the_signer, const LedgerOptions& the_options)
      : store(the_store),
        genesis(the_genesis),
        contracts(std::move(the_contracts)),
        accounts(the_accounts),
        signer(the_signer),
        options(the_options),
        log(the_store),
        records(the_store, the_genesis.suite->hash, the_options.record_cache_entries),
        replays(the_genesis.parameters.window_ms) {}

  storage::Store& store;
  const Genesis genesis;
  const std::vector<const Contract*> contracts;
  const AccountKeys& accounts;
  CheckpointSigner& signer;
  const LedgerOptions options;

  LogStore log;
  VersionedState records;
  merkle::HistoryTree history;
  Digest validators_hash{};
  Horizon horizon;  ///< set at opening

  // Executing thread.
  ReplayWindow replays;
  wire::BlockHeader last_executed;
  Digest last_executed_hash{};
  struct Kept {
    std::uint64_t height;
    std::int64_t time_ms;
  };
  std::deque<Kept> kept;

  mutable std::mutex head_mutex;
  Head head;
  wire::BlockHeader durable;
  /// Durable blocks whose checkpoints still gather signatures, by height; those below the head too, for a while.
  struct Gathering {
    wire::BlockHeader header;
    Digest block_hash;
    Cosigning cosigning;
  };
  std::map<std::uint64_t, Gathering> gathering;

  std::mutex keys_mutex;
  StringMap<crypto::PublicKey> keys;

  /// Set when something that was read back does not match: from then on nothing is signed.
  std::atomic<bool> corrupt = false;

  /// Passes a result on and remembers corruption.
  template <class T>
  Result<T> watched(Result<T> result) {
    if (!result && result.error().reason == Reason::kCorrupt) corrupt = true;
    return result;
  }

  /// Older than what the node joined with: not lost, but never held.
  Status require_entry(std::uint64_t leaf_index) const;
  Status require_block(std::uint64_t height) const;
  /// A tile that a proof into the past needs and that the node never held.
  template <class T>
  Result<T> not_held_is_gone(Result<T> result) const {
    if (!result && result.error().reason == Reason::kNotFound && horizon.first_entry > 0) {
      TRY(require_entry(0));
    }
    return result;
  }

  Digest scrub_record{};
  std::uint64_t scrub_entry = 0;

  Status open_existing(const wire::StoredBlock& last);
  Status restore_history(const wire::BlockHeader& header);
  Status restore_replays(const wire::StoredBlock& last);
  Status create();
  void finish(const std::shared_ptr<ExecutedBlock>& block);
  Status write(ExecutedBlock& block);
  /// The block is durable: it becomes the head, or gathers signatures until it may.
  Status publish(const wire::BlockHeader& header, const Digest& block_hash, const std::string& note);
  void set_head(const wire::BlockHeader& header, std::string checkpoint);
  Result<bool> cosign(std::uint64_t height, const std::vector<merkle::NoteSignature>& lines);
  void forget_old(std::int64_t now_ms);
  Result<bool> scrub_entries(std::uint64_t budget);
};

}  // namespace chancery::ledger
