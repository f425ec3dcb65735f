#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/model/fact.hpp"
#include "storage/artefacts.hpp"
#include "storage/sqlite/database.hpp"

namespace lab::storage {

/// "SLdb": what tells `scenario-lab.db` from other applications' databases.
constexpr std::int64_t analytics_id = 0x534C6462;
/// Raised with every change of the tables; an older database is made anew.
constexpr std::int64_t analytics_version = 4;

/// Seeds are texts in tables: SQLite's integers are signed.
std::uint64_t seed_from(std::string_view text);

/// The rows of `scenario-lab.db`: what each fact changes in them. All changes
/// belong to a transaction of the caller's; `finish` comes before its commit,
/// and after a roll-back a new `Tables` must take over.
class Tables {
public:
  explicit Tables(sqlite::Database& database) : database_(database) {}

  /// Makes all tables, in an empty database.
  static Result<void> create(sqlite::Database& database);

  Result<void> apply(const JournalledFact& fact);
  /// Writes what was held back to be written once.
  Result<void> finish(std::uint64_t last_seq);
  Result<std::uint64_t> last_seq();

  // What artefacts need of earlier facts.
  /// @errors not_found
  Result<RunHeader> header(RunId run);
  Result<RunState> state(RunId run);
  Result<std::vector<TurnMetrics>> metrics(RunId run);
  /// Every reply the run used, with what it was billed; settled ones only.
  Result<std::vector<UsedCalls>> used_calls(RunId run);
  /// Of the turns that a branch shares with the runs it comes from: what those
  /// used there.
  Result<std::vector<UsedCalls>> inherited_calls(RunId run);
  Result<std::vector<TurnChecks>> checks(RunId run);
  Result<void> note_artefact_error(RunId run, const std::string& error);

private:
  /// A reservation that no row stands for yet.
  struct Fresh {
    std::uint64_t seq = 0;
    UnixMs at = 0;
    CallReserved call;
  };
  struct SpendChange {
    Charge settled;
    Charge unknown;
    Charge reserved;
  };

  Result<void> on(const JournalledFact& at, const CallReserved& fact);
  Result<void> on(const JournalledFact& at, const CallResolved& fact);
  Result<void> on(const JournalledFact& at, const CallShared& fact);
  Result<void> on(const JournalledFact& at, const LimitSet& fact);
  Result<void> on(const JournalledFact& at, const PriceRecorded& fact);
  Result<void> on(const JournalledFact& at, const SweepPlanned& fact);
  Result<void> on(const JournalledFact& at, const RunPlanned& fact);
  Result<void> on(const JournalledFact& at, const RunStarted& fact);
  Result<void> on(const JournalledFact& at, const TurnCompleted& fact);
  Result<void> on(const JournalledFact& at, const RunEnded& fact);
  Result<void> on(const JournalledFact& at, const SweepEnded& fact);
  Result<void> on(const JournalledFact& at, const Recovered& fact);
  Result<void> on(const JournalledFact& at, const ModelChecked& fact);

  Result<void> insert_call(const Fresh& fresh, const CallResolved* end,
                           UnixMs ended_at);
  Result<void> insert_fresh_calls();
  Result<void> insert_turn(RunId run, const TurnRecord& record, UnixMs at);
  Result<void> insert_sideshows(const std::string& run,
                                const TurnRecord& record);
  Result<void> add_goals(const std::string& run, std::int64_t turn,
                         RunState& state);
  Result<void> add_events(const std::string& run, std::int64_t turn,
                          RunState& state);
  Result<void> add_counts(const std::string& run, std::int64_t turn,
                          RunState& state);
  Result<void> write_spend(const char* sql, const std::string& id,
                           const SpendChange& change);
  void book(const std::string& run, const std::string& sweep,
            const Charge& worst, const CallResolved& end);

  /// The statement of a literal, prepared at its first use.
  Result<sqlite::Statement*> statement(const char* sql);
  template <class... Values>
  Result<void> run(const char* sql, const Values&... values) {
    LAB_TRY(auto* prepared, statement(sql));
    return prepared->run(values...);
  }

  sqlite::Database& database_;
  std::unordered_map<const char*, sqlite::Statement> statements_;
  std::unordered_map<AttemptId, Fresh> fresh_;
  std::map<std::string, SpendChange> run_spend_;
  std::map<std::string, SpendChange> sweep_spend_;
};

} // namespace lab::storage
