#include "storage/projections.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include <unistd.h>

#include "runtime/base/check.hpp"
#include "runtime/base/failpoint.hpp"
#include "runtime/base/log.hpp"
#include "storage/artefacts.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/tables.hpp"

namespace lab::storage {

namespace {

using sqlite::Database;
using sqlite::OpenMode;
using sqlite::Transaction;

/// Facts of one transaction while catching up.
constexpr std::size_t batch_max = 2'000;
/// Headers kept in memory; runs in flight are far fewer.
constexpr std::size_t headers_max = 4'096;

void remove_files(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"})
    ::unlink((path + suffix).c_str());
}

/// What stands at the path: ours of this version, one to be made anew, or one
/// of another application, which is nobody's to delete.
Result<bool> is_usable(Database& database) {
  LAB_TRY(const auto id, database.integer("PRAGMA application_id"));
  LAB_TRY(const auto version, database.integer("PRAGMA user_version"));
  LAB_TRY(const auto tables,
          database.integer("SELECT COUNT(*) FROM sqlite_schema"));
  if (id != analytics_id && tables > 0)
    return fail(Errc::invalid_input,
                database.path() + ": a database of another application (id "
                  + std::to_string(id) + "); move it away");
  return id == analytics_id && version == analytics_version;
}

Result<Database> connect(const std::string& path) {
  LAB_TRY(auto database, Database::open(path, OpenMode::create));
  for (const char* pragma :
       {"PRAGMA synchronous=NORMAL", "PRAGMA journal_size_limit=67108864"})
    LAB_CHECKED(database.exec(pragma));
  return database;
}

Result<Database> make_new(const std::string& path) {
  remove_files(path);
  LAB_TRY(auto database, connect(path));
  LAB_TRY(const auto mode, database.text("PRAGMA journal_mode=WAL"));
  if (mode != "wal")
    return fail(Errc::disk_failed,
                path + ": this file system cannot hold a write-ahead log");
  LAB_TRY(auto transaction, Transaction::begin(database));
  LAB_CHECKED(Tables::create(database));
  LAB_CHECKED(transaction.commit());
  return database;
}

Result<Database> open_or_make(const std::string& path) {
  if (!std::filesystem::exists(path))
    return make_new(path);
  auto usable = [&]() -> Result<std::optional<Database>> {
    LAB_TRY(auto database, connect(path));
    LAB_TRY(const bool good, is_usable(database));
    if (!good)
      return std::nullopt;
    LAB_CHECKED(database.quick_check());
    return std::optional{std::move(database)};
  }();
  if (usable && *usable)
    return std::move(**usable);
  if (!usable && usable.error().code != Errc::journal_corrupt)
    return tl::unexpected(usable.error());
  log_warning("projections-made-anew", {{"path", path}});
  return make_new(path);
}

} // namespace

struct Projections::Impl {
  Impl(Database opened, ArtefactMode how)
    : database(std::move(opened)), mode(how) {}

  Result<void> project_in(Transaction& transaction,
                          const std::vector<JournalledFact>& facts);
  Result<void> write_artefacts(const JournalledFact& fact);
  Result<void> write_turn(RunId run, const TurnRecord& record);
  Result<void> write_end(RunId run);
  /// Adds to the batch of files, or notes on the run's row why not.
  Result<void> add(const RunHeader& run,
                   const Result<std::vector<ArtefactFile>>& files);
  /// `state.json` of every run that moved, then every file gets its name.
  Result<void> finish_files();
  Result<void> note(RunId run, const Error& error);
  /// Null when the run has no files: it never began, or nobody wants any.
  Result<const RunHeader*> header(RunId run);

