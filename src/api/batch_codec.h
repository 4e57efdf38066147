#pragma once
// TransactionBatch and TransactionBatchResult (proto/ledger.proto) without detours: requests of hundreds of
// transactions go through here tens of thousands of times a second.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "node/node.h"

namespace chancery::api {

inline constexpr std::size_t kMaxBatchTransactions = 20'000;
inline constexpr std::size_t kBatchBodyLimitBytes = 16U << 20;

/// kMalformed when it is no TransactionBatch, has unknown fields or is empty; kTooLarge beyond kMaxBatchTransactions.
Result<std::vector<Bytes>> decode_batch(std::string_view body);
std::string encode_batch_result(const std::vector<node::Outcome>& outcomes);

}  // namespace chancery::api
