#include "storage/sqlite/database.hpp"

#include <cerrno>
#include <cstring>

#include <sqlite3.h>

#include "runtime/base/check.hpp"

namespace lab::storage::sqlite {

namespace {

/// A writer of another process may hold the lock for one transaction.
constexpr int busy_ms = 5'000;

Errc code_of(int result) {
  switch (result & 0xFF) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return Errc::held_elsewhere;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return Errc::journal_corrupt;
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_READONLY:
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
    return Errc::disk_failed;
  case SQLITE_ERROR:
  case SQLITE_AUTH:
  case SQLITE_TOOBIG:
    return Errc::invalid_input;
  default:
    return Errc::internal;
  }
}

bool is_no_space(int number) {
  return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

/// @param number  `errno` as the call left it: SQLite keeps it for some
///                failures only, and a failed COMMIT is none of them
DiskFault fault_of(int result, int number) {
  switch (result & 0xFF) {
  case SQLITE_FULL:
    return DiskFault::full;
  case SQLITE_IOERR:
    return is_no_space(number) ? DiskFault::full : DiskFault::broken;
  default:
    return DiskFault::none;
  }
}

/// The failure that just happened on `connection`.
Error error_of(sqlite3* connection, const std::string& path, DiskFault& fault) {
  const int number = errno;
  const int result = sqlite3_extended_errcode(connection);
  fault = fault_of(result, number);
  std::string context = path + ": " + sqlite3_errmsg(connection);
  // SQLite's own words leave out what the system said.
  if (code_of(result) == Errc::disk_failed && number != 0)
    context += std::string{" ("} + std::strerror(number) + ")";
  return {code_of(result), std::move(context)};
}

} // namespace

// --- Statement ---------------------------------------------------------------

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), index, value);
}

void Statement::bind(int index, double value) {
  sqlite3_bind_double(handle_.get(), index, value);
}

void Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text64(handle_.get(), index, text.data() ? text.data() : "",
                      text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::bind(int index, Blob blob) {
  sqlite3_bind_blob64(handle_.get(), index,
                      blob.bytes.data() ? blob.bytes.data() : "",
                      blob.bytes.size(), SQLITE_TRANSIENT);
}

void Statement::bind(int index, std::nullptr_t) {
  sqlite3_bind_null(handle_.get(), index);
}

Result<bool> Statement::step() {
  errno = 0;
  const int result = sqlite3_step(handle_.get());
  if (result == SQLITE_ROW)
    return true;
  if (result == SQLITE_DONE) {
    reset();
    return false;
  }
  auto* connection = sqlite3_db_handle(handle_.get());
  const char* path = sqlite3_db_filename(connection, "main");
  auto error = error_of(connection, path == nullptr ? "" : path, *fault_);
  reset();
  return tl::unexpected(std::move(error));
}

Result<void> Statement::finish() {
  for (;;) {
    LAB_TRY(const bool row, step());
    if (!row)
      return {};
  }
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

int Statement::columns() const { return sqlite3_column_count(handle_.get()); }

std::string Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(handle_.get(), column);
  return name == nullptr ? "" : name;
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

bool Statement::is_blob(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_BLOB;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
  // For a text SQLite gives its bytes; for a number it makes a text first.
  const void* bytes = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  if (bytes == nullptr)
    return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool Statement::reads_only() const {
  return sqlite3_stmt_readonly(handle_.get()) != 0;
}

// --- Database ----------------------------------------------------------------

void Database::Close::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

Result<Database> Database::open(const std::string& path, OpenMode mode) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
  case OpenMode::read_only:
    flags |= SQLITE_OPEN_READONLY;
    break;
  case OpenMode::read_write:
    flags |= SQLITE_OPEN_READWRITE;
    break;
  case OpenMode::create:
    flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    break;
  }
  Database database;
  database.path_ = path;
  sqlite3* raw = nullptr;
  errno = 0;
  const int result = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  database.handle_.reset(raw);
  LAB_CHECK(raw != nullptr, "no memory for a connection to " + path);
  if (result != SQLITE_OK)
    return tl::unexpected(error_of(raw, path, *database.fault_));
  sqlite3_busy_timeout(raw, busy_ms);
  return database;
}

Result<void> Database::exec(const char* sql) {
  errno = 0;
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return tl::unexpected(error_of(handle_.get(), path_, *fault_));
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  Statement statement;
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  errno = 0;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(),
                         static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &raw, &tail)
      != SQLITE_OK)
    return tl::unexpected(error_of(handle_.get(), path_, *fault_));
  statement.handle_.reset(raw);
  statement.fault_ = fault_;
  if (raw == nullptr)
    return fail(Errc::invalid_input,
                "no statement in '" + std::string{sql} + "'");
  const std::string_view rest{tail, sql.data() + sql.size()};
  if (rest.find_first_not_of(" \t\r\n;") != std::string_view::npos)
    return fail(Errc::invalid_input,
                "more than one statement: '" + std::string{rest} + "'");
  return statement;
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  LAB_TRY(auto statement, prepare(sql));
  LAB_TRY(const bool row, statement.step());
  return row ? statement.integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) {
  LAB_TRY(auto statement, prepare(sql));
  LAB_TRY(const bool row, statement.step());
  return row ? std::string{statement.text(0)} : std::string{};
}

Result<void> Database::quick_check() {
  LAB_TRY(auto statement, prepare("PRAGMA quick_check(1)"));
  LAB_TRY(const bool row, statement.step());
  if (!row || statement.text(0) == "ok")
    return {};
  return fail(Errc::journal_corrupt, std::string{statement.text(0)});
}

// --- Transaction -------------------------------------------------------------

Result<Transaction> Transaction::begin(Database& database) {
  LAB_CHECKED(database.exec("BEGIN IMMEDIATE"));
  return Transaction{&database};
}

Transaction::~Transaction() {
  // SQLite may have rolled back by itself after a failure; then this fails,
  // and nothing is lost.
  if (database_ != nullptr)
    (void)database_->exec("ROLLBACK");
}

Result<void> Transaction::commit() {
  LAB_CHECKED(database_->exec("COMMIT"));
  database_ = nullptr;
  return {};
}

} // namespace lab::storage::sqlite
