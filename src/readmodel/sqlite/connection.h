#pragma once
// A thin owner of an SQLite connection: prepared statements kept by their text, errors as values, a time budget.
// One thread at a time.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace chancery::readmodel {

class Connection;

/// A prepared statement while it is in use; reset when it goes out of scope. Binding positions count from 1.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int position, std::int64_t value);
  Statement& bind(int position, std::uint64_t value) { return bind(position, static_cast<std::int64_t>(value)); }
  /// Text and bytes are borrowed until the statement is reset.
  Statement& bind(int position, std::string_view text);
  Statement& bind(int position, BytesView bytes);
  Statement& bind_null(int position);

  /// True while there is a row; kOverloaded when the time budget ran out, kStorageFailed otherwise.
  Result<bool> step();
  /// Runs a statement that gives no rows, and readies it for the next binding.
  Status run();
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::uint64_t unsigned_integer(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  std::string text(int column) const;
  Bytes bytes(int column) const;
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  sqlite3_stmt* statement_;
};

class Connection {
 public:
  /// kStorageFailed; kCorrupt when the file is no database of SQLite.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, bool read_only, std::size_t cache_bytes);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `sql` is one of our own constants, or made of them; never of input. Prepared once and kept.
  Result<sqlite3_stmt*> prepare(std::string_view sql);
  /// Several statements without parameters.
  Status execute(const std::string& sql);
  /// Ends a transaction without its changes. That can only fail where the next statement fails as well, and says why.
  void roll_back() { sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr); }
  std::int64_t changes() const { return sqlite3_changes64(database_); }
  std::int64_t last_row_id() const { return sqlite3_last_insert_rowid(database_); }
  /// From now on statements stop with kOverloaded after so long; 0: never.
  void set_budget(const Clock& clock, std::int64_t budget_ms);
  /// Forgets prepared statements, e.g. before tables are dropped.
  void forget_statements();

 private:
  explicit Connection(sqlite3* database) : database_(database) {}
  static int out_of_budget(void* self);
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  sqlite3* database_;
  std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
  const Clock* clock_ = nullptr;
  std::int64_t deadline_us_ = 0;
};

/// The failure of a connection's last call.
std::unexpected<Error> sqlite_failure(sqlite3* database, std::string_view doing);

}  // namespace chancery::readmodel
