#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/base/money.hpp"

struct sqlite3;
struct sqlite3_stmt;

// The one door to SQLite. Errors are values; nothing here throws.

namespace lab::storage::sqlite {

enum class OpenMode { read_only, read_write, create };

/// Why the disk refused: `full` may pass when somebody makes room, `broken`
/// never does in this process.
enum class DiskFault { none, full, broken };

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement. Parameters are copied when bound.
class Statement {
public:
  Statement() = default;

  /// Binds the values in order and runs to the end; for statements that give
  /// no rows.
  template <class... Values>
  Result<void> run(const Values&... values) {
    bind_all(values...);
    return finish();
  }

  /// Binds the values in order; `step` then gives the rows.
  template <class... Values>
  void bind_all(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
  }

  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  void bind(int index, std::string_view text);
  void bind(int index, Blob blob);
  void bind(int index, std::nullptr_t);
  void bind(int index, Money amount) { bind(index, amount.pico_usd); }
  void bind(int index, bool value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::int32_t value) { bind(index, std::int64_t{value}); }
  void bind(int index, const std::string& text) {
    bind(index, std::string_view{text});
  }
  void bind(int index, const char* text) {
    bind(index, std::string_view{text});
  }
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value)
      bind(index, *value);
    else
      bind(index, nullptr);
  }

  /// True: there is a row, read it with the accessors below. False: the end;
  /// the statement is reset.
  Result<bool> step();
  /// Steps to the end and resets.
  Result<void> finish();
  void reset();

  int columns() const;
  std::string column_name(int column) const;
  bool is_null(int column) const;
  bool is_blob(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  /// Valid until the next `step` or `reset`. Also for blobs.
  std::string_view text(int column) const;
  /// True when the statement cannot change the database.
  bool reads_only() const;

private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  std::shared_ptr<DiskFault> fault_; // the connection's
};

/// One connection. Not to be used by two threads at a time.
class Database {
public:
  /// @errors disk_failed, journal_corrupt (not a database), held_elsewhere
  static Result<Database> open(const std::string& path, OpenMode mode);

  /// Runs statements that give no rows.
  /// @errors disk_failed, journal_corrupt (the file is damaged),
  ///         held_elsewhere (locked), invalid_input (SQL), internal
  Result<void> exec(const char* sql);
  Result<void> exec(const std::string& sql) { return exec(sql.c_str()); }
  /// @errors as `exec`
  Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row.
  Result<std::int64_t> integer(std::string_view sql);
  Result<std::string> text(std::string_view sql);

  /// Looks at every page, without comparing indexes with their tables.
  /// @errors journal_corrupt: the first thing that is wrong; as `exec`
  Result<void> quick_check();

  /// What the last failure says of the disk.
  DiskFault fault() const { return *fault_; }

  const std::string& path() const { return path_; }

private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
  std::shared_ptr<DiskFault> fault_ = std::make_shared<DiskFault>();
  std::string path_;
};

/// Rolled back unless committed.
class Transaction {
public:
  /// Takes the write lock at once.
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Result<void> commit();

private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

} // namespace lab::storage::sqlite
