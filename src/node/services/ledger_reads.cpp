#include "node/services/ledger_reads.h"

#include <fmt/format.h>

#include "contracts/identity/records.h"
#include "contracts/record_tag.h"

namespace chancery::node {

namespace {

template <class Message>
Result<Found<Message>> must_find(const ledger::Ledger& ledger, std::string_view contract, std::string_view collection,
                                 std::string_view key, std::string_view what_en, std::string_view what_zh) {
  ASSIGN_OR_RETURN(auto found, find_record<Message>(ledger, contract, collection, key));
  if (!found.has_value()) {
    return fail(Reason::kNotFound, fmt::format("there is no {} {}", what_en, key),
                fmt::format("没有{} {}", what_zh, key));
  }
  return std::move(*found);
}

}  // namespace

Result<wire::Organisation> read_organisation(const ledger::Ledger& ledger, std::string_view id) {
  ASSIGN_OR_RETURN(auto found,
                   must_find<wire::Organisation>(ledger, "identity", "organisation", id, "organisation", "机构"));
  return std::move(found.message);
}

Result<wire::Account> read_account(const ledger::Ledger& ledger, std::string_view id) {
  ASSIGN_OR_RETURN(auto found, must_find<wire::Account>(ledger, "identity", "account", id, "account", "账户"));
  return std::move(found.message);
}

Result<wire::CredentialType> read_type(const ledger::Ledger& ledger, std::string_view id) {
  ASSIGN_OR_RETURN(auto found,
                   must_find<wire::CredentialType>(ledger, "credential", "type", id, "credential type", "证照类型"));
  return std::move(found.message);
}

Result<Found<wire::Credential>> read_credential(const ledger::Ledger& ledger, std::string_view id) {
  return must_find<wire::Credential>(ledger, "credential", "credential", id, "credential", "证照");
}

Result<Found<wire::Evidence>> read_evidence(const ledger::Ledger& ledger, std::string_view number) {
  return must_find<wire::Evidence>(ledger, "evidence", "evidence", number, "evidence", "存证");
}

Names organisation_names(const ledger::Ledger& ledger, std::string_view id) {
  if (id.empty()) return {};
  const auto found = read_organisation(ledger, id);
  if (!found.has_value()) return {std::string(id), std::string(id)};
  return {found->name_zh(), found->name_en().empty() ? found->name_zh() : found->name_en()};
}

Names party_names(const ledger::Ledger& ledger, std::string_view party) {
  if (party.starts_with('@')) return {std::string(party), std::string(party)};
  return organisation_names(ledger, party);
}

Status require_official(const ledger::Ledger& ledger, std::int64_t now_ms, std::string_view account_id,
                        std::string_view organisation_id) {
  const auto refuse = [&] {
    return fail(Reason::kForbidden,
                fmt::format("only somebody with a role in {} may see this; {} has none", organisation_id, account_id),
                fmt::format("只有 {} 的在岗人员可以查看；{} 不具备", organisation_id, account_id));
  };
  const auto account = read_account(ledger, account_id);
  if (!account.has_value())
    return account.error().reason == Reason::kNotFound ? refuse() : std::unexpected(account.error());
  ASSIGN_OR_RETURN(const wire::Organisation organisation, read_organisation(ledger, organisation_id));
  if (account->suspended() || organisation.suspended() || account->organisation() != organisation_id) return refuse();
  const std::uint64_t height = ledger.head().height;
  for (const wire::RoleGrant& grant : account->roles()) {
    if (grant.organisation() == organisation_id && contracts::identity::is_live(grant, height, now_ms)) return {};
  }
  return refuse();
}

std::string etag_of(BytesView record) {
  return to_hex(contracts::tag_of_record(record));
}

Result<std::string> check_if_match(std::string_view if_match, BytesView record) {
  if (if_match.empty() || if_match == "*") return std::string();
  if (if_match.starts_with("W/")) if_match.remove_prefix(2);
  if (if_match.size() >= 2 && if_match.front() == '"' && if_match.back() == '"') {
    if_match = if_match.substr(1, if_match.size() - 2);
  }
  const contracts::RecordTag tag = contracts::tag_of_record(record);
  if (if_match == to_hex(tag)) return std::string(as_text(tag));
  return fail(Reason::kPreconditionFailed, "the record has changed since you read it", "该记录在您读取之后已被更新");
}

}  // namespace chancery::node
