#pragma once
// Turns final entries into rows, inside a database transaction that the caller opens and closes.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <google/protobuf/arena.h>

#include "base/json.h"
#include "base/result.h"
#include "ledger.pb.h"
#include "readmodel/read_model.h"
#include "readmodel/sqlite/connection.h"
#include "readmodel/sqlite/names.h"
#include "readmodel/sqlite/schema.h"

namespace chancery::readmodel {

class Projector {
 public:
  explicit Projector(Connection& connection) : connection_(connection), names_(connection) {}

  /// `source` answers for records where the arguments leave something to the contract.
  Status project(const EntrySource& source, std::uint64_t leaf_index, const wire::Entry& entry);
  /// Writes what is gathered over many entries (blocks, counts); before the transaction is committed.
  Status flush();
  /// After a rollback.
  void forget();

  /// Organisations, accounts and types of the genesis file's "contracts" member.
  Status project_genesis(const Json& contracts);

 private:
  /// One event with what it needs of its transaction.
  struct Call {
    const EntrySource& source;
    const wire::Entry& entry;
    const wire::Call& call;
    const wire::Event& event;
    std::string_view account;  ///< first signer
    std::uint64_t leaf_index;
    std::int64_t sequence;
  };
  Status project_transaction(std::uint64_t leaf_index, const wire::Entry& entry, const wire::Transaction& transaction,
                             const wire::Body& body);
  Status project_event(const Call& call);
  Status count_block(std::uint64_t leaf_index, const wire::Entry& entry);

  // projector_credential.cpp
  Status credential_event(const Call& call);
  Status credential_issued(const Call& call);
  Status credential_status(const Call& call, std::string_view id, int status, std::string_view reason);
  Status type_defined(const Call& call);
  Status put_type(std::string_view id, std::string_view name_zh, std::string_view name_en, std::uint64_t height);
  /// 0 when there is none.
  Result<std::int64_t> find_credential(std::string_view id);
  struct NewCredential {
    std::string_view id;
    std::string_view type;
    std::string_view issuer;
    BytesView holder;
    std::uint32_t version = 1;
    std::int64_t from_ms = 0;
    std::int64_t until_ms = 0;
  };
  Status insert_credential(std::int64_t sequence, const NewCredential& credential);

  // projector_evidence.cpp
  Status evidence_event(const Call& call);

  // projector_identity.cpp
  Status identity_event(const Call& call);
  Status put_organisation(std::string_view id, std::string_view name_zh, std::string_view name_en,
                          std::uint64_t height);
  Status put_account(std::string_view id, int kind, std::string_view organisation, std::uint64_t height);
  Status set_suspended(NameTable table, std::string_view id, bool suspended);

  /// Replaces what the text index says about a row; `before` must be what it said (empty: nothing).
  Status put_text(std::int64_t row, std::string_view before, std::string_view text);

  struct OpenBlock {
    std::uint64_t height = 0;
    std::int64_t time_ms = 0;
    std::uint64_t first_leaf = 0;
    std::uint64_t count = 0;
  };

  Connection& connection_;
  Names names_;
  google::protobuf::Arena arena_;
  OpenBlock block_;
  std::vector<std::pair<std::int64_t, std::int64_t>> issued_by_type_;  ///< type, credentials since the last flush
  std::string call_name_;
};

}  // namespace chancery::readmodel
