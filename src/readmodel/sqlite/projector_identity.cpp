// Organisations and accounts, from transactions and from the genesis file.

#include <fmt/format.h>

#include "contracts/identity.pb.h"
#include "readmodel/sqlite/projector.h"

namespace chancery::readmodel {

namespace {

constexpr std::string_view kAccountKinds[] = {"", "member", "service", "citizen", "legal_person"};

int account_kind(std::string_view name) {
  for (int i = 0; i < 5; ++i) {
    if (kAccountKinds[i] == name) return i;
  }
  return 0;
}

/// A text member of an object of the genesis file, which its contract has checked before; empty when absent.
std::string member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& list(const Json& contracts, const char* contract, const char* name) {
  static const Json kEmpty = Json::array();
  const auto section = contracts.find(contract);
  if (section == contracts.end() || !section->is_object()) return kEmpty;
  const auto found = section->find(name);
  return found != section->end() && found->is_array() ? *found : kEmpty;
}

}  // namespace

Status Projector::identity_event(const Call& call) {
  const std::string& name = call.event.name();
  const std::string& subject = call.event.subject();
  if (name == "created_organisation" || name == "updated_organisation") {
    wire::CreateOrganisation args;  // the first members of both messages are the same
    if (!args.ParseFromString(call.call.args())) return fail(Reason::kCorrupt, "read model: identity arguments");
    return put_organisation(subject, args.name_zh(), args.name_en(), call.entry.height());
  }
  if (name == "created_account") {
    wire::CreateAccount args;
    if (!args.ParseFromString(call.call.args())) return fail(Reason::kCorrupt, "read model: identity arguments");
    return put_account(subject, args.kind(), args.organisation(), call.entry.height());
  }
  if (name == "suspended_organisation") return set_suspended(NameTable::kOrganisation, subject, true);
  if (name == "resumed_organisation") return set_suspended(NameTable::kOrganisation, subject, false);
  if (name == "suspended_account") return set_suspended(NameTable::kAccount, subject, true);
  if (name == "resumed_account") return set_suspended(NameTable::kAccount, subject, false);
  return {};
}

Status Projector::put_organisation(std::string_view id, std::string_view name_zh, std::string_view name_en,
                                   std::uint64_t height) {
  ASSIGN_OR_RETURN(const std::int64_t row, names_.id_of(NameTable::kOrganisation, id));
  std::string before;
  {
    ASSIGN_OR_RETURN(auto* prepared,
                     connection_.prepare("SELECT coalesce(name_zh||' '||name_en,'') FROM organisation WHERE id=?1"));
    Statement find(prepared);
    find.bind(1, row);
    ASSIGN_OR_RETURN(const bool there, find.step());
    if (there) before = find.text(0);
  }
  ASSIGN_OR_RETURN(auto* prepared, connection_.prepare("UPDATE organisation SET name_zh=?2,name_en=?3,"
                                                       "created_height=coalesce(created_height,?4) WHERE id=?1"));
  Statement update(prepared);
  update.bind(1, row).bind(2, name_zh).bind(3, name_en).bind(4, height);
  TRY(update.run());
  return put_text(text_row(row, TextKind::kOrganisation), before, fmt::format("{} {}", name_zh, name_en));
}

Status Projector::put_account(std::string_view id, int kind, std::string_view organisation, std::uint64_t height) {
  ASSIGN_OR_RETURN(const std::int64_t row, names_.id_of(NameTable::kAccount, id));
  ASSIGN_OR_RETURN(const std::int64_t organisation_row, names_.id_of(NameTable::kOrganisation, organisation));
  ASSIGN_OR_RETURN(auto* prepared,
                   connection_.prepare("UPDATE account SET kind=?2,organisation=?3,created_height=?4 WHERE id=?1"));
  Statement update(prepared);
  update.bind(1, row).bind(2, std::int64_t{kind}).bind(3, organisation_row).bind(4, height);
  return update.run();
}

Status Projector::set_suspended(NameTable table, std::string_view id, bool suspended) {
  ASSIGN_OR_RETURN(const std::int64_t row, names_.id_of(table, id));
  ASSIGN_OR_RETURN(auto* prepared, connection_.prepare(table == NameTable::kAccount
                                                           ? "UPDATE account SET suspended=?2 WHERE id=?1"
                                                           : "UPDATE organisation SET suspended=?2 WHERE id=?1"));
  Statement update(prepared);
  update.bind(1, row).bind(2, std::int64_t{suspended ? 1 : 0});
  return update.run();
}

Status Projector::project_genesis(const Json& contracts) {
  for (const Json& item : list(contracts, "identity", "organisations")) {
    TRY(put_organisation(member(item, "id"), member(item, "name_zh"), member(item, "name_en"), 0));
  }
  for (const Json& item : list(contracts, "identity", "accounts")) {
    TRY(put_account(member(item, "id"), account_kind(member(item, "kind")), member(item, "organisation"), 0));
  }
  for (const Json& item : list(contracts, "credential", "types")) {
    TRY(put_type(member(item, "id"), member(item, "name_zh"), member(item, "name_en"), 0));
  }
  return {};
}

}  // namespace chancery::readmodel
