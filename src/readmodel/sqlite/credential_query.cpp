#include <fmt/format.h>

#include <array>

#include "readmodel/sqlite/queries.h"
#include "readmodel/sqlite/schema.h"
#include "readmodel/sqlite/text_tokens.h"

namespace chancery::readmodel {

namespace {

/// Numbers as in wire::CredentialStatus, which the database keeps.
constexpr std::array<std::string_view, 7> kStatusNames = {"",           "valid",   "suspended",    "revoked",
                                                          "superseded", "expired", "not_yet_valid"};
/// Up to so many ids of a prefix are collected; more are recognised one by one while scanning the newest first.
constexpr std::int64_t kCollectedIds = 2'000;

Result<std::int64_t> status_number(const std::string& name) {
  for (std::size_t i = 1; i < kStatusNames.size(); ++i) {
    if (kStatusNames[i] == name) return static_cast<std::int64_t>(i);
  }
  return fail(Reason::kInvalidValue,
              fmt::format("status \"{}\" is none of valid, suspended, revoked, superseded, "
                          "expired, not_yet_valid",
                          name),
              "status 不是已知的状态");
}

FilterHash hash_of(const CredentialFilter& filter) {
  FilterHash hash(Query::kCredentials);
  hash.add(filter.id_prefix).add(filter.type).add(filter.issuer).add(filter.status).add(filter.text);
  hash.add(filter.holder.has_value() ? as_text(*filter.holder) : std::string_view());
  hash.add_optional(filter.issued_from_ms).add_optional(filter.issued_until_ms);
  hash.add_optional(filter.as_of_height).add_optional(filter.as_of_ms);
  return hash;
}

/// Rows whose id begins with `wanted`: in id_prefix rows that begin with it, or below one that it begins with.
/// Bind: wanted, end of wanted's range, JSON list of wanted's own beginnings, and wanted and end again twice.
constexpr std::string_view kIdsOfPrefix =
    "SELECT k.seq FROM id_prefix p CROSS JOIN credential k ON k.prefix=p.id WHERE p.name>=? AND p.name<? "
    "UNION ALL SELECT k.seq FROM id_prefix p CROSS JOIN credential k ON k.prefix=p.id "
    "AND k.tail>=substr(?,length(p.name)+1) AND k.tail<substr(?,length(p.name)+1) "
    "WHERE p.name IN (SELECT value FROM json_each(?))";

std::string beginnings_json(std::string_view wanted) {
  std::string out = "[\"\"";
  for (std::size_t i = 0; i + 1 < wanted.size(); ++i) {
    if (std::string_view(".-_:/").find(wanted[i]) != std::string_view::npos) {
      out += fmt::format(",\"{}\"", wanted.substr(0, i + 1));
    }
  }
  return out + "]";
}

bool is_id_text(std::string_view text) {
  for (const char c : text) {
    const bool ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    std::string_view(".-_:/").find(c) != std::string_view::npos;
    if (!ok) return false;
  }
  return text.size() <= 128;
}

Status add_id_condition(SqlQuery& query, const QueryFrame& frame, const std::string& wanted) {
  if (wanted.empty()) return {};
  if (!is_id_text(wanted)) {
    query.add(" AND 0");
    return {};
  }
  // DEL is above every character of an id, so [wanted, wanted DEL) holds all that begin with it.
  const std::string end = wanted + '\x7f';
  const std::string beginnings = beginnings_json(wanted);
  SqlQuery count;
  count.add("SELECT count(*) FROM (").add(kIdsOfPrefix, wanted, end, wanted, end, beginnings);
  count.add(" LIMIT ?)", kCollectedIds + 1);
  std::int64_t found = 0;
  TRY(count.run(frame.snapshot.connection(), [&](const Statement& row) {
    found = row.integer(0);
    return false;
  }));
  if (found <= kCollectedIds) {
    query.add(" AND c.seq IN (").add(kIdsOfPrefix, wanted, end, wanted, end, beginnings).add(")");
  } else {
    query.add(" AND (SELECT p.name FROM id_prefix p WHERE p.id=c.prefix)||c.tail>=?", wanted);
    query.add(" AND (SELECT p.name FROM id_prefix p WHERE p.id=c.prefix)||c.tail<?", end);
  }
  return {};
}

constexpr std::array<std::pair<const char*, int>, 3> kTextFacets = {
    {{"c.type", static_cast<int>(TextKind::kType)},
     {"c.issuer", static_cast<int>(TextKind::kOrganisation)},
     {"(c.seq>>6)", static_cast<int>(TextKind::kMemo)}}};

/// The status at a height (bound through the join) and a time: what is final first, then expiry, then suspension.
constexpr std::string_view kStatusExpression =
    "(CASE WHEN s.status IN (3,4) THEN s.status WHEN c.until_ms<>0 AND c.until_ms<=? THEN 5 "
    "WHEN s.status=2 THEN 2 WHEN c.from_ms>? THEN 6 ELSE 1 END)";

Status add_conditions(SqlQuery& query, const QueryFrame& frame, const CredentialFilter& filter, const Cursor& start,
                      std::int64_t end_sequence) {
  ASSIGN_OR_RETURN(const LeafRange range, leaf_range(frame.snapshot, filter.issued_from_ms, filter.issued_until_ms));
  const std::int64_t until = std::min({start.before, end_sequence, sequence_of(range.until, 0)});
  query.add(" WHERE c.seq<?", until).add(" AND c.seq>=?", sequence_of(range.from, 0));
  if (!filter.type.empty()) query.add(" AND c.type=(SELECT id FROM type WHERE name=?)", filter.type);
  if (!filter.issuer.empty()) query.add(" AND c.issuer=(SELECT id FROM organisation WHERE name=?)", filter.issuer);
  if (filter.holder.has_value()) query.add(" AND c.holder=?", to_bytes(BytesView(*filter.holder).first(16)));
  if (!filter.status.empty()) {
    ASSIGN_OR_RETURN(const std::int64_t status, status_number(filter.status));
    query.add(" AND ").add(kStatusExpression, start.time_ms, start.time_ms).add("=?", status);
    if (status >= 2 && status <= 4) {
      query.add(" AND c.seq IN (SELECT credential FROM status_change WHERE status=?)", status);
    }
  }
  TRY(add_id_condition(query, frame, filter.id_prefix));
  return add_text_conditions(query, filter.text, kTextFacets);
}

CredentialRow read_row(const Statement& row) {
  CredentialRow out;
  out.leaf_index = leaf_of(row.integer(0));
  out.id = row.text(1);
  out.type = row.text(2);
  out.issuer = row.text(3);
  out.holder_prefix = row.bytes(4);
  out.version = static_cast<std::uint32_t>(row.integer(5));
  out.valid_from_ms = row.integer(6);
  out.valid_until_ms = row.integer(7);
  out.status = kStatusNames[static_cast<std::size_t>(row.integer(8))];
  out.reason_code = row.text(9);
  return out;
}

/// Since when: the last change for a recorded status, else the moment that validity began or ended.
Status fill_moments(const Snapshot& snapshot, CredentialRow& row, std::int64_t change_sequence) {
  ASSIGN_OR_RETURN(const Snapshot::Block issued, snapshot.block_of_leaf(row.leaf_index));
  row.issued_height = issued.height;
  row.issued_ms = issued.time_ms;
  Snapshot::Block since = issued;
  if (change_sequence != 0) {
    ASSIGN_OR_RETURN(since, snapshot.block_of_leaf(leaf_of(change_sequence)));
  }
  row.status_since_height = since.height;
  row.status_since_ms = since.time_ms;
  if (row.status == "expired") {
    row.status_since_ms = row.valid_until_ms;
    ASSIGN_OR_RETURN(const Snapshot::Block at_end, snapshot.block_at_time(row.valid_until_ms));
    row.status_since_height = at_end.height;
  }
  return {};
}

}  // namespace

Result<Page<CredentialRow>> list_credentials(const QueryFrame& frame, const CredentialFilter& filter,
                                             const PageRequest& page) {
  const FilterHash hash = hash_of(filter);
  ASSIGN_OR_RETURN(const Cursor start, start_page(frame.snapshot, {filter.as_of_height, filter.as_of_ms}, page, hash,
                                                  frame.cursor_key, frame.now_ms));
  ASSIGN_OR_RETURN(const std::uint64_t leaves, frame.snapshot.leaves_through_height(start.height));
  const std::int64_t end_sequence = sequence_of(leaves, 0);

  SqlQuery query;
  query.add(
      "SELECT c.seq,(SELECT p.name FROM id_prefix p WHERE p.id=c.prefix)||c.tail,"
      "(SELECT t.name FROM type t WHERE t.id=c.type),(SELECT o.name FROM organisation o WHERE o.id=c.issuer),"
      "c.holder,c.version,c.from_ms,c.until_ms,");
  query.add(kStatusExpression, start.time_ms, start.time_ms);
  query.add(
      ",(SELECT w.name FROM word w WHERE w.id=s.reason),coalesce(s.seq,0) FROM credential c "
      "LEFT JOIN status_change s ON s.seq=(SELECT max(x.seq) FROM status_change x "
      "WHERE x.credential=c.seq AND x.seq<?)",
      end_sequence);
  TRY(add_conditions(query, frame, filter, start, end_sequence));
  query.add(" ORDER BY c.seq DESC LIMIT ?", std::int64_t{page.limit} + 1);

  Page<CredentialRow> out;
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> changes;
  TRY(query.run(frame.snapshot.connection(), [&](const Statement& row) {
    rows.push_back(row.integer(0));
    changes.push_back(row.integer(10));
    out.items.push_back(read_row(row));
    return true;
  }));
  finish_page(out, rows, page, start, hash, frame.cursor_key);
  for (std::size_t i = 0; i < out.items.size(); ++i) TRY(fill_moments(frame.snapshot, out.items[i], changes[i]));
  return out;
}

Status add_text_conditions(SqlQuery& query, std::string_view text,
                           std::span<const std::pair<const char*, int>> facets) {
  if (text.empty()) return {};
  constexpr std::size_t kMaxTextBytes = 400;
  if (text.size() > kMaxTextBytes) {
    return fail(Reason::kTooLarge,
                fmt::format("the search text has {} bytes, the limit is {}", text.size(), kMaxTextBytes),
                "检索内容过长");
  }
  const std::vector<std::string> expressions = search_expressions(text);
  if (expressions.empty()) {
    return fail(Reason::kInvalidValue, "the search text has no letter or digit", "检索内容没有文字或数字");
  }
  for (const std::string& expression : expressions) {
    const char* joint = " AND (";
    for (const auto& [column, kind] : facets) {
      query.add(joint).add(column).add(" IN (SELECT rowid>>3 FROM words WHERE words MATCH ? AND (rowid&7)=?)",
                                       expression, std::int64_t{kind});
      joint = " OR ";
    }
    query.add(")");
  }
  return {};
}

}  // namespace chancery::readmodel
