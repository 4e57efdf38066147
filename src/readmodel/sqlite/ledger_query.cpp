// Transactions and blocks.

#include <array>

#include "readmodel/sqlite/queries.h"
#include "readmodel/sqlite/schema.h"

namespace chancery::readmodel {

namespace {

FilterHash hash_of(const TransactionFilter& filter) {
  FilterHash hash(Query::kTransactions);
  hash.add(filter.account).add(filter.call).add(filter.text);
  hash.add_optional(filter.height).add_optional(filter.refused);
  hash.add_optional(filter.from_ms).add_optional(filter.until_ms);
  return hash;
}

constexpr std::array<std::pair<const char*, int>, 1> kTextFacets = {{{"x.leaf", static_cast<int>(TextKind::kMemo)}}};

Status add_conditions(SqlQuery& query, const QueryFrame& frame, const TransactionFilter& filter, const Cursor& start) {
  ASSIGN_OR_RETURN(LeafRange range, leaf_range(frame.snapshot, filter.from_ms, filter.until_ms));
  ASSIGN_OR_RETURN(const std::uint64_t leaves, frame.snapshot.leaves_through_height(start.height));
  range.until = std::min(range.until, leaves);
  if (filter.height.has_value()) {
    ASSIGN_OR_RETURN(const std::uint64_t end, frame.snapshot.leaves_through_height(*filter.height));
    std::uint64_t begin = 0;
    if (*filter.height > 0) {
      ASSIGN_OR_RETURN(begin, frame.snapshot.leaves_through_height(*filter.height - 1));
    }
    range = {std::max(range.from, begin), std::min(range.until, end)};
  }
  query.add(" WHERE x.leaf<?", std::min(start.before, static_cast<std::int64_t>(range.until)));
  query.add(" AND x.leaf>=?", static_cast<std::int64_t>(range.from));
  if (!filter.account.empty()) query.add(" AND x.account=(SELECT id FROM account WHERE name=?)", filter.account);
  if (!filter.call.empty()) query.add(" AND x.call=(SELECT id FROM word WHERE name=?)", filter.call);
  if (filter.refused.has_value()) query.add(*filter.refused ? " AND x.reason IS NOT NULL" : " AND x.reason IS NULL");
  return add_text_conditions(query, filter.text, kTextFacets);
}

}  // namespace

Result<Page<TransactionRow>> list_transactions(const QueryFrame& frame, const TransactionFilter& filter,
                                               const PageRequest& page) {
  const FilterHash hash = hash_of(filter);
  ASSIGN_OR_RETURN(const Cursor start, start_page(frame.snapshot, {}, page, hash, frame.cursor_key, frame.now_ms));
  SqlQuery query;
  query.add(
      "SELECT x.leaf,(SELECT a.name FROM account a WHERE a.id=x.account),"
      "(SELECT w.name FROM word w WHERE w.id=x.call),x.calls,"
      "(SELECT w.name FROM word w WHERE w.id=x.reason) FROM tx x");
  TRY(add_conditions(query, frame, filter, start));
  query.add(" ORDER BY x.leaf DESC LIMIT ?", std::int64_t{page.limit} + 1);

  Page<TransactionRow> out;
  std::vector<std::int64_t> rows;
  TRY(query.run(frame.snapshot.connection(), [&](const Statement& row) {
    rows.push_back(row.integer(0));
    TransactionRow& item = out.items.emplace_back();
    item.leaf_index = row.unsigned_integer(0);
    item.account = row.text(1);
    item.call = row.text(2);
    item.calls = static_cast<std::uint32_t>(row.integer(3));
    item.reason = row.text(4);
    return true;
  }));
  finish_page(out, rows, page, start, hash, frame.cursor_key);
  for (TransactionRow& row : out.items) {
    ASSIGN_OR_RETURN(const Snapshot::Block block, frame.snapshot.block_of_leaf(row.leaf_index));
    row.height = block.height;
    row.time_ms = block.time_ms;
  }
  return out;
}

Result<Page<BlockRow>> list_blocks(const QueryFrame& frame, const PageRequest& page) {
  const FilterHash hash(Query::kBlocks);
  ASSIGN_OR_RETURN(const Cursor start, start_page(frame.snapshot, {}, page, hash, frame.cursor_key, frame.now_ms));
  SqlQuery query;
  query.add("SELECT height,time_ms,first_leaf,count FROM block WHERE height<?", start.before);
  query.add(" AND height<=?", static_cast<std::int64_t>(start.height));
  query.add(" ORDER BY height DESC LIMIT ?", std::int64_t{page.limit} + 1);
  Page<BlockRow> out;
  std::vector<std::int64_t> rows;
  TRY(query.run(frame.snapshot.connection(), [&](const Statement& row) {
    rows.push_back(row.integer(0));
    out.items.push_back({row.unsigned_integer(0), row.integer(1), row.unsigned_integer(2), row.unsigned_integer(3)});
    return true;
  }));
  finish_page(out, rows, page, start, hash, frame.cursor_key);
  return out;
}

}  // namespace chancery::readmodel