  Database database;
  ArtefactMode mode;
  std::optional<Tables> tables;
  std::uint64_t last_seq = 0;
  std::unordered_map<RunId, RunHeader> headers;
  FileBatch batch;
  std::map<std::string, RunId> runs_by_folder; // of the batch
  std::set<RunId> moved;                       // in the batch
};

Result<const RunHeader*> Projections::Impl::header(RunId run) {
  if (const auto known = headers.find(run); known != headers.end())
    return &known->second;
  auto found = tables->header(run);
  if (!found && found.error().code != Errc::not_found)
    return tl::unexpected(found.error());
  if (!found || found->output.empty())
    return nullptr;
  if (headers.size() >= headers_max)
    headers.clear();
  return &headers.emplace(run, std::move(*found)).first->second;
}

Result<void>
Projections::Impl::add(const RunHeader& run,
                       const Result<std::vector<ArtefactFile>>& files) {
  const auto added = files ? batch.add(run.output, *files)
                           : Result<void>{tl::unexpected(files.error())};
  runs_by_folder[run.output] = run.run;
  return added ? Result<void>{} : note(run.run, added.error());
}

Result<void> Projections::Impl::finish_files() {
  // Once a batch, not once a turn: each turn would replace the one before.
  for (const auto run : std::exchange(moved, {})) {
    LAB_TRY(const auto* head, header(run));
    if (head == nullptr)
      continue;
    LAB_TRY(const auto state, tables->state(run));
    LAB_CHECKED(
      add(*head, std::vector<ArtefactFile>{state_file(*head, state)}));
  }
  for (const auto& [folder, error] : batch.finish())
    LAB_CHECKED(note(runs_by_folder[folder], error));
  runs_by_folder.clear();
  return {};
}

Result<void> Projections::Impl::note(RunId run, const Error& error) {
  log_warning("artefacts-not-written",
              {{"run", to_string(run)}, {"reason", error.context}});
  return tables->note_artefact_error(run, error.context);
}

Result<void> Projections::Impl::write_turn(RunId run,
                                           const TurnRecord& record) {
  LAB_TRY(const auto* head, header(run));
  if (head == nullptr)
    return {};
  moved.insert(run);
  return add(*head, turn_files(*head, record));
}

Result<void> Projections::Impl::write_end(RunId run) {
  LAB_TRY(const auto* head, header(run));
  if (head == nullptr)
    return {};
  moved.insert(run);
  LAB_TRY(const auto metrics, tables->metrics(run));
  LAB_TRY(const auto calls, tables->used_calls(run));
  LAB_TRY(const auto inherited, tables->inherited_calls(run));
  std::vector<ArtefactFile> files{metrics_file(*head, metrics),
                                  costs_file(*head, calls, inherited)};
  if (head->validation && head->validation->summary_report) {
    LAB_TRY(const auto checks, tables->checks(run));
    Charge cost;
    for (const auto* part : {&calls, &inherited})
      for (const auto& call : *part)
        if (call.phase == "validation")
          cost += call.settled;
    if (!checks.empty())
      files.push_back(validation_summary_file(*head, checks, cost));
  }
  return add(*head, std::move(files));
}

Result<void> Projections::Impl::write_artefacts(const JournalledFact& fact) {
  if (const auto* planned = std::get_if<RunPlanned>(&fact.fact)) {
    headers.erase(planned->spec.id); // a replay may have another folder
    TurnRecord start;
    start.world = planned->spec.scenario->initial_world_state;
    return write_turn(planned->spec.id, start);
  }
  if (const auto* turn = std::get_if<TurnCompleted>(&fact.fact))
    return write_turn(turn->run, turn->record);
  if (const auto* end = std::get_if<RunEnded>(&fact.fact))
    return write_end(end->outcome.run);
  return {};
}

/// Files come before the commit: after a crash between the two, the same facts
/// are projected again, to the same files.
Result<void>
Projections::Impl::project_in(Transaction& transaction,
                              const std::vector<JournalledFact>& facts) {
  auto seq = last_seq;
  for (const auto& fact : facts) {
    if (fact.seq <= seq)
      continue;
    LAB_CHECK(fact.seq == seq + 1, "fact " + std::to_string(fact.seq)
                                     + " after " + std::to_string(seq));
    seq = fact.seq;
    LAB_CHECKED(tables->apply(fact));
    if (mode == ArtefactMode::write)
      LAB_CHECKED(write_artefacts(fact));
  }
  LAB_CHECKED(finish_files());
  LAB_CHECKED(tables->finish(seq));
  failpoint("projections.before_commit");
  LAB_CHECKED(transaction.commit());
  failpoint("projections.after_commit");
  last_seq = seq;
  return {};
}

Projections::Projections(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Projections::~Projections() = default;

Result<std::unique_ptr<Projections>> Projections::open(const std::string& path,
                                                       ArtefactMode artefacts) {
  LAB_TRY(auto database, open_or_make(path));
  auto impl = std::make_unique<Impl>(std::move(database), artefacts);
  impl->tables.emplace(impl->database);
  LAB_TRY(impl->last_seq, impl->tables->last_seq());
  return std::unique_ptr<Projections>{new Projections{std::move(impl)}};
}

Result<std::unique_ptr<Projections>>
Projections::rebuild(const std::string& path, Journal& journal,
                     ArtefactMode artefacts) {
  if (std::filesystem::exists(path)) {
    auto database = connect(path);
    const auto usable = database ? is_usable(*database) : Result<bool>{false};
    if (!usable && usable.error().code == Errc::invalid_input)
      return tl::unexpected(usable.error());
  }
  remove_files(path);
  LAB_TRY(auto projections, open(path, artefacts));
  LAB_CHECKED(projections->catch_up(journal));
  return projections;
}

Result<void> Projections::catch_up(Journal& journal) {
  if (journal.last_seq() < impl_->last_seq)
    return fail(Errc::journal_corrupt,
                journal.path() + ": its last fact is "
                  + std::to_string(journal.last_seq()) + ", but "
                  + std::to_string(impl_->last_seq) + " stood in it before ("
                  + impl_->database.path()
                  + "): an older copy was put back, or its -wal file was lost. "
                    "Put the newer file back, or accept the loss with "
                    "`scenario-lab rebuild`");
  std::vector<JournalledFact> batch;
  LAB_CHECKED(journal.replay(impl_->last_seq + 1,
                             [&](const JournalledFact& fact) -> Result<void> {
                               batch.push_back(fact);
                               if (batch.size() < batch_max)
                                 return {};
                               return project(std::exchange(batch, {}));
                             }));
  return batch.empty() ? Result<void>{} : project(batch);
}

Result<void> Projections::project(const std::vector<JournalledFact>& facts) {
  auto written = [&]() -> Result<void> {
    LAB_TRY(auto transaction, Transaction::begin(impl_->database));
    return impl_->project_in(transaction, facts);
  }();
  if (!written) {
    impl_->tables.emplace(impl_->database); // what it held back is void
    impl_->headers.clear();
    impl_->moved.clear();
  }
  return written;
}

std::uint64_t Projections::last_seq() const { return impl_->last_seq; }

} // namespace lab::storage
