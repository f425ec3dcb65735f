#include "storage/journal_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "runtime/base/failpoint.hpp"
#include "storage/compression.hpp"
#include "storage/descriptor.hpp"

namespace lab::storage {

namespace {

using sqlite::Blob;
using sqlite::Database;
using sqlite::OpenMode;
using sqlite::Transaction;

constexpr std::int64_t application_id = 0x534C6A6C; // "SLjl"
/// Raised when fields or kinds of accounts are added. Every older file can be
/// read: what is absent is zero, false or empty. Opening one for writing makes
/// it the newest, so that an older program refuses it by name instead of
/// meeting a key it cannot know.
constexpr std::int64_t schema_version = 3;
/// From here on there are accounts of models.
constexpr std::int64_t schema_of_models = 3;
/// Scenarios decoded in one reading; beyond it all are forgotten.
constexpr std::size_t scenarios_max = 256;

// Amounts are pico-dollars. Four million dollars is far above any sum here and
// far below the range of the type.
constexpr const char* schema = R"(
CREATE TABLE facts(
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  body ANY NOT NULL,
  hash BLOB NOT NULL) STRICT;
CREATE TABLE replies(
  seq INTEGER PRIMARY KEY,
  body BLOB NOT NULL) STRICT;
CREATE TABLE scenarios(
  content BLOB PRIMARY KEY,
  body BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE balances(
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  settled_usd INTEGER NOT NULL CHECK(settled_usd >= 0),
  settled_calls INTEGER NOT NULL CHECK(settled_calls >= 0),
  settled_tokens INTEGER NOT NULL CHECK(settled_tokens >= 0),
  unknown_usd INTEGER NOT NULL CHECK(unknown_usd >= 0),
  unknown_calls INTEGER NOT NULL CHECK(unknown_calls >= 0),
  unknown_tokens INTEGER NOT NULL CHECK(unknown_tokens >= 0),
  reserved_usd INTEGER NOT NULL CHECK(reserved_usd >= 0),
  reserved_calls INTEGER NOT NULL CHECK(reserved_calls >= 0),
  reserved_tokens INTEGER NOT NULL CHECK(reserved_tokens >= 0),
  limit_usd INTEGER,
  limit_calls INTEGER,
  limit_tokens INTEGER) STRICT;
CREATE TABLE head(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL) STRICT;
INSERT INTO head VALUES(1, 0, zeroblob(32));
)";

std::string short_text(const Digest256& digest) {
  return lab::to_string(digest).substr(0, 12);
}

std::string text_of(const Charge& charge) {
  return to_decimal(charge.usd) + " USD/" + std::to_string(charge.calls)
         + " calls/" + std::to_string(charge.tokens) + " tokens";
}

std::string text_of(const Limit& limit) {
  const auto count = [](const std::optional<std::int64_t>& x) {
    return x ? std::to_string(*x) : std::string{"-"};
  };
  return (limit.usd ? to_decimal(*limit.usd) : std::string{"-"}) + "/"
         + count(limit.calls) + "/" + count(limit.tokens);
}

/// What a file can be before SQLite looks at it.
Result<void> check_file(const std::string& path) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(path, problem);
  if (problem)
    return fail(Errc::disk_failed, path + ": " + problem.message());
  if (size == 0)
    return fail(Errc::journal_corrupt,
                "the file is empty (0 bytes); a journal never is");
  return {};
}

/// Ours, and of a version we know.
Result<void> check_identity(Database& database) {
  LAB_TRY(const auto id, database.integer("PRAGMA application_id"));
  if (id != application_id)
    return fail(Errc::journal_corrupt,
                "not a journal of Scenario Lab (application id "
                  + std::to_string(id) + ", expected "
                  + std::to_string(application_id) + ")");
  LAB_TRY(const auto version, database.integer("PRAGMA user_version"));
  if (version > schema_version)
    return fail(Errc::journal_corrupt,
                "written by a newer version of Scenario Lab (schema "
                  + std::to_string(version) + ", this one knows "
                  + std::to_string(schema_version) + ")");
  if (version < 1)
    return fail(Errc::journal_corrupt,
                "unknown schema version " + std::to_string(version));
  return {};
}

} // namespace

std::string_view bytes_of(const Digest256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest256 digest_from(std::string_view bytes) {
  Digest256 digest{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()),
              digest.begin());
  return digest;
}

Digest256 chain_hash(const Digest256& before, const StoredFact& fact) {
  return Hasher{}
    .add(before)
    .add(static_cast<std::int64_t>(fact.seq))
    .add(fact.at)
    .add(static_cast<std::int64_t>(fact.kind))
    .add(fact.body)
    .finish256();
}

std::string at_fact(std::uint64_t seq) {
  return "fact " + std::to_string(seq) + ": ";
}

