#include <array>

#include "readmodel/sqlite/queries.h"
#include "readmodel/sqlite/schema.h"

namespace chancery::readmodel {

namespace {

FilterHash hash_of(const EvidenceFilter& filter) {
  FilterHash hash(Query::kEvidence);
  hash.add(filter.number_prefix).add(filter.matter).add(filter.organisation).add(filter.phase).add(filter.text);
  hash.add(filter.digest.has_value() ? as_text(*filter.digest) : std::string_view());
  hash.add_optional(filter.batch).add_optional(filter.deposited_from_ms).add_optional(filter.deposited_until_ms);
  hash.add_optional(filter.as_of_height).add_optional(filter.as_of_ms);
  return hash;
}

constexpr std::array<std::pair<const char*, int>, 3> kTextFacets = {
    {{"e.seq", static_cast<int>(TextKind::kEvidence)},
     {"e.organisation", static_cast<int>(TextKind::kOrganisation)},
     {"(e.seq>>6)", static_cast<int>(TextKind::kMemo)}}};

Status add_conditions(SqlQuery& query, const QueryFrame& frame, const EvidenceFilter& filter, const Cursor& start) {
  ASSIGN_OR_RETURN(const LeafRange range,
                   leaf_range(frame.snapshot, filter.deposited_from_ms, filter.deposited_until_ms));
  ASSIGN_OR_RETURN(const std::uint64_t leaves, frame.snapshot.leaves_through_height(start.height));
  const std::int64_t until = std::min({start.before, sequence_of(leaves, 0), sequence_of(range.until, 0)});
  query.add(" WHERE e.seq<?", until).add(" AND e.seq>=?", sequence_of(range.from, 0));
  if (!filter.number_prefix.empty()) {
    query.add(" AND e.number>=?", filter.number_prefix).add(" AND e.number<?", filter.number_prefix + '\x7f');
  }
  if (!filter.matter.empty()) query.add(" AND e.matter=?", filter.matter).add(" AND e.matter<>''");
  if (!filter.organisation.empty()) {
    query.add(" AND e.organisation=(SELECT id FROM organisation WHERE name=?)", filter.organisation);
  }
  if (!filter.phase.empty()) query.add(" AND e.phase=(SELECT id FROM word WHERE name=?)", filter.phase);
  if (filter.digest.has_value()) {
    const Bytes digest = to_bytes(BytesView(*filter.digest));
    query.add(" AND (e.sm3=? OR e.sha256=? OR e.root=?)", digest, digest, digest);
  }
  if (filter.batch.has_value()) query.add(*filter.batch ? " AND e.root IS NOT NULL" : " AND e.root IS NULL");
  return add_text_conditions(query, filter.text, kTextFacets);
}

EvidenceRow read_row(const Statement& row) {
  EvidenceRow out;
  out.leaf_index = leaf_of(row.integer(0));
  out.number = row.text(1);
  out.organisation = row.text(2);
  out.account = row.text(3);
  out.matter = row.text(4);
  out.previous_number = row.text(5);
  out.phase = row.text(6);
  out.media_type = row.text(7);
  out.size_bytes = row.unsigned_integer(8);
  out.digest_sm3 = row.bytes(9);
  out.digest_sha256 = row.bytes(10);
  out.batch_root = row.bytes(11);
  out.count = row.unsigned_integer(12);
  return out;
}

}  // namespace

Result<Page<EvidenceRow>> list_evidence(const QueryFrame& frame, const EvidenceFilter& filter,
                                        const PageRequest& page) {
  const FilterHash hash = hash_of(filter);
  ASSIGN_OR_RETURN(const Cursor start, start_page(frame.snapshot, {filter.as_of_height, filter.as_of_ms}, page, hash,
                                                  frame.cursor_key, frame.now_ms));
  SqlQuery query;
  query.add(
      "SELECT e.seq,e.number,(SELECT o.name FROM organisation o WHERE o.id=e.organisation),"
      "(SELECT a.name FROM account a WHERE a.id=e.account),e.matter,e.previous,"
      "(SELECT w.name FROM word w WHERE w.id=e.phase),(SELECT w.name FROM word w WHERE w.id=e.media),"
      "e.size_bytes,e.sm3,e.sha256,e.root,e.count FROM evidence e");
  TRY(add_conditions(query, frame, filter, start));
  query.add(" ORDER BY e.seq DESC LIMIT ?", std::int64_t{page.limit} + 1);

  Page<EvidenceRow> out;
  std::vector<std::int64_t> rows;
  TRY(query.run(frame.snapshot.connection(), [&](const Statement& row) {
    rows.push_back(row.integer(0));
    out.items.push_back(read_row(row));
    return true;
  }));
  finish_page(out, rows, page, start, hash, frame.cursor_key);
  for (EvidenceRow& row : out.items) {
    ASSIGN_OR_RETURN(const Snapshot::Block block, frame.snapshot.block_of_leaf(row.leaf_index));
    row.height = block.height;
    row.time_ms = block.time_ms;
  }
  return out;
}

}  // namespace chancery::readmodel
