#pragma once
// Names as small integers: finds or adds a row of one of the tables (id, name), with the recent ones kept in memory.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "readmodel/sqlite/connection.h"

namespace chancery::readmodel {

enum class NameTable : std::uint8_t { kWord, kOrganisation, kAccount, kType, kIdPrefix };

class Names {
 public:
  explicit Names(Connection& connection) : connection_(connection) {}
  /// The row's id, from 1. The empty name is 0 in every table.
  Result<std::int64_t> id_of(NameTable table, std::string_view name);
  /// After a rollback: what was added is not there.
  void forget();

 private:
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Cache = std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>>;
  Connection& connection_;
  std::array<Cache, 5> caches_;
};

/// Splits a credential id where its last part of at least 8 characters begins, after one of . - _ : /
/// Ids of one issuer share the first part, which is stored once: "1.2.156.3005.2.<type>.<issuer>." | "0042.001.X".
struct SplitId {
  std::string_view prefix;
  std::string_view tail;
};
SplitId split_id(std::string_view id);

}  // namespace chancery::readmodel
