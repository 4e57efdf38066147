#pragma once
// The lists. Each runs inside one snapshot; `key` authenticates cursors; `now_ms` is the present for expiry.

#include "readmodel/read_model.h"
#include "readmodel/sqlite/snapshot.h"

namespace chancery::readmodel {

struct QueryFrame {
  const Snapshot& snapshot;
  BytesView cursor_key;
  std::int64_t now_ms;
};

Result<Page<CredentialRow>> list_credentials(const QueryFrame& frame, const CredentialFilter& filter,
                                             const PageRequest& page);
Result<Page<EvidenceRow>> list_evidence(const QueryFrame& frame, const EvidenceFilter& filter, const PageRequest& page);
Result<Page<TransactionRow>> list_transactions(const QueryFrame& frame, const TransactionFilter& filter,
                                               const PageRequest& page);
Result<Page<BlockRow>> list_blocks(const QueryFrame& frame, const PageRequest& page);
Result<Page<CredentialTypeRow>> list_types(const QueryFrame& frame, const std::string& text, const PageRequest& page);
Result<Page<OrganisationRow>> list_organisations(const QueryFrame& frame, const std::string& text,
                                                 const PageRequest& page);
Result<Page<AccountRow>> list_accounts(const QueryFrame& frame, const std::string& organisation,
                                       const PageRequest& page);

/// Adds " AND (...)" for each word of `text`. `columns` has one "%" for the words' sub-select, e.g.
/// "c.type IN (%1) OR c.issuer IN (%2)" where %n selects the references of TextKind n that match. kInvalidValue when
/// the text has nothing to search for.
Status add_text_conditions(SqlQuery& query, std::string_view text, std::span<const std::pair<const char*, int>> facets);

/// Cuts the extra row off that was read to see whether there is more, and seals the cursor.
template <class Row>
void finish_page(Page<Row>& out, const std::vector<std::int64_t>& rows, const PageRequest& page, const Cursor& start,
                 const FilterHash& filter, BytesView key) {
  out.height = start.height;
  if (out.items.size() <= page.limit) return;
  out.items.resize(page.limit);
  out.has_more = true;
  out.next_cursor = seal_cursor({start.height, start.time_ms, rows[page.limit - 1]}, filter, key);
}

}  // namespace chancery::readmodel
