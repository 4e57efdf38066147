#pragma once
// The tables of the read model. Sized for many credentials: small integers stand for names, and the number of a row
// says where it comes from:
//   seq = leaf index * 64 + index of the call      (a transaction has at most 64 calls)
// so block, time and transaction of a row need no columns, and ORDER BY seq is the ledger's order.

#include "base/result.h"
#include "readmodel/sqlite/connection.h"

namespace chancery::readmodel {

/// Raise it when a table or its meaning changes: an older file is emptied at open and rebuilt from entries.
inline constexpr int kSchemaVersion = 1;
inline constexpr unsigned kCallBits = 6;

inline std::int64_t sequence_of(std::uint64_t leaf_index, std::uint32_t call) {
  return static_cast<std::int64_t>((leaf_index << kCallBits) | call);
}
inline std::uint64_t leaf_of(std::int64_t sequence) {
  return static_cast<std::uint64_t>(sequence) >> kCallBits;
}

/// What a row of the text index is about: row id = reference * 8 + kind.
enum class TextKind : std::int64_t { kType = 1, kOrganisation = 2, kMemo = 3, kEvidence = 4 };
inline constexpr std::int64_t text_row(std::int64_t reference, TextKind kind) {
  return reference * 8 + static_cast<std::int64_t>(kind);
}

/// Creates the tables in an empty database.
Status create_schema(Connection& connection);
/// Drops them all, whatever version they have.
Status drop_schema(Connection& connection);
/// 0 for an empty database.
Result<int> schema_version(Connection& connection);

}  // namespace chancery::readmodel
