// The short lists: types, organisations, accounts.

#include <array>

#include "readmodel/sqlite/queries.h"
#include "readmodel/sqlite/schema.h"

namespace chancery::readmodel {

namespace {

constexpr std::array<std::pair<const char*, int>, 1> kTypeText = {{{"d.id", static_cast<int>(TextKind::kType)}}};
constexpr std::array<std::pair<const char*, int>, 1> kOrganisationText = {
    {{"d.id", static_cast<int>(TextKind::kOrganisation)}}};
constexpr std::array<std::string_view, 5> kKinds = {"", "member", "service", "citizen", "legal_person"};

std::string state_name(const Statement& row, int column) {
  return row.integer(column) != 0 ? "suspended" : "active";
}

/// Adds the page's bounds, runs the query and hands each row to `read`; column 0 is the row's id.
template <class Row>
Result<Page<Row>> list(const QueryFrame& frame, SqlQuery& query, const Cursor& start, const FilterHash& hash,
                       const PageRequest& page, const std::function<Row(const Statement&)>& read) {
  query.add(" AND d.id<?", start.before);
  query.add(" ORDER BY d.id DESC LIMIT ?", std::int64_t{page.limit} + 1);
  Page<Row> out;
  std::vector<std::int64_t> rows;
  TRY(query.run(frame.snapshot.connection(), [&](const Statement& row) {
    rows.push_back(row.integer(0));
    out.items.push_back(read(row));
    return true;
  }));
  finish_page(out, rows, page, start, hash, frame.cursor_key);
  return out;
}

}  // namespace

Result<Page<CredentialTypeRow>> list_types(const QueryFrame& frame, const std::string& text, const PageRequest& page) {
  FilterHash hash(Query::kTypes);
  hash.add(text);
  ASSIGN_OR_RETURN(const Cursor start, start_page(frame.snapshot, {}, page, hash, frame.cursor_key, frame.now_ms));
  SqlQuery query;
  query.add("SELECT d.id,d.name,d.name_zh,d.name_en,d.issued,d.defined_height FROM type d WHERE d.defined_height<=?",
            static_cast<std::int64_t>(start.height));
  TRY(add_text_conditions(query, text, kTypeText));
  return list<CredentialTypeRow>(frame, query, start, hash, page, [](const Statement& row) {
    return CredentialTypeRow{row.text(1), row.text(2), row.text(3), row.unsigned_integer(4), row.unsigned_integer(5)};
  });
}

Result<Page<OrganisationRow>> list_organisations(const QueryFrame& frame, const std::string& text,
                                                 const PageRequest& page) {
  FilterHash hash(Query::kOrganisations);
  hash.add(text);
  ASSIGN_OR_RETURN(const Cursor start, start_page(frame.snapshot, {}, page, hash, frame.cursor_key, frame.now_ms));
  SqlQuery query;
  query.add(
      "SELECT d.id,d.name,d.name_zh,d.name_en,d.suspended,d.created_height FROM organisation d "
      "WHERE d.created_height<=?",
      static_cast<std::int64_t>(start.height));
  TRY(add_text_conditions(query, text, kOrganisationText));
  return list<OrganisationRow>(frame, query, start, hash, page, [](const Statement& row) {
    return OrganisationRow{row.text(1), row.text(2), row.text(3), state_name(row, 4), row.unsigned_integer(5)};
  });
}

Result<Page<AccountRow>> list_accounts(const QueryFrame& frame, const std::string& organisation,
                                       const PageRequest& page) {
  FilterHash hash(Query::kAccounts);
  hash.add(organisation);
  ASSIGN_OR_RETURN(const Cursor start, start_page(frame.snapshot, {}, page, hash, frame.cursor_key, frame.now_ms));
  SqlQuery query;
  query.add(
      "SELECT d.id,d.name,d.kind,(SELECT o.name FROM organisation o WHERE o.id=d.organisation),d.suspended,"
      "d.created_height FROM account d WHERE d.created_height<=?",
      static_cast<std::int64_t>(start.height));
  if (!organisation.empty()) {
    query.add(" AND d.organisation=(SELECT id FROM organisation WHERE name=?)", organisation);
  }
  return list<AccountRow>(frame, query, start, hash, page, [](const Statement& row) {
    const auto kind = static_cast<std::size_t>(row.integer(2));
    return AccountRow{row.text(1), std::string(kKinds[kind < kKinds.size() ? kind : 0]), row.text(3),
                      state_name(row, 4), row.unsigned_integer(5)};
  });
}

}  // namespace chancery::readmodel
