#pragma once
// What travels as one transaction of CometBFT: a compressed bundle of client transactions, or the proposer's clock.
// Format: proto/bundle.proto. Everything is limited before it is decoded.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "ledger/transaction.h"

namespace chancery::consensus {

struct BundleLimits {
  std::size_t compressed_bytes = 512U << 10;
  std::size_t bytes = 2U << 20;  ///< uncompressed
  std::size_t transactions = 5'000;
};
inline constexpr BundleLimits kBundleLimits{};

/// Client transactions of one bundle, decoded and, as far as their keys are known, with their signatures checked.
struct CheckedBundle {
  std::vector<std::shared_ptr<ledger::ParsedTransaction>> transactions;
  /// A signature does not hold under a key that is known: no honest node makes such a bundle.
  bool forged = false;
};

/// The encoded transactions as one bundle. They fit the limits: the caller's duty, checked.
Bytes encode_bundle(std::span<const BytesView> transactions);

/// kTooLarge, or kMalformed for anything that is not exactly a bundle of well-formed transactions.
Result<CheckedBundle> decode_bundle(BytesView encoded, crypto::HashAlgorithm hash);

/// Checks all signatures at once with the keys that `lookup` knows.
void check_signatures(CheckedBundle& bundle, const ledger::KeyLookup& lookup);

Bytes encode_block_time(std::int64_t time_ms);
bool is_block_time(BytesView encoded);
/// kMalformed unless it is exactly a block time after 1970.
Result<std::int64_t> decode_block_time(BytesView encoded);

}  // namespace chancery::consensus
