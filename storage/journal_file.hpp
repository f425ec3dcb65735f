#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/fact.hpp"
#include "storage/fact_codec.hpp"
#include "storage/sqlite/database.hpp"

// The journal's file as it lies on the disk: opening it, reading its rows and
// telling why they cannot be right. Used by `Journal` and
// `catch_up_tables` alone.

namespace lab::storage {

/// One row of `facts`.
struct StoredFact {
  std::uint64_t seq = 0;
  UnixMs at = 0;
  FactKind kind = FactKind::call_reserved;
  std::string_view body;   // JSON, or a compressed frame of it
  bool compressed = false; // turns are
  Digest256 hash{};
};

/// The end of the chain.
struct Head {
  std::uint64_t seq = 0;
  Digest256 hash{};
};

/// The hash of `fact`, whose predecessor has the hash `before`.
Digest256 chain_hash(const Digest256& before, const StoredFact& fact);

std::string_view bytes_of(const Digest256& digest);
Digest256 digest_from(std::string_view bytes);

/// Large kinds: decoded only when somebody wants them.
bool is_large(FactKind kind);
/// "fact 17: "
std::string at_fact(std::uint64_t seq);

/// Makes an empty journal. A file under its final name is whole.
/// @errors disk_failed
Result<void> create_journal(const std::string& path);

/// Opens the file, takes its lock and checks whose it is.
/// @errors held_elsewhere, disk_failed, journal_corrupt
Result<sqlite::Database> open_journal(const std::string& path);
/// The version that this program writes.
std::int64_t current_schema();
/// The version that the file was written by.
Result<std::int64_t> stored_schema(sqlite::Database& database);
/// Before anything of this version is written to an older file. Part of the
/// transaction that is open, if one is.
Result<void> raise_schema(sqlite::Database& database);
/// Whether a file of `schema` has accounts of this kind.
bool keeps(std::int64_t schema, AccountKind kind);

/// SQLite's word for a damaged file or a held lock, in ours.
Error explained(Error error, const std::string& path);

Result<std::vector<AccountBalance>> stored_balances(sqlite::Database& database);
Result<Head> stored_head(sqlite::Database& database);

/// Reads scenarios by content, each once.
class ScenarioShelf {
public:
  explicit ScenarioShelf(sqlite::Database& database) : database_(database) {}
  Result<Shared<ScenarioSpec>> find(const Digest256& content);

private:
  sqlite::Database& database_;
  std::map<Digest256, Shared<ScenarioSpec>> read_;
};

/// Steps through `facts`, and decodes where asked.
class FactRows {
public:
  /// From sequence number `seq` on.
  static Result<FactRows> from(sqlite::Database& database, std::uint64_t seq);

  /// The next row, valid until the next call; null at the end.
  Result<const StoredFact*> next();
  Result<JournalledFact> decode(const StoredFact& row);

private:
  FactRows(sqlite::Database& database, sqlite::Statement rows)
    : rows_(std::move(rows)), shelf_(database) {}

  sqlite::Statement rows_;
  StoredFact row_;
  ScenarioShelf shelf_;
};

/// Why `row` cannot follow `before`; empty when it can.
std::string link_problem(const Head& before, const StoredFact& row);
/// Why `found` cannot be the end of what was written; empty when it can.
std::string head_problem(const Head& stored, const Head& found);
/// One sentence for each balance that is not the sum of its facts.
/// @param schema  of the file; kinds of accounts that it does not keep are
///                left out
std::vector<std::string> differences(std::int64_t schema,
                                     const std::vector<AccountBalance>& stored,
                                     const std::vector<AccountBalance>& all);

/// The reply in `frame`.
/// @errors journal_corrupt when it is not the one that the settlement names
Result<Reply> checked_reply(std::string_view frame,
                            const CallResolved& settlement);

} // namespace lab::storage
