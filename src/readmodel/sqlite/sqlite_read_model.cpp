#include <fmt/format.h>

#include <array>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>

#include "base/random.h"
#include "readmodel/read_model.h"
#include "readmodel/sqlite/projector.h"
#include "readmodel/sqlite/queries.h"
#include "readmodel/sqlite/schema.h"

namespace chancery::readmodel {

namespace {

constexpr std::size_t kReaders = 4;
constexpr std::size_t kCursorKeyBytes = 32;

/// Connections for queries, opened when first needed, each lent to one thread at a time.
class ReaderPool {
 public:
  ReaderPool(std::string path, std::size_t cache_bytes, const Clock& clock)
      : path_(std::move(path)), cache_bytes_(cache_bytes), clock_(clock) {}

  class Loan {
   public:
    Loan(ReaderPool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
    Loan(Loan&&) = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (connection_ != nullptr) pool_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  Result<Loan> borrow() {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [this] { return !idle_.empty() || open_ < kReaders; });
    std::unique_ptr<Connection> connection;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    } else {
      auto opened = Connection::open(path_, true, cache_bytes_);
      if (!opened.has_value()) return std::unexpected(std::move(opened).error());
      connection = std::move(*opened);
      ++open_;
    }
    connection->set_budget(clock_, kQueryBudget_ms);
    return Loan(*this, std::move(connection));
  }

 private:
  void give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
    free_.notify_one();
  }

  std::string path_;
  std::size_t cache_bytes_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t open_ = 0;
};

Status put_meta(Connection& connection, std::string_view key, std::int64_t value) {
  ASSIGN_OR_RETURN(auto* prepared, connection.prepare("INSERT INTO meta(key,value) VALUES(?1,?2) "
                                                      "ON CONFLICT(key) DO UPDATE SET value=excluded.value"));
  Statement statement(prepared);
  statement.bind(1, key).bind(2, value);
  return statement.run();
}

Status put_cursor_key(Connection& connection, BytesView key) {
  ASSIGN_OR_RETURN(auto* prepared, connection.prepare("INSERT INTO meta(key,value) VALUES('cursor_key',?1)"));
  Statement statement(prepared);
  statement.bind(1, key);
  return statement.run();
}

Result<Bytes> get_cursor_key(Connection& connection) {
  ASSIGN_OR_RETURN(auto* prepared, connection.prepare("SELECT value FROM meta WHERE key='cursor_key'"));
  Statement statement(prepared);
  ASSIGN_OR_RETURN(const bool there, statement.step());
  if (!there || statement.bytes(0).size() != kCursorKeyBytes)
    return fail(Reason::kCorrupt, "read model: no cursor key");
  return statement.bytes(0);
}

class SqliteReadModel final : public ReadModel {
 public:
  SqliteReadModel(std::unique_ptr<Connection> writer, const ReadModelOptions& options, const Clock& clock,
                  Bytes cursor_key)
      : options_(options),
        clock_(clock),
        cursor_key_(std::move(cursor_key)),
        writer_(std::move(writer)),
        projector_(std::make_unique<Projector>(*writer_)),
        readers_(options.path, options.cache_bytes, clock) {}

  Status load_position() {
    ASSIGN_OR_RETURN(const Snapshot snapshot, Snapshot::begin(*writer_));
    const std::lock_guard lock(position_mutex_);
    position_ = {snapshot.head().entries, snapshot.head().height, snapshot.head().time_ms, 0, 0};
    return {};
  }

  Status catch_up(const EntrySource& source, std::uint64_t max_entries) override {
    const std::uint64_t final_height = source.head_height();
    const std::uint64_t final_entries = source.tree_size();
    Position at = position();
    at.entries = std::max(at.entries, source.first_entry());
    const std::uint64_t until = at.entries + std::min(max_entries, final_entries - std::min(final_entries, at.entries));
    if (until > at.entries) {
      TRY(writer_->execute("BEGIN IMMEDIATE"));
      if (Status status = project_range(source, at, until); !status.has_value()) {
        writer_->roll_back();
        projector_->forget();
        return status;
      }
    }
    at.behind_entries = final_entries - std::min(final_entries, at.entries);
    at.behind_blocks = at.behind_entries == 0 ? 0 : final_height - std::min(final_height, at.height);
    const std::lock_guard lock(position_mutex_);
    position_ = at;
    return {};
  }

  Status load_genesis(const std::string& contracts_json, std::int64_t created_ms) override {
    ASSIGN_OR_RETURN(const Json contracts, parse_json(contracts_json, {.max_bytes = 64U << 20}));
    {
      ASSIGN_OR_RETURN(auto* prepared, writer_->prepare("SELECT 1 FROM meta WHERE key='genesis'"));
      Statement statement(prepared);
      ASSIGN_OR_RETURN(const bool loaded, statement.step());
      if (loaded) return {};
    }
    TRY(writer_->execute("BEGIN IMMEDIATE"));
    Status status = projector_->project_genesis(contracts);
    if (status.has_value()) status = put_meta(*writer_, "genesis", created_ms);
    if (status.has_value()) status = writer_->execute("COMMIT");
    if (!status.has_value()) {
      writer_->roll_back();
      projector_->forget();
    }
    return status;
  }

  Status rebuild() override {
    projector_->forget();
    TRY(drop_schema(*writer_));
    TRY(create_schema(*writer_));
    TRY(put_cursor_key(*writer_, cursor_key_));
    const std::lock_guard lock(position_mutex_);
    position_ = {};
    return {};
  }

