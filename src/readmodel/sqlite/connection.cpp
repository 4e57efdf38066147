#include "readmodel/sqlite/connection.h"

#include <fmt/format.h>

namespace chancery::readmodel {

namespace {
constexpr int kBusyTimeout_ms = 5'000;
/// Virtual machine steps between two looks at the clock.
constexpr int kBudgetStep = 20'000;
}  // namespace

std::unexpected<Error> sqlite_failure(sqlite3* database, std::string_view doing) {
  const int code = sqlite3_errcode(database);
  const Reason reason = code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? Reason::kCorrupt : Reason::kStorageFailed;
  return fail(reason, fmt::format("read model: {}: {}", doing, sqlite3_errmsg(database)));
}

Statement::~Statement() {
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Statement& Statement::bind(int position, std::int64_t value) {
  CHANCERY_CHECK(sqlite3_bind_int64(statement_, position, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int position, std::string_view text) {
  // A null pointer would bind NULL: an empty view may have one.
  const char* data = text.data() != nullptr ? text.data() : "";
  CHANCERY_CHECK(sqlite3_bind_text64(statement_, position, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int position, BytesView bytes) {
  const void* data = bytes.data() != nullptr ? static_cast<const void*>(bytes.data()) : "";
  CHANCERY_CHECK(sqlite3_bind_blob64(statement_, position, data, bytes.size(), SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_null(int position) {
  CHANCERY_CHECK(sqlite3_bind_null(statement_, position) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    case SQLITE_INTERRUPT:
      return fail(Reason::kOverloaded, "the query takes too long; give a type, issuer, holder or a shorter time",
                  "查询耗时过长，请增加类型、签发机构、持有人或缩短时间范围。");
    default:
      return sqlite_failure(sqlite3_db_handle(statement_), "a statement");
  }
}

Status Statement::run() {
  ASSIGN_OR_RETURN(const bool row, step());
  CHANCERY_CHECK(!row);
  sqlite3_reset(statement_);
  return {};
}

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Bytes Statement::bytes(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (data == nullptr) return {};
  return {data, data + sqlite3_column_bytes(statement_, column)};
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, bool read_only, std::size_t cache_bytes) {
  sqlite3* database = nullptr;
  const int flags =
      SQLITE_OPEN_NOMUTEX | (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(database));
  if (database == nullptr) return fail(Reason::kStorageFailed, "read model: out of memory");
  if (code != SQLITE_OK) return sqlite_failure(database, "opening");
  sqlite3_extended_result_codes(database, 0);
  sqlite3_busy_timeout(database, kBusyTimeout_ms);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  TRY(connection->execute(fmt::format("PRAGMA cache_size=-{}", cache_bytes / 1024)));
  TRY(connection->execute("PRAGMA temp_store=MEMORY"));
  return connection;
}

Connection::~Connection() {
  forget_statements();
  sqlite3_close(database_);
}

void Connection::forget_statements() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
}

Result<sqlite3_stmt*> Connection::prepare(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK) {
    return sqlite_failure(database_, sql);
  }
  statements_.emplace(sql, statement);
  return statement;
}

Status Connection::execute(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return sqlite_failure(database_, sql.substr(0, 80));
  }
  return {};
}

void Connection::set_budget(const Clock& clock, std::int64_t budget_ms) {
  clock_ = &clock;
  deadline_us_ = budget_ms == 0 ? 0 : clock.monotonic_us() + budget_ms * 1'000;
  sqlite3_progress_handler(database_, kBudgetStep, budget_ms == 0 ? nullptr : &Connection::out_of_budget, this);
}

int Connection::out_of_budget(void* self) {
  const auto* connection = static_cast<const Connection*>(self);
  return connection->clock_->monotonic_us() > connection->deadline_us_ ? 1 : 0;
}

}  // namespace chancery::readmodel
