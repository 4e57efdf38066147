#include "readmodel/sqlite/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace chancery::readmodel {

namespace {

void bind_value(Statement& statement, int position, const SqlQuery::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    statement.bind(position, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    statement.bind(position, std::string_view(*text));
  } else {
    statement.bind(position, BytesView(std::get<Bytes>(value)));
  }
}

}  // namespace

Status SqlQuery::run(Connection& connection, const std::function<bool(const Statement&)>& row) const {
  ASSIGN_OR_RETURN(auto* prepared, connection.prepare(text_));
  Statement statement(prepared);
  for (std::size_t i = 0; i < values_.size(); ++i) bind_value(statement, static_cast<int>(i) + 1, values_[i]);
  while (true) {
    ASSIGN_OR_RETURN(const bool there, statement.step());
    if (!there || !row(statement)) return {};
  }
}

Result<Snapshot> Snapshot::begin(Connection& connection) {
  TRY(connection.execute("BEGIN"));
  Snapshot snapshot(connection);
  ASSIGN_OR_RETURN(auto* prepared, connection.prepare("SELECT (SELECT value FROM meta WHERE key='entries'),"
                                                      "(SELECT value FROM meta WHERE key='height'),"
                                                      "(SELECT value FROM meta WHERE key='time_ms')"));
  Statement statement(prepared);
  ASSIGN_OR_RETURN(const bool there, statement.step());
  if (there) {
    snapshot.head_ = {statement.unsigned_integer(0), statement.unsigned_integer(1), statement.integer(2)};
  }
  return snapshot;
}

Snapshot::~Snapshot() {
  if (connection_ != nullptr) connection_->roll_back();
}

Result<std::uint64_t> Snapshot::leaves_through_height(std::uint64_t height) const {
  ASSIGN_OR_RETURN(auto* prepared,
                   connection_->prepare("SELECT first_leaf FROM block WHERE height>?1 ORDER BY height LIMIT 1"));
  Statement statement(prepared);
  statement.bind(1, height);
  ASSIGN_OR_RETURN(const bool there, statement.step());
  return there ? statement.unsigned_integer(0) : head_.entries;
}

Result<std::uint64_t> Snapshot::leaves_before_time(std::int64_t time_ms) const {
  ASSIGN_OR_RETURN(auto* prepared,
                   connection_->prepare("SELECT first_leaf FROM block WHERE time_ms>=?1 ORDER BY time_ms LIMIT 1"));
  Statement statement(prepared);
  statement.bind(1, time_ms);
  ASSIGN_OR_RETURN(const bool there, statement.step());
  return there ? statement.unsigned_integer(0) : head_.entries;
}

Result<Snapshot::Block> Snapshot::block_of_leaf(std::uint64_t leaf_index) const {
  ASSIGN_OR_RETURN(auto* prepared, connection_->prepare("SELECT height,time_ms FROM block WHERE first_leaf<=?1 "
                                                        "ORDER BY first_leaf DESC LIMIT 1"));
  Statement statement(prepared);
  statement.bind(1, leaf_index);
  ASSIGN_OR_RETURN(const bool there, statement.step());
  if (!there) return Block{};
  return Block{statement.unsigned_integer(0), statement.integer(1)};
}

Result<Snapshot::Block> Snapshot::block_at_time(std::int64_t time_ms) const {
  ASSIGN_OR_RETURN(auto* prepared, connection_->prepare("SELECT height,time_ms FROM block WHERE time_ms<=?1 "
                                                        "ORDER BY time_ms DESC LIMIT 1"));
  Statement statement(prepared);
  statement.bind(1, time_ms);
  ASSIGN_OR_RETURN(const bool there, statement.step());
  if (!there) return Block{};
  return Block{statement.unsigned_integer(0), statement.integer(1)};
}

Status check_limit(const PageRequest& page) {
  if (page.limit >= 1 && page.limit <= kMaxPageItems) return {};
  return fail(Reason::kInvalidValue, fmt::format("limit is {}, it must be from 1 to {}", page.limit, kMaxPageItems),
              fmt::format("limit 为 {}，应在 1 至 {} 之间", page.limit, kMaxPageItems));
}

Result<Cursor> start_page(const Snapshot& snapshot, const AsOf& as_of, const PageRequest& page,
                          const FilterHash& filter, BytesView cursor_key, std::int64_t now_ms) {
  TRY(check_limit(page));
  if (as_of.height.has_value() && as_of.time_ms.has_value()) {
    return fail(Reason::kInvalidValue, "as_of takes a height or a time, not both", "as_of 只能指定高度或时间之一");
  }
  if (!page.cursor.empty()) return open_cursor(page.cursor, filter, cursor_key);

  const Snapshot::Head& head = snapshot.head();
  Cursor start{head.height, std::max(now_ms, head.time_ms), std::numeric_limits<std::int64_t>::max()};
  if (as_of.height.has_value()) {
    if (*as_of.height > head.height) {
      return fail(Reason::kUnavailable,
                  fmt::format("height {} is not here yet; the lists are at {}", *as_of.height, head.height),
                  fmt::format("尚未到达高度 {}，列表现为高度 {}", *as_of.height, head.height));
    }
    ASSIGN_OR_RETURN(const std::uint64_t leaves, snapshot.leaves_through_height(*as_of.height));
    start.height = *as_of.height;
    start.time_ms = 0;
    if (leaves > 0) {
      ASSIGN_OR_RETURN(const Snapshot::Block block, snapshot.block_of_leaf(leaves - 1));
      start.time_ms = block.time_ms;
    }
  } else if (as_of.time_ms.has_value()) {
    if (*as_of.time_ms > start.time_ms) {
      return fail(Reason::kInvalidValue, "as_of lies in the future", "as_of 是将来的时间");
    }
    ASSIGN_OR_RETURN(const Snapshot::Block block, snapshot.block_at_time(*as_of.time_ms));
    start.height = block.height;
    start.time_ms = *as_of.time_ms;
  }
  return start;
}

Result<LeafRange> leaf_range(const Snapshot& snapshot, const std::optional<std::int64_t>& from_ms,
                             const std::optional<std::int64_t>& until_ms) {
  LeafRange range{0, snapshot.head().entries};
  if (from_ms.has_value()) {
    ASSIGN_OR_RETURN(range.from, snapshot.leaves_before_time(*from_ms));
  }
  if (until_ms.has_value() && *until_ms < std::numeric_limits<std::int64_t>::max()) {
    ASSIGN_OR_RETURN(range.until, snapshot.leaves_before_time(*until_ms + 1));
  }
  return range;
}

}  // namespace chancery::readmodel
