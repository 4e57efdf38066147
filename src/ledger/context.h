#pragma once
// All that a contract sees of the world while one of its methods runs: who signed, which block it is, its records,
// events.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

namespace chancery::ledger {

/// Somebody whose signature over this transaction was checked, with a key that is active in this block.
struct Signer {
  std::string account;
  crypto::KeyId key_id;
};

struct EmittedEvent {
  std::uint32_t call;
  std::string name;
  Bytes subject;
  Bytes data;
};

/// Reads and writes of one transaction, over the block's, over the store's. Implemented by the executor.
class RecordAccess {
 public:
  virtual ~RecordAccess() = default;
  /// Null when there is no such record. The bytes stay valid until the next write to the same key or the end of the
  /// transaction. A failing store ends the block, not the contract: the contract sees "absent" and its result is
  /// dropped.
  virtual const Bytes* get(std::string_view raw_key) = 0;
  /// The value must not be empty: ICS-23 cannot prove empty values.
  virtual void put(std::string_view raw_key, Bytes value) = 0;
  virtual void erase(std::string_view raw_key) = 0;
};

/// The key of a record in the state tree: u8 length | contract | u8 length | collection | key. Injective.
std::string raw_record_key(std::string_view contract, std::string_view collection, BytesView key);

struct RecordKey {
  std::string contract;
  std::string collection;
  Bytes key;
};
Result<RecordKey> parse_raw_record_key(std::string_view raw);

/// Facts of the block and the transaction, the same on every node.
struct TransactionFacts {
  Digest network_id{};
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::kSha256;
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  Digest transaction_id{};
  std::vector<Signer> signers;
};

class Context {
 public:
  Context(const TransactionFacts& facts, RecordAccess& records, std::vector<EmittedEvent>& events, std::uint32_t call,
          std::string_view contract)
      : facts_(facts), records_(records), events_(events), call_(call), contract_(contract) {}

  const TransactionFacts& facts() const { return facts_; }
  std::uint64_t height() const { return facts_.height; }
  std::int64_t time_ms() const { return facts_.time_ms; }
  /// Index of the call within its transaction, from 0.
  std::uint32_t call_index() const { return call_; }
  std::span<const Signer> signers() const { return facts_.signers; }

  /// A record of this contract; null when absent (lifetime as RecordAccess::get).
  const Bytes* get(std::string_view collection, std::string_view key) const;
  bool has(std::string_view collection, std::string_view key) const { return get(collection, key) != nullptr; }
  void put(std::string_view collection, std::string_view key, Bytes value);
  void erase(std::string_view collection, std::string_view key);
  /// Tells the world: becomes `<contract>.<name>` in the entry, in the event stream and for the read model.
  void emit(std::string_view name, std::string_view subject, Bytes data = {});

  /// The same transaction seen by another contract: only for that contract's public functions to call.
  Context as(std::string_view contract) const { return {facts_, records_, events_, call_, contract}; }

 private:
  friend class Trial;
  const TransactionFacts& facts_;
  RecordAccess& records_;
  std::vector<EmittedEvent>& events_;
  std::uint32_t call_;
  std::string_view contract_;
};

/// Something tried over the state of a call: nothing is written or told unless it is kept. The context outlives it.
class Trial final : private RecordAccess {
 public:
  explicit Trial(const Context& below) : below_(below) {}

  /// The same transaction over the trial's own writes, seen by `contract` (a literal or longer-lived).
  Context context(std::string_view contract);

  struct Change {
    std::string raw_key;
    std::optional<Bytes> before;  ///< empty: absent
    std::optional<Bytes> now;
  };
  /// Every record that differs from before, in the order of the keys.
  std::vector<Change> changes() const;
  const std::vector<EmittedEvent>& events() const { return events_; }
  /// Writes and tells what was tried; then the trial is empty.
  void keep();

 private:
  const Bytes* get(std::string_view raw_key) override;
  void put(std::string_view raw_key, Bytes value) override;
  void erase(std::string_view raw_key) override;

  const Context& below_;
  std::map<std::string, std::optional<Bytes>, std::less<>> written_;
  std::vector<EmittedEvent> events_;
};

/// A native contract: deterministic, without clock, randomness, threads or storage of its own.
class Contract {
 public:
  virtual ~Contract() = default;
  virtual std::string_view name() const = 0;
  /// Writes the records that the network starts with; `section` is the contract's part of the genesis file.
  virtual Status genesis(Context& context, const nlohmann::json& section) const = 0;
  /// After all sections, for a contract that has one: the whole genesis file, for what concerns the network itself.
  virtual Status begin_network(Context&, const nlohmann::json&) const { return {}; }
  /// Runs a method. On an error nothing of the transaction remains. The output may be empty.
  virtual Result<Bytes> call(Context& context, std::string_view method, BytesView args) const = 0;
  /// Asked of every contract before a method of any contract runs; an error refuses the transaction. The context is of
  /// the asked contract.
  virtual Status allow_call(const Context&, std::string_view /*contract*/, std::string_view /*method*/) const {
    return {};
  }
  /// Asked of every contract for each record that the transaction would write, once all its calls have run.
  virtual Status allow_write(const Context&, std::string_view /*raw_key*/) const { return {}; }
};

/// Where the ledger finds the keys of accounts; implemented by the identity contract.
class AccountKeys {
 public:
  virtual ~AccountKeys() = default;
  /// The public key that `account` may sign with at this height and block time, or kUnknownAccount, kUnknownKey,
  /// kKeyRevoked, kAccountSuspended.
  virtual Result<crypto::PublicKey> active_key(Context& context, std::string_view account,
                                               const crypto::KeyId& key_id) const = 0;
  /// The public key that the account has or had under this id, whatever its state; kUnknownAccount or kUnknownKey.
  /// What is known stays known: callers may keep the answer.
  virtual Result<crypto::PublicKey> known_key(Context& context, std::string_view account,
                                              const crypto::KeyId& key_id) const = 0;
};

}  // namespace chancery::ledger
