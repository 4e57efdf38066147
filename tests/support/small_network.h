#pragma once
// A network of one office, made from a seed: genesis, keys, a signer in memory, and signed transactions.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "ledger/ledger.h"
#include "ledger/transaction.h"

namespace chancery::test {

inline constexpr std::int64_t kNetworkStart_ms = 1'790'000'000'000;

/// Signs with the network's validator keys and remembers nothing on disk.
class MemorySigner final : public ledger::CheckpointSigner {
 public:
  MemorySigner(std::string name, const crypto::PrivateKey& key, const crypto::PrivateKey& log_key)
      : name_(std::move(name)), key_(key), log_key_(log_key) {}
  Result<std::string> sign(const merkle::Checkpoint& checkpoint) override;
  void made_durable(const merkle::Checkpoint&) override {}
  Status accept_stored(const merkle::Checkpoint&) override { return {}; }

 private:
  std::string name_;
  const crypto::PrivateKey& key_;
  const crypto::PrivateKey& log_key_;
};

class SmallNetwork {
 public:
  SmallNetwork(std::string_view suite, std::uint64_t seed);
  /// With other genesis sections than the office's; issue() and the like are then of no use.
  SmallNetwork(std::string_view suite, std::uint64_t seed, const nlohmann::json& contracts);

  const ledger::Genesis& genesis() const { return genesis_; }
  ledger::TrustFile trust() const { return ledger::TrustFile::of(genesis_); }
  std::unique_ptr<MemorySigner> signer() const;
  Random& random() { return random_; }

  /// Encoded transactions signed by the office's issuer, valid from 5 s before `now_ms`.
  Bytes issue(std::string_view id, std::int64_t now_ms);
  Bytes revoke(std::string_view id, std::int64_t now_ms);
  Bytes suspend(std::string_view id, std::int64_t now_ms);
  Bytes resume(std::string_view id, std::int64_t now_ms);
  /// Any calls, in one transaction.
  Bytes transaction(const std::vector<wire::Call>& calls, std::int64_t now_ms);
  wire::Call issue_call(std::string_view id);
  static wire::Call status_call(std::string_view method, std::string_view id);

  /// Parsed and its signatures checked; stops the program when that fails.
  ledger::OrderedTransaction ordered(Bytes transaction) const;
  const crypto::PrivateKey& issuer_key() const { return issuer_; }
  const crypto::PrivateKey& node_key() const { return node_; }
  const crypto::PrivateKey& log_key() const { return log_; }

 private:
  SeededRandom random_;
  crypto::PrivateKey node_;
  crypto::PrivateKey log_;
  crypto::PrivateKey issuer_;
  ledger::Genesis genesis_;
};

/// Opens a ledger of this network over `store` with `signer`; stops the program when it fails.
Result<std::unique_ptr<ledger::Ledger>> open_ledger(storage::Store& store, const SmallNetwork& network,
                                                    ledger::CheckpointSigner& signer);

}  // namespace chancery::test
