#pragma once
// Executes the transactions of one block, one after another: window, replay, signers, calls. The result equals the
// serial order because it is the serial order.

#include <span>
#include <vector>

#include "base/result.h"
#include "ledger/digest_set.h"
#include "ledger/executed_block.h"
#include "ledger/genesis.h"
#include "ledger/ledger.h"
#include "ledger/replay_window.h"
#include "ledger/transaction_records.h"

namespace chancery::ledger {

/// Finds a contract by name. Few contracts: a scan.
const Contract* find_contract(std::span<const Contract* const> contracts, std::string_view name);

class Executor {
 public:
  Executor(const Genesis& genesis, std::span<const Contract* const> contracts, const AccountKeys& accounts,
           const ReplayWindow& replays);

  /// Runs every transaction over `below`; fills results, ids, entries, idempotency and changed of the block. Leaf
  /// indices count from `first_leaf`.
  void run(ExecutedBlock& block, std::uint64_t first_leaf, const std::vector<OrderedTransaction>& transactions,
           const TransactionRecords::Below& below) const;

 private:
  /// A reason for not recording the transaction at all, such as a replay.
  Status admit(const ExecutedBlock& block, const ParsedTransaction& transaction, const DigestSet& in_block) const;
  /// Signatures that were not checked at the door, because their key was not known there yet, are checked here, so that
  /// every node comes to the same result. What fails is not recorded: nobody answers for it.
  Status check_signatures(const ParsedTransaction& transaction, const TransactionFacts& facts, RecordAccess& records,
                          std::vector<EmittedEvent>& events) const;
  Status authenticate(const ParsedTransaction& transaction, TransactionFacts& facts, RecordAccess& records,
                      std::vector<EmittedEvent>& events) const;
  Status call_all(const ParsedTransaction& transaction, const TransactionFacts& facts, RecordAccess& records,
                  std::vector<EmittedEvent>& events, std::vector<Bytes>& outputs) const;

  const Genesis& genesis_;
  std::span<const Contract* const> contracts_;
  const AccountKeys& accounts_;
  const ReplayWindow& replays_;
};

}  // namespace chancery::ledger
