#pragma once
// The records as one transaction sees them: its own writes, over the block's, over the state below. Only when the
// transaction succeeds do its writes reach the block.

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/context.h"
#include "ledger/executed_block.h"

namespace chancery::ledger {

class TransactionRecords final : public RecordAccess {
 public:
  /// The record in the newest state before this block; null when absent. The pointer holds until the block's end.
  using Below = std::function<const Bytes*(std::string_view raw_key)>;

  TransactionRecords(ChangedRecords& block, const Below& below) : block_(block), below_(below) {}

  const Bytes* get(std::string_view raw_key) override;
  void put(std::string_view raw_key, Bytes value) override;
  void erase(std::string_view raw_key) override;

  /// Keys that the transaction has written or erased so far, in the order in which it first touched them.
  std::vector<std::string> written_keys() const;
  /// Forgets everything of the transaction; ready for the next.
  void discard() { touched_.clear(); }
  /// Moves the writes into the block; ready for the next.
  void keep();

 private:
  struct Touched {
    std::string raw_key;
    const Bytes* below = nullptr;  ///< before this transaction
    bool written = false;
    std::optional<Bytes> value;  ///< when written
  };
  Touched& touch(std::string_view raw_key);

  ChangedRecords& block_;
  const Below& below_;
  std::deque<Touched> touched_;  ///< stable addresses; a transaction touches few records, so a scan beats a table
};

}  // namespace chancery::ledger
