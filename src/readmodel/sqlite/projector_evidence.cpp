// Evidence deposits. The number comes with the event; the place in the matter is the record's to say.

#include <fmt/format.h>

#include "contracts/evidence.pb.h"
#include "readmodel/sqlite/projector.h"

namespace chancery::readmodel {

namespace {

void bind_digest(Statement& statement, int position, const std::string& digest) {
  if (digest.empty()) {
    statement.bind_null(position);
  } else {
    statement.bind(position, as_bytes(digest));
  }
}

}  // namespace

Status Projector::evidence_event(const Call& call) {
  if (call.event.name() != "deposited" && call.event.name() != "deposited_batch") return {};
  const std::string& number = call.event.subject();
  ASSIGN_OR_RETURN(const auto bytes, call.source.record("evidence", "evidence", number));
  auto* record = google::protobuf::Arena::CreateMessage<wire::Evidence>(&arena_);
  if (!bytes.has_value() || !record->ParseFromArray(bytes->data(), static_cast<int>(bytes->size()))) {
    return fail(Reason::kCorrupt, fmt::format("read model: no record of evidence {}", number));
  }
  const bool has_organisation = !record->owner().starts_with('@');
  const std::string_view owner = has_organisation ? std::string_view(record->owner()) : std::string_view();
  ASSIGN_OR_RETURN(const std::int64_t organisation, names_.id_of(NameTable::kOrganisation, owner));
  ASSIGN_OR_RETURN(const std::int64_t account, names_.id_of(NameTable::kAccount, record->depositor()));
  ASSIGN_OR_RETURN(const std::int64_t phase, names_.id_of(NameTable::kWord, record->phase()));
  ASSIGN_OR_RETURN(const std::int64_t media, names_.id_of(NameTable::kWord, record->media_type()));
  const std::int64_t count = record->has_batch() ? static_cast<std::int64_t>(record->batch().count()) : 1;

  ASSIGN_OR_RETURN(auto* prepared,
                   connection_.prepare("INSERT INTO evidence(seq,number,organisation,account,matter,previous,phase,"
                                       "media,size_bytes,sm3,sha256,root,count) "
                                       "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)"));
  Statement insert(prepared);
  insert.bind(1, call.sequence).bind(2, std::string_view(number)).bind(3, organisation).bind(4, account);
  insert.bind(5, std::string_view(record->matter())).bind(6, std::string_view(record->previous()));
  insert.bind(7, phase).bind(8, media).bind(9, record->size_bytes());
  bind_digest(insert, 10, record->sm3());
  bind_digest(insert, 11, record->sha256());
  bind_digest(insert, 12, record->batch().root());
  insert.bind(13, count);
  TRY(insert.run());
  return put_text(text_row(call.sequence, TextKind::kEvidence), {}, record->matter());
}

}  // namespace chancery::readmodel