bool is_large(FactKind kind) {
  return kind == FactKind::run_planned || kind == FactKind::turn_completed;
}

Result<void> create_journal(const std::string& path) {
  const std::string fresh = path + ".new";
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    ::unlink((fresh + suffix).c_str());
  {
    LAB_TRY(auto database, Database::open(fresh, OpenMode::create));
    LAB_CHECKED(database.exec("PRAGMA synchronous=FULL"));
    LAB_CHECKED(
      database.exec("PRAGMA application_id=" + std::to_string(application_id)));
    LAB_CHECKED(
      database.exec("PRAGMA user_version=" + std::to_string(schema_version)));
    LAB_CHECKED(database.exec(schema));
    LAB_TRY(const auto mode, database.text("PRAGMA journal_mode=WAL"));
    if (mode != "wal")
      return fail(Errc::disk_failed,
                  path + ": this file system cannot hold a write-ahead log");
  }
  failpoint("journal.created");
  std::error_code problem;
  std::filesystem::rename(fresh, path, problem);
  if (problem)
    return fail(Errc::disk_failed, path + ": " + problem.message());
  // The name is durable when its folder is.
  const auto folder = std::filesystem::path{path}.parent_path();
  const Descriptor handle{
    ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY)};
  if (!handle || ::fsync(handle.get()) != 0)
    return fail(Errc::disk_failed,
                folder.string() + ": " + std::strerror(errno));
  return {};
}

Result<Database> open_journal(const std::string& path) {
  LAB_CHECKED(check_file(path));
  LAB_TRY(auto database, Database::open(path, OpenMode::read_write));
  // Exclusive before the first read: no shared-memory file is made, and a
  // second process is refused by SQLite itself.
  for (const char* pragma :
       {"PRAGMA busy_timeout=0", "PRAGMA locking_mode=EXCLUSIVE",
        "PRAGMA synchronous=FULL", "PRAGMA journal_size_limit=67108864"})
    LAB_CHECKED(database.exec(pragma));
  LAB_CHECKED(check_identity(database));
  LAB_TRY(const auto mode, database.text("PRAGMA journal_mode"));
  if (mode != "wal")
    return fail(Errc::journal_corrupt,
                "its journal mode is '" + mode + "', not 'wal'");
  // Takes the write lock now rather than with the first commit.
  LAB_TRY(auto lock, Transaction::begin(database));
  LAB_CHECKED(lock.commit());
  return database;
}

std::int64_t current_schema() { return schema_version; }

Result<std::int64_t> stored_schema(Database& database) {
  return database.integer("PRAGMA user_version");
}

Result<void> raise_schema(Database& database) {
  return database.exec("PRAGMA user_version=" + std::to_string(schema_version));
}

bool keeps(std::int64_t schema, AccountKind kind) {
  return kind != AccountKind::model || schema >= schema_of_models;
}

Error explained(Error error, const std::string& path) {
  const std::string prefix = path + ": ";
  if (error.code == Errc::held_elsewhere)
    return {error.code, path + " is in use by another process"};
  if (!error.context.starts_with(prefix))
    error.context = prefix + error.context;
  return error;
}

Result<std::vector<AccountBalance>> stored_balances(Database& database) {
  LAB_TRY(auto rows, database.prepare("SELECT * FROM balances ORDER BY id"));
  std::vector<AccountBalance> balances;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return balances;
    const auto name = std::string{rows.text(1)};
    const auto account = account_id_from(name);
    if (!account
        || rows.integer(0) != static_cast<std::int64_t>(balances.size() + 1))
      return fail(Errc::journal_corrupt, "balances row "
                                           + std::to_string(rows.integer(0))
                                           + " ('" + name + "') cannot be");
    const auto charge = [&](int column) {
      return Charge{Money{rows.integer(column)}, rows.integer(column + 1),
                    rows.integer(column + 2)};
    };
    Balance balance{charge(2), charge(5), charge(8), {}};
    if (!rows.is_null(11))
      balance.limit.usd = Money{rows.integer(11)};
    if (!rows.is_null(12))
      balance.limit.calls = rows.integer(12);
    if (!rows.is_null(13))
      balance.limit.tokens = rows.integer(13);
    balances.push_back({*account, balance});
  }
}

Result<Head> stored_head(Database& database) {
  LAB_TRY(auto row, database.prepare("SELECT seq, hash FROM head"));
  LAB_TRY(const bool found, row.step());
  if (!found)
    return fail(Errc::journal_corrupt, "the head row is missing");
  return Head{static_cast<std::uint64_t>(row.integer(0)),
              digest_from(row.text(1))};
}

