// Credentials and their types. Event data is empty: the call's arguments say what happened, and the contract's record
// what the arguments left open.

#include <fmt/format.h>

#include "contracts/credential.pb.h"
#include "readmodel/sqlite/projector.h"

namespace chancery::readmodel {

namespace {

constexpr std::size_t kHolderPrefixBytes = 16;

template <class Message>
Result<Message*> decode(google::protobuf::Arena& arena, const wire::Call& call) {
  auto* message = google::protobuf::Arena::CreateMessage<Message>(&arena);
  if (!message->ParseFromString(call.args())) {
    return fail(Reason::kCorrupt, fmt::format("read model: arguments of {}.{}", call.contract(), call.method()));
  }
  return message;
}

}  // namespace

Status Projector::credential_event(const Call& call) {
  const std::string& name = call.event.name();
  if (name == "issued") return credential_issued(call);
  if (name == "superseded")
    return credential_status(call, call.event.subject(), wire::CREDENTIAL_STATUS_SUPERSEDED, "new_version");
  if (name == "type_defined" || name == "type_updated") return type_defined(call);
  int status = 0;
  if (name == "suspended") status = wire::CREDENTIAL_STATUS_SUSPENDED;
  if (name == "resumed") status = wire::CREDENTIAL_STATUS_VALID;
  if (name == "revoked") status = wire::CREDENTIAL_STATUS_REVOKED;
  if (status == 0) return {};
  ASSIGN_OR_RETURN(const auto* args, decode<wire::ChangeStatus>(arena_, call.call));
  const std::string_view reason = args->reason().empty() ? "unspecified" : std::string_view(args->reason());
  return credential_status(call, call.event.subject(), status, reason);
}

Status Projector::credential_issued(const Call& call) {
  NewCredential credential;
  credential.id = call.event.subject();
  if (call.call.method() == "issue") {
    ASSIGN_OR_RETURN(const auto* args, decode<wire::Issue>(arena_, call.call));
    credential.type = args->type();
    credential.issuer = args->issuer();
    credential.holder = as_bytes(args->holder());
    credential.from_ms = args->valid_from_ms() != 0 ? args->valid_from_ms() : call.entry.time_ms();
    credential.until_ms = args->valid_until_ms();
    if (!credential.issuer.empty() && credential.until_ms != 0) return insert_credential(call.sequence, credential);
  }
  // A new version inherits, and defaults are the contract's to fill in: the record says what came of it. These members
  // of a record never change, so the newest state answers for the time of issue.
  ASSIGN_OR_RETURN(const auto bytes, call.source.record("credential", "credential", credential.id));
  auto* record = google::protobuf::Arena::CreateMessage<wire::Credential>(&arena_);
  if (!bytes.has_value() || !record->ParseFromArray(bytes->data(), static_cast<int>(bytes->size()))) {
    return fail(Reason::kCorrupt, fmt::format("read model: no record of credential {}", credential.id));
  }
  credential.type = record->type();
  credential.issuer = record->issuer();
  credential.holder = as_bytes(record->holder());
  credential.version = record->version();
  credential.from_ms = record->valid_from_ms();
  credential.until_ms = record->valid_until_ms();
  return insert_credential(call.sequence, credential);
}

Status Projector::insert_credential(std::int64_t sequence, const NewCredential& credential) {
  const SplitId id = split_id(credential.id);
  ASSIGN_OR_RETURN(const std::int64_t prefix, names_.id_of(NameTable::kIdPrefix, id.prefix));
  ASSIGN_OR_RETURN(const std::int64_t type, names_.id_of(NameTable::kType, credential.type));
  ASSIGN_OR_RETURN(const std::int64_t issuer, names_.id_of(NameTable::kOrganisation, credential.issuer));
  ASSIGN_OR_RETURN(auto* prepared,
                   connection_.prepare("INSERT INTO credential(seq,prefix,tail,type,issuer,holder,version,from_ms,"
                                       "until_ms) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"));
  Statement insert(prepared);
  insert.bind(1, sequence).bind(2, prefix).bind(3, id.tail).bind(4, type).bind(5, issuer);
  insert.bind(6, credential.holder.first(std::min(credential.holder.size(), kHolderPrefixBytes)));
  insert.bind(7, std::int64_t{credential.version}).bind(8, credential.from_ms).bind(9, credential.until_ms);
  TRY(insert.run());
  for (auto& [counted, count] : issued_by_type_) {
    if (counted == type) {
      ++count;
      return {};
    }
  }
  issued_by_type_.emplace_back(type, 1);
  return {};
}

Result<std::int64_t> Projector::find_credential(std::string_view id) {
  const SplitId split = split_id(id);
  ASSIGN_OR_RETURN(const std::int64_t prefix, names_.id_of(NameTable::kIdPrefix, split.prefix));
  ASSIGN_OR_RETURN(auto* prepared, connection_.prepare("SELECT seq FROM credential WHERE prefix=?1 AND tail=?2"));
  Statement find(prepared);
  find.bind(1, prefix).bind(2, split.tail);
  ASSIGN_OR_RETURN(const bool there, find.step());
  return there ? find.integer(0) : -1;
}

Status Projector::credential_status(const Call& call, std::string_view id, int status, std::string_view reason) {
  ASSIGN_OR_RETURN(const std::int64_t credential, find_credential(id));
  // Issued before this node joined: its record is in the state, its row is not in the lists.
  if (credential < 0 && call.source.first_entry() > 0) return {};
  if (credential < 0) return fail(Reason::kCorrupt, fmt::format("read model: a change of unknown credential {}", id));
  ASSIGN_OR_RETURN(const std::int64_t reason_id, names_.id_of(NameTable::kWord, reason));
  ASSIGN_OR_RETURN(auto* prepared,
                   connection_.prepare("INSERT INTO status_change(seq,credential,status,reason) VALUES(?1,?2,?3,?4)"));
  Statement insert(prepared);
  insert.bind(1, call.sequence).bind(2, credential).bind(3, std::int64_t{status}).bind(4, reason_id);
  return insert.run();
}

Status Projector::type_defined(const Call& call) {
  if (call.event.name() == "type_defined") {
    ASSIGN_OR_RETURN(const auto* args, decode<wire::DefineType>(arena_, call.call));
    return put_type(args->type().id(), args->type().name_zh(), args->type().name_en(), call.entry.height());
  }
  ASSIGN_OR_RETURN(const auto* args, decode<wire::UpdateType>(arena_, call.call));
  return put_type(args->type().id(), args->type().name_zh(), args->type().name_en(), call.entry.height());
}

Status Projector::put_type(std::string_view id, std::string_view name_zh, std::string_view name_en,
                           std::uint64_t height) {
  ASSIGN_OR_RETURN(const std::int64_t row, names_.id_of(NameTable::kType, id));
  std::string before;
  {
    ASSIGN_OR_RETURN(auto* prepared,
                     connection_.prepare("SELECT coalesce(name_zh||' '||name_en,'') FROM type WHERE id=?1"));
    Statement find(prepared);
    find.bind(1, row);
    ASSIGN_OR_RETURN(const bool there, find.step());
    if (there) before = find.text(0);
  }
  ASSIGN_OR_RETURN(auto* prepared, connection_.prepare("UPDATE type SET name_zh=?2,name_en=?3,"
                                                       "defined_height=coalesce(defined_height,?4) WHERE id=?1"));
  Statement update(prepared);
  update.bind(1, row).bind(2, name_zh).bind(3, name_en).bind(4, height);
  TRY(update.run());
  return put_text(text_row(row, TextKind::kType), before, fmt::format("{} {}", name_zh, name_en));
}

}  // namespace chancery::readmodel
