#pragma once
// What the API shows of each object, in JSON. Hashes are hexadecimal, times RFC 3339, names in both languages.

#include <optional>
#include <string>

#include "base/json.h"
#include "contracts/identity.pb.h"
#include "ledger/ledger.h"
#include "ledger/receipt.h"
#include "node/node.h"
#include "node/services.h"

namespace chancery::api {

Json names(const std::string& zh, const std::string& en);

Json view_of(const node::CredentialView& credential);
Json view_of(const node::EvidenceView& evidence);
Json view_of(const node::Verdict& verdict);
Json view_of(const node::StatusAt& status);
Json view_of(const node::Outcome& outcome);
Json view_of(const ledger::Verification& verification, Language language);
Json view_of(const wire::StoredBlock& block);
Json view_of(const wire::Organisation& organisation);
Json view_of(const wire::Account& account);
Json view_of(const wire::Delegations& delegations);
/// A log entry: transaction, result, events.
Json view_of(const wire::Entry& entry, std::uint64_t leaf_index, const Digest& id);

Json view_of(const readmodel::CredentialRow& row);
Json view_of(const readmodel::EvidenceRow& row);
Json view_of(const readmodel::TransactionRow& row);
Json view_of(const readmodel::BlockRow& row);
Json view_of(const readmodel::CredentialTypeRow& row);
Json view_of(const readmodel::OrganisationRow& row);
Json view_of(const readmodel::AccountRow& row);

/// { items, has_more, next_cursor, height, behind_blocks }
template <class Row>
Json view_of_page(const readmodel::Page<Row>& page, const readmodel::Position& position) {
  Json items = Json::array();
  for (const Row& row : page.items) items.push_back(view_of(row));
  Json out = {{"items", std::move(items)},
              {"has_more", page.has_more},
              {"height", page.height},
              {"behind_blocks", position.behind_blocks}};
  if (!page.next_cursor.empty()) out["next_cursor"] = page.next_cursor;
  return out;
}

/// UTF-8 text as it is, other bytes as "hex:<digits>".
std::string readable(BytesView bytes);

/// "<height of the last change>-<hash>", for ETag.
std::string etag_of(const node::CredentialView& credential);
std::string etag_of(const node::EvidenceView& evidence);

}  // namespace chancery::api