Result<Shared<ScenarioSpec>> ScenarioShelf::find(const Digest256& content) {
  if (const auto known = read_.find(content); known != read_.end())
    return known->second;
  LAB_TRY(auto row,
          database_.prepare("SELECT body FROM scenarios WHERE content = ?"));
  row.bind_all(Blob{bytes_of(content)});
  LAB_TRY(const bool found, row.step());
  if (!found)
    return fail(Errc::journal_corrupt,
                "scenario " + short_text(content) + " is missing");
  LAB_TRY(const auto text, decompress(row.text(0)));
  LAB_TRY(auto scenario, decode_scenario(text));
  if (scenario.content != content)
    return fail(Errc::journal_corrupt, "scenario " + short_text(content)
                                         + " has the content of "
                                         + short_text(scenario.content));
  if (read_.size() >= scenarios_max)
    read_.clear();
  return read_.emplace(content, share(std::move(scenario))).first->second;
}

Result<FactRows> FactRows::from(Database& database, std::uint64_t seq) {
  LAB_TRY(auto rows,
          database.prepare("SELECT seq, at, kind, body, hash FROM facts "
                           "WHERE seq >= ? ORDER BY seq"));
  rows.bind_all(static_cast<std::int64_t>(seq));
  return FactRows{database, std::move(rows)};
}

Result<const StoredFact*> FactRows::next() {
  LAB_TRY(const bool row, rows_.step());
  if (!row)
    return nullptr;
  row_.seq = static_cast<std::uint64_t>(rows_.integer(0));
  row_.at = rows_.integer(1);
  row_.kind = static_cast<FactKind>(rows_.integer(2));
  row_.body = rows_.text(3);
  row_.compressed = rows_.is_blob(3);
  row_.hash = digest_from(rows_.text(4));
  return &row_;
}

Result<JournalledFact> FactRows::decode(const StoredFact& row) {
  auto decoded = [&]() -> Result<Fact> {
    const auto find = [this](const Digest256& content) {
      return shelf_.find(content);
    };
    if (!row.compressed)
      return decode_fact(row.kind, row.body, find);
    LAB_TRY(const auto text, decompress(row.body));
    return decode_fact(row.kind, text, find);
  }();
  if (!decoded)
    return fail(Errc::journal_corrupt,
                at_fact(row.seq) + decoded.error().context);
  return JournalledFact{row.seq, row.at, std::move(*decoded)};
}

std::string link_problem(const Head& before, const StoredFact& row) {
  if (row.seq != before.seq + 1)
    return "fact " + std::to_string(before.seq + 1)
           + " is missing (the next is " + std::to_string(row.seq) + ")";
  const auto computed = chain_hash(before.hash, row);
  if (computed != row.hash)
    return at_fact(row.seq) + "its hash " + short_text(row.hash)
           + " does not cover its content (computed " + short_text(computed)
           + ")";
  return {};
}

std::string head_problem(const Head& stored, const Head& found) {
  if (stored.seq != found.seq)
    return "the last fact is " + std::to_string(found.seq) + ", but "
           + std::to_string(stored.seq) + " were written";
  if (stored.hash != found.hash)
    return "the last fact's hash is " + short_text(found.hash) + ", but "
           + short_text(stored.hash) + " was written";
  return {};
}

std::vector<std::string> differences(std::int64_t schema,
                                     const std::vector<AccountBalance>& stored,
                                     const std::vector<AccountBalance>& all) {
  std::vector<std::string> found;
  std::vector<const AccountBalance*> summed;
  for (const auto& one : all)
    if (keeps(schema, one.account.kind))
      summed.push_back(&one);
  if (stored.size() != summed.size())
    found.push_back("the balances table has " + std::to_string(stored.size())
                    + " accounts, the facts give "
                    + std::to_string(summed.size()));
  const auto compare = [&](const std::string& what, const std::string& left,
                           const std::string& right) {
    if (left != right)
      found.push_back(what + ": the balances table says " + left
                      + ", the facts give " + right);
  };
  for (std::size_t i = 0; i < std::min(stored.size(), summed.size()); ++i) {
    const auto& [account, balance] = stored[i];
    const auto name = to_string(account);
    compare("account " + std::to_string(i + 1), name,
            to_string(summed[i]->account));
    const auto& other = summed[i]->balance;
    compare(name + " settled", text_of(balance.settled),
            text_of(other.settled));
    compare(name + " unknown", text_of(balance.unknown),
            text_of(other.unknown));
    compare(name + " reserved", text_of(balance.reserved),
            text_of(other.reserved));
    compare(name + " limit", text_of(balance.limit), text_of(other.limit));
  }
  return found;
}

Result<Reply> checked_reply(std::string_view frame,
                            const CallResolved& settlement) {
  LAB_TRY(const auto text, decompress(frame));
  LAB_TRY(auto reply, decode_reply(text));
  if (reply_hash_of(reply) != settlement.reply_hash)
    return fail(Errc::journal_corrupt,
                "the reply of attempt " + to_string(settlement.attempt)
                  + " is not the one its settlement names");
  return reply;
}

} // namespace lab::storage
