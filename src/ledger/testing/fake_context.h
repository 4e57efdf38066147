#pragma once
// A ledger of one std::map for tests of contracts: runs calls as transactions, all or nothing, without signatures.

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/context.h"
#include "ledger/guards.h"

namespace chancery::ledger::testing {

/// Records in memory. Pointers stay valid until the key is written again, as RecordAccess asks.
class FakeRecords final : public RecordAccess {
 public:
  const Bytes* get(std::string_view raw_key) override {
    ++reads;
    const auto found = records.find(raw_key);
    return found == records.end() ? nullptr : &found->second;
  }
  void put(std::string_view raw_key, Bytes value) override {
    CHANCERY_CHECK(!value.empty());
    ++writes;
    written.insert(std::string(raw_key));
    records.insert_or_assign(std::string(raw_key), std::move(value));
  }
  void erase(std::string_view raw_key) override {
    ++writes;
    written.insert(std::string(raw_key));
    if (const auto found = records.find(raw_key); found != records.end()) records.erase(found);
  }

  std::map<std::string, Bytes, std::less<>> records;
  std::set<std::string> written;  ///< in this transaction
  int reads = 0;
  int writes = 0;
};

class FakeLedger {
 public:
  FakeLedger() {
    facts.height = 1;
    facts.time_ms = 1'790'000'000'000;
  }

  /// Runs one call as a transaction signed by `signers`, in the block of `facts`; `guards` may forbid it. On an error
  /// nothing remains.
  Result<Bytes> call(const Contract& contract, std::string_view method, BytesView args,
                     const std::vector<std::string>& signers, std::span<const Contract* const> guards = {}) {
    auto before = records.records;
    begin_transaction(signers);
    std::vector<EmittedEvent> emitted;
    Result<Bytes> result = run(contract, method, args, emitted, guards);
    if (!result) {
      records.records = std::move(before);
      return result;
    }
    events.insert(events.end(), emitted.begin(), emitted.end());
    return result;
  }

  /// A context for reading as `contract`; the ledger outlives it.
  Context context(std::string_view contract) { return {facts, records, events, 0, contract}; }

  /// Gives the next transaction another id and its signers; for callers that run a contract by themselves.
  void begin_transaction(const std::vector<std::string>& signers) {
    facts.transaction_id[0] = static_cast<std::uint8_t>(++transactions_ & 0xFFU);
    facts.transaction_id[1] = static_cast<std::uint8_t>((transactions_ >> 8U) & 0xFFU);
    facts.transaction_id[2] = static_cast<std::uint8_t>((transactions_ >> 16U) & 0xFFU);
    facts.signers.clear();
    for (const std::string& account : signers) facts.signers.push_back({account, {}});
    records.written.clear();
  }

  /// The next block, `later_ms` after this one.
  void advance(std::int64_t later_ms = 1'000) {
    ++facts.height;
    facts.time_ms += later_ms;
  }

  FakeRecords records;
  TransactionFacts facts;
  std::vector<EmittedEvent> events;

 private:
  Result<Bytes> run(const Contract& contract, std::string_view method, BytesView args,
                    std::vector<EmittedEvent>& emitted, std::span<const Contract* const> guards) {
    Context context(facts, records, emitted, 0, contract.name());
    TRY(allow_call(guards, context, contract.name(), method));
    ASSIGN_OR_RETURN(Bytes output, contract.call(context, method, args));
    const std::vector<std::string> keys(records.written.begin(), records.written.end());
    TRY(allow_writes(guards, context, keys));
    return output;
  }

  std::uint32_t transactions_ = 0;
};

}  // namespace chancery::ledger::testing