  Position position() const override {
    const std::lock_guard lock(position_mutex_);
    return position_;
  }

  Result<Page<CredentialRow>> credentials(const CredentialFilter& filter, const PageRequest& page) const override {
    return query<CredentialRow>([&](const QueryFrame& frame) { return list_credentials(frame, filter, page); });
  }
  Result<Page<EvidenceRow>> evidence(const EvidenceFilter& filter, const PageRequest& page) const override {
    return query<EvidenceRow>([&](const QueryFrame& frame) { return list_evidence(frame, filter, page); });
  }
  Result<Page<TransactionRow>> transactions(const TransactionFilter& filter, const PageRequest& page) const override {
    auto out = query<TransactionRow>([&](const QueryFrame& frame) { return list_transactions(frame, filter, page); });
    if (!out.has_value() || !options_.transaction_id) return out;
    for (TransactionRow& row : out->items) {
      ASSIGN_OR_RETURN(row.id, options_.transaction_id(row.leaf_index));
    }
    return out;
  }
  Result<Page<BlockRow>> blocks(const PageRequest& page) const override {
    return query<BlockRow>([&](const QueryFrame& frame) { return list_blocks(frame, page); });
  }
  Result<Page<CredentialTypeRow>> credential_types(const std::string& text, const PageRequest& page) const override {
    return query<CredentialTypeRow>([&](const QueryFrame& frame) { return list_types(frame, text, page); });
  }
  Result<Page<OrganisationRow>> organisations(const std::string& text, const PageRequest& page) const override {
    return query<OrganisationRow>([&](const QueryFrame& frame) { return list_organisations(frame, text, page); });
  }
  Result<Page<AccountRow>> accounts(const std::string& organisation, const PageRequest& page) const override {
    return query<AccountRow>([&](const QueryFrame& frame) { return list_accounts(frame, organisation, page); });
  }

  std::uint64_t disk_bytes() const override {
    std::uint64_t total = 0;
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::error_code error;
      const auto size = std::filesystem::file_size(options_.path + suffix, error);
      if (!error) total += size;
    }
    return total;
  }

 private:
  Status project_range(const EntrySource& source, Position& at, std::uint64_t until) {
    for (std::uint64_t leaf = at.entries; leaf < until; ++leaf) {
      ASSIGN_OR_RETURN(const wire::Entry entry, source.entry(leaf));
      TRY(projector_->project(source, leaf, entry));
      at.height = entry.height();
      at.time_ms = entry.time_ms();
    }
    TRY(projector_->flush());
    at.entries = until;
    TRY(put_meta(*writer_, "entries", static_cast<std::int64_t>(at.entries)));
    TRY(put_meta(*writer_, "height", static_cast<std::int64_t>(at.height)));
    TRY(put_meta(*writer_, "time_ms", at.time_ms));
    return writer_->execute("COMMIT");
  }

  template <class Row>
  Result<Page<Row>> query(const std::function<Result<Page<Row>>(const QueryFrame&)>& run) const {
    ASSIGN_OR_RETURN(const auto loan, readers_.borrow());
    ASSIGN_OR_RETURN(const Snapshot snapshot, Snapshot::begin(*loan));
    return run({snapshot, cursor_key_, clock_.now_ms()});
  }

  ReadModelOptions options_;
  const Clock& clock_;
  Bytes cursor_key_;
  std::unique_ptr<Connection> writer_;
  std::unique_ptr<Projector> projector_;
  mutable ReaderPool readers_;
  mutable std::mutex position_mutex_;
  Position position_;
};

/// WAL: readers and the writer don't wait for one another. Synced at checkpoints only: what a power cut takes is read
/// from the ledger again.
Status configure_writer(Connection& connection) {
  TRY(connection.execute("PRAGMA journal_mode=WAL"));
  TRY(connection.execute("PRAGMA synchronous=NORMAL"));
  TRY(connection.execute("PRAGMA wal_autocheckpoint=4000"));
  return connection.execute("PRAGMA journal_size_limit=16777216");
}

Result<std::unique_ptr<Connection>> open_writer(const ReadModelOptions& options, Random& random) {
  ASSIGN_OR_RETURN(auto writer, Connection::open(options.path, false, options.cache_bytes));
  TRY(configure_writer(*writer));
  ASSIGN_OR_RETURN(const int version, schema_version(*writer));
  if (version != kSchemaVersion) {
    TRY(drop_schema(*writer));
    TRY(create_schema(*writer));
    TRY(put_cursor_key(*writer, random.bytes(kCursorKeyBytes)));
  }
  return writer;
}

void remove_database(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    std::filesystem::remove(path + suffix, ignored);
  }
}

}  // namespace

Result<std::unique_ptr<ReadModel>> ReadModel::open(const ReadModelOptions& options, const Clock& clock) {
  SystemRandom random;
  auto writer = open_writer(options, random);
  if (!writer.has_value() && writer.error().reason == Reason::kCorrupt) {
    // Everything in it comes from the ledger: a damaged file is not worth repairing.
    remove_database(options.path);
    writer = open_writer(options, random);
  }
  if (!writer.has_value()) return std::unexpected(std::move(writer).error());
  ASSIGN_OR_RETURN(Bytes cursor_key, get_cursor_key(**writer));
  auto model = std::make_unique<SqliteReadModel>(std::move(*writer), options, clock, std::move(cursor_key));
  TRY(model->load_position());
  return model;
}

}  // namespace chancery::readmodel
