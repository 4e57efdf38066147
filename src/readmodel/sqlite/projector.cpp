#include "readmodel/sqlite/projector.h"

#include <fmt/format.h>

#include "readmodel/sqlite/text_tokens.h"

namespace chancery::readmodel {

Status Projector::project(const EntrySource& source, std::uint64_t leaf_index, const wire::Entry& entry) {
  TRY(count_block(leaf_index, entry));
  arena_.Reset();
  auto* transaction = google::protobuf::Arena::CreateMessage<wire::Transaction>(&arena_);
  auto* body = google::protobuf::Arena::CreateMessage<wire::Body>(&arena_);
  if (!transaction->ParseFromString(entry.transaction()) || !body->ParseFromString(transaction->body())) {
    return fail(Reason::kCorrupt, fmt::format("read model: entry {} holds no transaction", leaf_index));
  }
  TRY(project_transaction(leaf_index, entry, *transaction, *body));
  if (!entry.reason().empty()) return {};

  const std::string_view account =
      transaction->signatures_size() > 0 ? std::string_view(transaction->signatures(0).account()) : std::string_view();
  for (const wire::Event& event : entry.events()) {
    if (event.call() >= static_cast<std::uint32_t>(body->calls_size())) {
      return fail(Reason::kCorrupt, fmt::format("read model: entry {} has an event of no call", leaf_index));
    }
    const wire::Call& call = body->calls(static_cast<int>(event.call()));
    TRY(project_event(Call{source, entry, call, event, account, leaf_index, sequence_of(leaf_index, event.call())}));
  }
  return {};
}

Status Projector::project_transaction(std::uint64_t leaf_index, const wire::Entry& entry,
                                      const wire::Transaction& transaction, const wire::Body& body) {
  std::int64_t account = 0;
  if (transaction.signatures_size() > 0) {
    ASSIGN_OR_RETURN(account, names_.id_of(NameTable::kAccount, transaction.signatures(0).account()));
  }
  call_name_.clear();
  if (body.calls_size() > 0) {
    call_name_ += body.calls(0).contract();
    call_name_ += '.';
    call_name_ += body.calls(0).method();
  }
  ASSIGN_OR_RETURN(const std::int64_t call, names_.id_of(NameTable::kWord, call_name_));
  ASSIGN_OR_RETURN(const std::int64_t reason, names_.id_of(NameTable::kWord, entry.reason()));

  ASSIGN_OR_RETURN(auto* prepared,
                   connection_.prepare("INSERT INTO tx(leaf,account,call,calls,reason) VALUES(?1,?2,?3,?4,?5)"));
  Statement insert(prepared);
  insert.bind(1, leaf_index).bind(2, account).bind(3, call).bind(4, std::int64_t{body.calls_size()});
  if (reason == 0) {
    insert.bind_null(5);
  } else {
    insert.bind(5, reason);
  }
  TRY(insert.run());
  if (body.memo().empty()) return {};
  return put_text(text_row(static_cast<std::int64_t>(leaf_index), TextKind::kMemo), {}, body.memo());
}

Status Projector::project_event(const Call& call) {
  const std::string& contract = call.call.contract();
  if (contract == "credential") return credential_event(call);
  if (contract == "evidence") return evidence_event(call);
  if (contract == "identity") return identity_event(call);
  return {};
}

Status Projector::count_block(std::uint64_t leaf_index, const wire::Entry& entry) {
  if (block_.count > 0 && block_.height == entry.height()) {
    ++block_.count;
    return {};
  }
  if (block_.count > 0) TRY(flush());
  block_ = {entry.height(), entry.time_ms(), leaf_index, 1};
  return {};
}

Status Projector::flush() {
  if (block_.count > 0) {
    // A block may be split over two batches: the second part adds to the first's row.
    ASSIGN_OR_RETURN(auto* prepared,
                     connection_.prepare("INSERT INTO block(first_leaf,height,time_ms,count) VALUES(?1,?2,?3,?4) "
                                         "ON CONFLICT(height) DO UPDATE SET count=count+excluded.count"));
    Statement insert(prepared);
    insert.bind(1, block_.first_leaf).bind(2, block_.height).bind(3, block_.time_ms).bind(4, block_.count);
    TRY(insert.run());
    block_ = {};
  }
  for (const auto& [type, count] : issued_by_type_) {
    ASSIGN_OR_RETURN(auto* prepared, connection_.prepare("UPDATE type SET issued=issued+?2 WHERE id=?1"));
    Statement update(prepared);
    update.bind(1, type).bind(2, count);
    TRY(update.run());
  }
  issued_by_type_.clear();
  return {};
}

void Projector::forget() {
  names_.forget();
  block_ = {};
  issued_by_type_.clear();
}

Status Projector::put_text(std::int64_t row, std::string_view before, std::string_view text) {
  const std::string old_tokens = index_tokens(before);
  const std::string tokens = index_tokens(text);
  if (tokens == old_tokens) return {};
  if (!old_tokens.empty()) {
    // An index without its own copy of the text is told what to forget.
    ASSIGN_OR_RETURN(auto* prepared, connection_.prepare("INSERT INTO words(words,rowid,text) VALUES('delete',?1,?2)"));
    Statement remove(prepared);
    remove.bind(1, row).bind(2, std::string_view(old_tokens));
    TRY(remove.run());
  }
  if (tokens.empty()) return {};
  ASSIGN_OR_RETURN(auto* prepared, connection_.prepare("INSERT INTO words(rowid,text) VALUES(?1,?2)"));
  Statement insert(prepared);
  insert.bind(1, row).bind(2, std::string_view(tokens));
  return insert.run();
}

}  // namespace chancery::readmodel
