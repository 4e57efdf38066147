#pragma once
// One consistent view of the model for a query, and the conditions that a query is put together from.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "readmodel/read_model.h"
#include "readmodel/sqlite/connection.h"
#include "readmodel/sqlite/cursor.h"

namespace chancery::readmodel {

/// SQL made of our own constant pieces, with input only ever bound: "?" in a piece takes the next value.
class SqlQuery {
 public:
  using Value = std::variant<std::int64_t, std::string, Bytes>;
  SqlQuery& add(std::string_view piece) {
    text_ += piece;
    return *this;
  }
  template <class... Values>
  SqlQuery& add(std::string_view piece, Values... values) {
    text_ += piece;
    (values_.emplace_back(std::move(values)), ...);
    return *this;
  }
  /// Runs it and calls `row` for each row until that returns false.
  Status run(Connection& connection, const std::function<bool(const Statement&)>& row) const;

 private:
  std::string text_;
  std::vector<Value> values_;
};

/// A connection inside a read transaction: everything that is read belongs to one state of the model.
class Snapshot {
 public:
  static Result<Snapshot> begin(Connection& connection);
  Snapshot(Snapshot&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)), head_(other.head_) {}
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot();

  Connection& connection() const { return *connection_; }

  struct Head {
    std::uint64_t entries = 0;
    std::uint64_t height = 0;
    std::int64_t time_ms = 0;
  };
  const Head& head() const { return head_; }

  /// Leaf indices below the answer belong to blocks of at most this height.
  Result<std::uint64_t> leaves_through_height(std::uint64_t height) const;
  /// Leaf indices below the answer belong to blocks before this time.
  Result<std::uint64_t> leaves_before_time(std::int64_t time_ms) const;
  struct Block {
    std::uint64_t height = 0;
    std::int64_t time_ms = 0;
  };
  /// The block of a leaf that is in the model.
  Result<Block> block_of_leaf(std::uint64_t leaf_index) const;
  /// The last block whose time is not after `time_ms`; height 0 when there is none.
  Result<Block> block_at_time(std::int64_t time_ms) const;

 private:
  explicit Snapshot(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
  Head head_;
};

/// Which state a list shows.
struct AsOf {
  std::optional<std::uint64_t> height;
  std::optional<std::int64_t> time_ms;
};
/// Turns "as of" and a cursor into the place where the page starts. kBadCursor; kInvalidValue when both or a future
/// moment are asked for; kUnavailable when the model isn't that far yet.
Result<Cursor> start_page(const Snapshot& snapshot, const AsOf& as_of, const PageRequest& page,
                          const FilterHash& filter, BytesView cursor_key, std::int64_t now_ms);
/// kInvalidValue unless 1 to kMaxPageItems.
Status check_limit(const PageRequest& page);

/// Half-open range of leaves for inclusive bounds of block time.
struct LeafRange {
  std::uint64_t from = 0;
  std::uint64_t until = 0;
};
Result<LeafRange> leaf_range(const Snapshot& snapshot, const std::optional<std::int64_t>& from_ms,
                             const std::optional<std::int64_t>& until_ms);

}  // namespace chancery::readmodel
