#include "storage/journal.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <unordered_map>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/failpoint.hpp"
#include "runtime/base/log.hpp"
#include "storage/compression.hpp"
#include "storage/journal_file.hpp"
#include "storage/ledger_fold.hpp"

namespace lab::storage {

namespace {

using sqlite::Blob;
using sqlite::Database;
using sqlite::DiskFault;
using sqlite::Statement;
using sqlite::Transaction;

/// Of an opening that was refused.
Error refused(Error error, const std::string& path) {
  error = explained(std::move(error), path);
  if (error.code == Errc::journal_corrupt)
    error.context += "; nothing was changed. `scenario-lab verify` lists every "
                     "problem; put a good copy of the file back to go on";
  return error;
}

bool reserves(const CommitFacts& batch) {
  return std::ranges::any_of(batch.facts, [](const Fact& fact) {
    return std::holds_alternative<CallReserved>(fact);
  });
}

bool resolves(const CommitFacts& batch) {
  return std::ranges::any_of(batch.facts, [](const Fact& fact) {
    return std::holds_alternative<CallResolved>(fact);
  });
}

} // namespace

// --- Impl --------------------------------------------------------------------

struct Journal::Impl {
  /// After a failure: what may still be tried.
  enum class Health { well, full, broken };

  Impl(Database opened, std::shared_ptr<const Clock> given)
    : database(std::move(opened)), clock(std::move(given)) {}

  Result<void> load(const FactVisitor& visit);
  Result<void> prepare();
  Result<void> modernise();
  Result<void> append(const std::vector<const CommitFacts*>& group);
  Result<void> append_in(Transaction& transaction,
                         const std::vector<const CommitFacts*>& group);
  Result<void> append_fact(const Fact& fact);
  Result<void> append_scenario(const ScenarioSpec& scenario);
  Result<void> append_replies(const CommitFacts& batch);
  Result<void> write_balance(std::size_t index);
  Result<void> write_balances();
  Result<void> write_head();
  void note_failure(const Error& error);
  Error refusal() const;
  /// Deletes `ledger.reserve`; true when that made room.
  bool make_room() const;
  std::vector<JournalledFact> numbered(CommitFacts batch) const;
  Committed done() const { return {head.seq}; }

  Database database;
  std::shared_ptr<const Clock> clock;
  Statement insert_fact;
  Statement insert_reply;
  Statement insert_scenario;
  Statement replace_balance;
  Statement update_head;
  Statement select_reply;

  LedgerFold fold;
  std::int64_t schema = 0; // of the file as it was opened
  Head head;
  UnixMs last_at = 0;
  /// Where the settlement, and so the reply, of an attempt stands.
  std::unordered_map<AttemptId, std::uint64_t> replies;
  std::set<Digest256> scenarios;
  Health health = Health::well;
  Error last_failure;

