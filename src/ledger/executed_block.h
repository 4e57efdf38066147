#pragma once
// A block between execution and forgetting: what it wrote, what was there before, and what becomes durable with it.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "ledger.pb.h"
#include "ledger/ledger.h"
#include "merkle/checkpoint.h"
#include "merkle/history_tree.h"

namespace chancery::ledger {

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class Value>
using StringMap = std::unordered_map<std::string, Value, StringHash, std::equal_to<>>;

/// A record that a block changed. Empty means absent.
struct ChangedRecord {
  std::optional<Bytes> now;
  std::optional<Bytes> before;
};
using ChangedRecords = StringMap<ChangedRecord>;

struct ExecutedBlock {
  std::uint64_t height = 0;
  std::int64_t time_ms = 0;
  wire::BlockHeader header;
  Digest block_hash{};
  merkle::Checkpoint checkpoint;

  ChangedRecords changed;
  /// The changed records by key hash, sorted: how readers of older versions find them.
  struct ByHash {
    Digest key_hash;
    const ChangedRecords::value_type* record;
  };
  std::vector<ByHash> by_hash;

  // Freed once durable.
  std::vector<Bytes> entries;
  std::vector<Digest> ids;
  std::vector<merkle::Tile> tiles;
  std::vector<IdempotencyRow> idempotency;

  std::vector<TransactionResult> results;  ///< one for each ordered transaction
};

}  // namespace chancery::ledger
