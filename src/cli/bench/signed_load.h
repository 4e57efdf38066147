#pragma once
// Signed transactions made before the clock runs: credential.issue under a plain identifier, about 250 bytes each with
// its SM2 signature, packed into binary batches.

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "ledger/genesis.h"

namespace chancery::cli::bench {

inline constexpr std::string_view kLoadType = "load";
inline constexpr std::string_view kLoadOrganisation = "load";
inline constexpr std::string_view kLoadAccount = "loader";

/// A fresh network with one issuing account and one open type; each of `directories` gets the node of an organisation
/// of its own, the first one's the account. More than one: at neighbouring ports of 127.0.0.1 that are free now.
Status make_load_network(const std::vector<std::string>& directories, std::string_view suite,
                         const std::string& passphrase);

struct LoadShape {
  std::string prefix;       ///< of the credentials' ids
  std::uint64_t first = 0;  ///< number of the first id
  std::size_t transactions = 0;
  std::size_t transactions_per_request = 500;
  std::size_t calls_per_transaction = 1;  ///< more: fills a ledger quickly through the same door
  std::int64_t not_before_ms = 0;
  std::int64_t not_after_ms = 0;
};

struct SignedRequests {
  std::vector<std::string> http;  ///< whole requests for run_load
  std::size_t transactions = 0;
  double bytes_per_transaction = 0;  ///< encoded Transaction, with its signature
  std::vector<Digest> ids;           ///< of the transactions, in order
};

class LoadSigner {
 public:
  /// Reads genesis and the loader's key from a directory of make_load_network.
  static Result<LoadSigner> open(const std::string& directory, const std::string& passphrase);
  Result<SignedRequests> sign(const LoadShape& shape);
  const ledger::Genesis& genesis() const { return genesis_; }
  /// "<prefix><number>"
  static std::string credential_id(std::string_view prefix, std::uint64_t number);

 private:
  LoadSigner(ledger::Genesis genesis, crypto::PrivateKey key) : genesis_(std::move(genesis)), key_(std::move(key)) {}
  std::string body_of(const LoadShape& shape, std::uint64_t first_id);
  ledger::Genesis genesis_;
  crypto::PrivateKey key_;
  SystemRandom random_;
};

}  // namespace chancery::cli::bench