  // Of the transaction under way.
  std::unordered_map<AttemptId, std::uint64_t> new_replies;
  std::vector<Digest256> new_scenarios;
  std::string body; // reused, to save an allocation a fact
};

Result<void> Journal::Impl::load(const FactVisitor& visit) {
  LAB_CHECKED(database.quick_check());
  LAB_TRY(const auto expected, stored_head(database));
  LAB_TRY(const auto stored, stored_balances(database));
  LAB_TRY(auto rows, FactRows::from(database, 0));
  for (;;) {
    LAB_TRY(const auto* row, rows.next());
    if (row == nullptr)
      break;
    if (auto problem = link_problem(head, *row); !problem.empty())
      return fail(Errc::journal_corrupt, std::move(problem));
    head = {row->seq, row->hash};
    last_at = std::max(last_at, row->at);
    if (is_large(row->kind))
      continue;
    LAB_TRY(const auto fact, rows.decode(*row));
    if (const auto summed = fold.apply(fact.fact); !summed)
      return fail(Errc::journal_corrupt,
                  at_fact(row->seq) + summed.error().context);
    if (const auto* resolved = std::get_if<CallResolved>(&fact.fact);
        resolved != nullptr && resolved->reply_hash != Digest256{})
      replies.emplace(resolved->attempt, row->seq);
    if (visit)
      LAB_CHECKED(visit(fact));
  }
  fold.keep();
  if (auto problem = head_problem(expected, head); !problem.empty())
    return fail(Errc::journal_corrupt, std::move(problem));
  LAB_TRY(schema, stored_schema(database));
  if (auto wrong = differences(schema, stored, fold.accounts()); !wrong.empty())
    return fail(Errc::journal_corrupt, std::move(wrong.front()));
  LAB_TRY(auto contents, database.prepare("SELECT content FROM scenarios"));
  for (;;) {
    LAB_TRY(const bool row, contents.step());
    if (!row)
      return {};
    scenarios.insert(digest_from(contents.text(0)));
  }
}

Result<void> Journal::Impl::prepare() {
  LAB_TRY(insert_fact,
          database.prepare("INSERT INTO facts VALUES(?, ?, ?, ?, ?)"));
  LAB_TRY(insert_reply, database.prepare("INSERT INTO replies VALUES(?, ?)"));
  LAB_TRY(insert_scenario,
          database.prepare("INSERT INTO scenarios VALUES(?, ?)"));
  LAB_TRY(replace_balance,
          database.prepare("REPLACE INTO balances VALUES"
                           "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  LAB_TRY(update_head, database.prepare("UPDATE head SET seq = ?, hash = ?"));
  LAB_TRY(select_reply,
          database.prepare("SELECT r.body, f.body FROM replies r "
                           "JOIN facts f USING(seq) WHERE seq = ?"));
  return {};
}

Result<void> Journal::Impl::append_fact(const Fact& fact) {
  body.clear();
  encode_fact(fact, body);
  StoredFact row;
  row.seq = head.seq + 1;
  row.at = last_at;
  row.kind = kind_of(fact);
  row.compressed = row.kind == FactKind::turn_completed;
  if (row.compressed)
    body = compress(body);
  row.body = body;
  row.hash = chain_hash(head.hash, row);
  if (const auto* planned = std::get_if<RunPlanned>(&fact))
    LAB_CHECKED(append_scenario(*planned->spec.scenario));

  const auto seq = static_cast<std::int64_t>(row.seq);
  const auto kind = static_cast<std::int64_t>(row.kind);
  const Blob hash{bytes_of(row.hash)};
  LAB_CHECKED(row.compressed
                ? insert_fact.run(seq, row.at, kind, Blob{row.body}, hash)
                : insert_fact.run(seq, row.at, kind, row.body, hash));
  head = {row.seq, row.hash};
  const auto summed = fold.apply(fact);
  LAB_CHECK(summed.has_value(), at_fact(row.seq) + summed.error().context);
  if (const auto* resolved = std::get_if<CallResolved>(&fact);
      resolved != nullptr && resolved->reply_hash != Digest256{})
    new_replies.emplace(resolved->attempt, row.seq);
  return {};
}

Result<void> Journal::Impl::append_scenario(const ScenarioSpec& scenario) {
  if (!scenarios.insert(scenario.content).second)
    return {};
  new_scenarios.push_back(scenario.content);
  return insert_scenario.run(Blob{bytes_of(scenario.content)},
                             Blob{compress(encode_scenario(scenario))});
}

Result<void> Journal::Impl::append_replies(const CommitFacts& batch) {
  for (const auto& [attempt, reply] : batch.replies) {
    const auto settlement = new_replies.find(attempt);
    LAB_CHECK(settlement != new_replies.end(),
              "a reply of " + to_string(attempt) + " without its settlement");
    const auto text = encode_reply(reply);
    LAB_CHECKED(insert_reply.run(static_cast<std::int64_t>(settlement->second),
                                 Blob{compress(text)}));
  }
  return {};
}

Result<void> Journal::Impl::write_balance(std::size_t index) {
  const auto& [account, balance] = fold.accounts()[index];
  const auto& [settled, unknown, reserved, limit] = balance;
  return replace_balance.run(
    static_cast<std::int64_t>(index + 1), to_string(account), settled.usd,
    settled.calls, settled.tokens, unknown.usd, unknown.calls, unknown.tokens,
    reserved.usd, reserved.calls, reserved.tokens, limit.usd, limit.calls,
    limit.tokens);
}

Result<void> Journal::Impl::write_balances() {
  for (const auto index : fold.changed())
    LAB_CHECKED(write_balance(index));
  return {};
}

/// Gives an older file the accounts that it does not keep yet: the same facts
/// say what is in them.
Result<void> Journal::Impl::modernise() {
  LAB_TRY(auto transaction, Transaction::begin(database));
  LAB_CHECKED(database.exec("DELETE FROM balances"));
  for (std::size_t i = 0; i < fold.accounts().size(); ++i)
    LAB_CHECKED(write_balance(i));
  LAB_CHECKED(raise_schema(database));
  return transaction.commit();
}

Result<void> Journal::Impl::write_head() {
  return update_head.run(static_cast<std::int64_t>(head.seq),
                         Blob{bytes_of(head.hash)});
}

Result<void>
Journal::Impl::append_in(Transaction& transaction,
                         const std::vector<const CommitFacts*>& group) {
  // The clock may be set back; the journal's order is the truth.
  last_at = std::max(last_at, clock->now_ms());
  for (const auto* batch : group) {
    for (const auto& fact : batch->facts)
      LAB_CHECKED(append_fact(fact));
    LAB_CHECKED(append_replies(*batch));
  }
  failpoint("journal.rows");
  LAB_CHECKED(write_balances());
  LAB_CHECKED(write_head());
  failpoint("journal.before_commit");
  return transaction.commit();
}

/// All of the group or nothing, in memory as on disk.
Result<void>
Journal::Impl::append(const std::vector<const CommitFacts*>& group) {
  failpoint("journal.begin");
  const Head before = head;
  auto outcome = [&]() -> Result<void> {
    auto transaction = Transaction::begin(database);
    auto appended = transaction
                      ? append_in(*transaction, group)
                      : Result<void>{tl::unexpected(transaction.error())};
    // Before the roll-back, which would hide the reason.
    if (!appended)
      note_failure(appended.error());
    return appended;
  }();
  if (outcome) {
    failpoint("journal.after_commit");
    fold.keep();
    replies.merge(new_replies);
  } else {
    fold.undo();
    head = before;
    for (const auto& content : new_scenarios)
      scenarios.erase(content);
  }
  new_replies.clear();
  new_scenarios.clear();
  return outcome;
}

void Journal::Impl::note_failure(const Error& error) {
  const auto fault = database.fault();
  health =
    fault == DiskFault::full ? std::max(health, Health::full) : Health::broken;
  last_failure = error;
  log_error("journal-write-failed",
            {{"path", database.path()}, {"reason", error.context}});
}

Error Journal::Impl::refusal() const {
  std::string context = last_failure.context + "; ";
  context += health == Health::full
               ? "free at least 256 MiB on that file system and repeat the "
                 "command"
               : "the disk cannot be trusted now: look at the system's log, "
                 "then repeat the command";
  return {Errc::disk_failed, std::move(context)};
}

bool Journal::Impl::make_room() const {
  const auto folder = std::filesystem::path{database.path()}.parent_path();
  std::error_code problem;
  return std::filesystem::remove(folder / "ledger.reserve", problem);
}

/// The facts of the newest batch, with the numbers they were given.
std::vector<JournalledFact> Journal::Impl::numbered(CommitFacts batch) const {
  std::vector<JournalledFact> facts;
  facts.reserve(batch.facts.size());
  auto seq = head.seq - batch.facts.size();
  for (auto& fact : batch.facts)
    facts.push_back({++seq, last_at, std::move(fact)});
  return facts;
}

// --- Journal -----------------------------------------------------------------

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() = default;

Result<std::unique_ptr<Journal>>
Journal::open(const std::string& path, const FactVisitor& visit,
              std::shared_ptr<const Clock> clock) {
  if (!std::filesystem::exists(path))
    LAB_CHECKED(create_journal(path));
  auto database = open_journal(path);
  if (!database)
    return tl::unexpected(refused(database.error(), path));
  auto impl = std::make_unique<Impl>(
    std::move(*database),
    clock ? std::move(clock) : std::make_shared<const SystemClock>());
  bool visited = true;
  const auto careful = [&](const JournalledFact& fact) -> Result<void> {
    auto result = visit ? visit(fact) : Result<void>{};
    visited = result.has_value();
    return result;
  };
  auto ready = impl->load(careful);
  if (ready)
    ready = impl->prepare();
  if (ready && impl->schema != current_schema())
    ready = impl->modernise();
  if (!ready)
    return tl::unexpected(visited ? refused(ready.error(), path)
                                  : ready.error());
  return std::unique_ptr<Journal>{new Journal{std::move(impl)}};
}

std::uint64_t Journal::last_seq() const { return impl_->head.seq; }
const std::string& Journal::path() const { return impl_->database.path(); }
bool Journal::failed() const { return impl_->health != Impl::Health::well; }

std::vector<AccountBalance> Journal::balances() const {
  return impl_->fold.accounts();
}

Result<void> Journal::replay(std::uint64_t from, const FactVisitor& visit,
                             Reading reading) {
  LAB_TRY(auto rows, FactRows::from(impl_->database, from));
  for (;;) {
    LAB_TRY(const auto* row, rows.next());
    if (row == nullptr)
      return {};
    if (reading == Reading::calls && is_large(row->kind))
      continue;
    if (reading == Reading::plans && row->kind != FactKind::run_planned)
      continue;
    LAB_TRY(const auto fact, rows.decode(*row));
    LAB_CHECKED(visit(fact));
  }
}

Result<Committed> Journal::commit(CommitFacts batch) {
  std::vector<CommitFacts> group;
  group.push_back(std::move(batch));
  return std::move(commit_group(std::move(group)).answers.front());
}

GroupCommit Journal::commit_group(std::vector<CommitFacts> group) {
  GroupCommit result;
  const auto take = [&](CommitFacts& batch) {
    auto facts = impl_->numbered(std::move(batch));
    std::ranges::move(facts, std::back_inserter(result.facts));
  };

  if (impl_->health == Impl::Health::well) {
    std::vector<const CommitFacts*> all;
    all.reserve(group.size());
    for (const auto& batch : group)
      all.push_back(&batch);
    if (impl_->append(all)) {
      // One numbering for the whole group: the last fact has the head's.
      auto seq = impl_->head.seq;
      for (const auto& batch : group)
        seq -= batch.facts.size();
      for (auto& batch : group) {
        for (auto& fact : batch.facts)
          result.facts.push_back({++seq, impl_->last_at, std::move(fact)});
        result.answers.emplace_back(Committed{seq});
      }
      return result;
    }
  }

  // Nobody spends any more, but what is already paid for should be on record.
  for (auto& batch : group) {
    const bool may_try =
      impl_->health == Impl::Health::full && !reserves(batch);
    bool written = may_try && impl_->append({&batch}).has_value();
    if (may_try && !written && resolves(batch)
        && impl_->health == Impl::Health::full && impl_->make_room())
      written = impl_->append({&batch}).has_value();
    if (written) {
      take(batch);
      result.answers.emplace_back(impl_->done());
    } else {
      result.answers.emplace_back(tl::unexpected(impl_->refusal()));
    }
  }
  return result;
}

Result<StoredReply> Journal::read_reply(AttemptId attempt) {
  const auto place = impl_->replies.find(attempt);
  if (place == impl_->replies.end())
    return fail(Errc::not_found, "no reply of attempt " + to_string(attempt));
  auto& row = impl_->select_reply;
  row.bind_all(static_cast<std::int64_t>(place->second));
  LAB_TRY(const bool found, row.step());
  auto reply = [&]() -> Result<Reply> {
    if (!found)
      return fail(Errc::journal_corrupt,
                  "the reply of attempt " + to_string(attempt) + " is missing");
    LAB_TRY(const auto fact,
            decode_fact(FactKind::call_resolved, row.text(1), {}));
    return checked_reply(row.text(0), std::get<CallResolved>(fact));
  }();
  row.reset();
  if (!reply)
    return tl::unexpected(explained(reply.error(), path()));
  return StoredReply{attempt, std::move(*reply)};
}

} // namespace lab::storage
