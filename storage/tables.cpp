#include "storage/tables.hpp"

#include <algorithm>
#include <charconv>

#include "storage/fact_codec.hpp"
#include "storage/json_columns.hpp"

namespace lab::storage {

std::uint64_t seed_from(std::string_view text) {
  std::uint64_t seed = 0;
  std::from_chars(text.data(), text.data() + text.size(), seed);
  return seed;
}

namespace {

// Money is in pico-dollars, times in milliseconds since 1970. Texts that hold
// lists or maps are JSON. docs/formats/analytics.md describes every column.
constexpr const char* schema = R"(
CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES('last_seq', 0);

CREATE TABLE sweeps(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  about TEXT NOT NULL,
  scenario TEXT NOT NULL,
  manifest TEXT NOT NULL,
  points INTEGER NOT NULL,
  replicates INTEGER NOT NULL,
  factors TEXT NOT NULL,
  output TEXT NOT NULL,
  simulated INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  planned_at INTEGER NOT NULL,
  ended_at INTEGER,
  settled_pico_usd INTEGER NOT NULL DEFAULT 0,
  settled_calls INTEGER NOT NULL DEFAULT 0,
  settled_tokens INTEGER NOT NULL DEFAULT 0,
  unknown_pico_usd INTEGER NOT NULL DEFAULT 0,
  unknown_calls INTEGER NOT NULL DEFAULT 0,
  unknown_tokens INTEGER NOT NULL DEFAULT 0,
  reserved_pico_usd INTEGER NOT NULL DEFAULT 0,
  reserved_calls INTEGER NOT NULL DEFAULT 0,
  reserved_tokens INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE points(
  sweep TEXT NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  factors TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY(sweep, name)) STRICT, WITHOUT ROWID;

CREATE TABLE sweep_runs(
  sweep TEXT NOT NULL,
  name TEXT NOT NULL,
  run TEXT NOT NULL,
  point TEXT NOT NULL,
  position INTEGER NOT NULL,
  replicate INTEGER NOT NULL,
  PRIMARY KEY(sweep, name)) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_runs_by_run ON sweep_runs(run);

CREATE TABLE runs(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sweep TEXT NOT NULL DEFAULT '',
  point TEXT NOT NULL DEFAULT '',
  replicate INTEGER NOT NULL DEFAULT 0,
  seed TEXT NOT NULL,
  factors TEXT NOT NULL DEFAULT '{}',
  scenario TEXT NOT NULL DEFAULT '',
  scenario_name TEXT NOT NULL DEFAULT '',
  scenario_content TEXT NOT NULL DEFAULT '',
  turn_duration TEXT NOT NULL DEFAULT '',
  actors TEXT NOT NULL DEFAULT '[]',
  metrics TEXT NOT NULL DEFAULT '[]',
  status TEXT NOT NULL,
  code TEXT NOT NULL DEFAULT 'ok',
  reason TEXT NOT NULL DEFAULT '',
  turns_planned INTEGER NOT NULL DEFAULT 0,
  turns_completed INTEGER NOT NULL DEFAULT 0,
  user TEXT NOT NULL DEFAULT '',
  output TEXT NOT NULL DEFAULT '',
  simulated INTEGER NOT NULL DEFAULT 0,
  branch_from TEXT NOT NULL DEFAULT '',
  branch_turn INTEGER NOT NULL DEFAULT 0,
  planned_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  artefact_error TEXT NOT NULL DEFAULT '',
  settled_pico_usd INTEGER NOT NULL DEFAULT 0,
  settled_calls INTEGER NOT NULL DEFAULT 0,
  settled_tokens INTEGER NOT NULL DEFAULT 0,
  unknown_pico_usd INTEGER NOT NULL DEFAULT 0,
  unknown_calls INTEGER NOT NULL DEFAULT 0,
  unknown_tokens INTEGER NOT NULL DEFAULT 0,
  reserved_pico_usd INTEGER NOT NULL DEFAULT 0,
  reserved_calls INTEGER NOT NULL DEFAULT 0,
  reserved_tokens INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX runs_by_sweep ON runs(sweep);
CREATE INDEX runs_by_name ON runs(name);

CREATE TABLE turns(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  world TEXT NOT NULL,
  key_changes TEXT NOT NULL,
  consequences TEXT NOT NULL,
  events TEXT NOT NULL,
  completed_at INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX turns_by_run ON turns(run, turn);

CREATE TABLE decisions(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  actor TEXT NOT NULL,
  long_term_goals TEXT NOT NULL,
  short_term_priorities TEXT NOT NULL,
  reasoning TEXT NOT NULL,
  action TEXT NOT NULL,
  repaired INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX decisions_by_run ON decisions(run, turn, position);
CREATE INDEX decisions_by_actor ON decisions(actor);

CREATE TABLE communications(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  channel TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipients TEXT NOT NULL,
  text TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX communications_by_run
  ON communications(run, turn, position);

CREATE TABLE metrics(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  metric TEXT NOT NULL,
  actor TEXT NOT NULL,
  status TEXT NOT NULL,
  value REAL,
  text TEXT NOT NULL,
  PRIMARY KEY(run, turn, position)) STRICT, WITHOUT ROWID;
CREATE INDEX metrics_by_name ON metrics(metric, actor);

CREATE TABLE validations(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  passed INTEGER NOT NULL,
  severity TEXT NOT NULL,
  explanation TEXT NOT NULL,
  PRIMARY KEY(run, turn, position)) STRICT, WITHOUT ROWID;

CREATE TABLE calls(
  seq INTEGER PRIMARY KEY,
  attempt TEXT NOT NULL,
  run TEXT NOT NULL,
  sweep TEXT NOT NULL,
  point TEXT NOT NULL,
  user TEXT NOT NULL,
  day TEXT NOT NULL,
  turn INTEGER NOT NULL,
  phase TEXT NOT NULL,
  actor TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  number INTEGER NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  price TEXT NOT NULL,
  resolution TEXT NOT NULL,
  pico_usd INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  overrun INTEGER NOT NULL,
  reason TEXT NOT NULL,
  latency_ms INTEGER,
  reserved_at INTEGER NOT NULL,
  resolved_at INTEGER) STRICT;
CREATE UNIQUE INDEX calls_by_attempt ON calls(attempt);
CREATE INDEX calls_by_run ON calls(run);
CREATE INDEX calls_by_sweep ON calls(sweep);

CREATE TABLE shared_calls(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  phase TEXT NOT NULL,
  actor TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY(run, turn, phase, actor, ordinal)) STRICT, WITHOUT ROWID;

CREATE TABLE limits(
  account TEXT PRIMARY KEY,
  pico_usd INTEGER,
  calls INTEGER,
  tokens INTEGER,
  set_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE prices(
  id TEXT PRIMARY KEY,
  row TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIEW costs AS SELECT
  run, sweep, point, user, day, turn, phase, actor, provider, model,
  SUM(iif(resolution = 'settled', pico_usd, 0)) AS settled_pico_usd,
  SUM(iif(resolution = 'settled', calls, 0)) AS settled_calls,
  SUM(iif(resolution = 'settled', tokens, 0)) AS settled_tokens,
  SUM(iif(resolution IN ('unknown', 'bounded'), pico_usd, 0))
    AS unknown_pico_usd,
  SUM(iif(resolution IN ('unknown', 'bounded'), calls, 0)) AS unknown_calls,
  SUM(iif(resolution IN ('unknown', 'bounded'), tokens, 0)) AS unknown_tokens,
  SUM(iif(resolution = 'reserved', pico_usd, 0)) AS reserved_pico_usd,
  SUM(iif(resolution = 'reserved', calls, 0)) AS reserved_calls,
  SUM(iif(resolution = 'reserved', tokens, 0)) AS reserved_tokens
FROM calls
GROUP BY run, sweep, point, user, day, turn, phase, actor, provider, model;
)";

// `?` in the order: change of each column, then the row's id.
constexpr const char* run_spend_sql = R"(
UPDATE runs SET
  settled_pico_usd = settled_pico_usd + ?,
  settled_calls = settled_calls + ?,
  settled_tokens = settled_tokens + ?,
  unknown_pico_usd = unknown_pico_usd + ?,
  unknown_calls = unknown_calls + ?,
  unknown_tokens = unknown_tokens + ?,
  reserved_pico_usd = reserved_pico_usd + ?,
  reserved_calls = reserved_calls + ?,
  reserved_tokens = reserved_tokens + ?
WHERE id = ?)";
constexpr const char* sweep_spend_sql = R"(
UPDATE sweeps SET
  settled_pico_usd = settled_pico_usd + ?,
  settled_calls = settled_calls + ?,
  settled_tokens = settled_tokens + ?,
  unknown_pico_usd = unknown_pico_usd + ?,
  unknown_calls = unknown_calls + ?,
  unknown_tokens = unknown_tokens + ?,
  reserved_pico_usd = reserved_pico_usd + ?,
  reserved_calls = reserved_calls + ?,
  reserved_tokens = reserved_tokens + ?
WHERE id = ?)";

/// Empty where the id is none.
template <class Id>
std::string text_of(Id id) {
  return id ? to_string(id) : std::string{};
}

/// The value of `key`; objects of ours have few.
std::string member(const TextPairs& object, std::string_view key) {
  for (const auto& [name, value] : object)
    if (name == key)
      return value;
  return {};
}

} // namespace

Result<void> Tables::create(sqlite::Database& database) {
  LAB_CHECKED(
    database.exec("PRAGMA application_id=" + std::to_string(analytics_id)));
  LAB_CHECKED(
    database.exec("PRAGMA user_version=" + std::to_string(analytics_version)));
  return database.exec(schema);
}

Result<sqlite::Statement*> Tables::statement(const char* sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end())
    return &known->second;
  LAB_TRY(auto prepared, database_.prepare(sql));
  return &statements_.emplace(sql, std::move(prepared)).first->second;
}

Result<void> Tables::apply(const JournalledFact& fact) {
  return std::visit([&](const auto& value) { return on(fact, value); },
                    fact.fact);
}

// --- Calls -------------------------------------------------------------------

Result<void> Tables::on(const JournalledFact& at, const CallReserved& fact) {
  // Most calls end within the batch that reserved them or soon after; one row
  // written once is half the work of one that is written and changed.
  fresh_.emplace(fact.attempt, Fresh{at.seq, at.at, fact});
  run_spend_[to_string(fact.owner.run)].reserved += fact.worst;
  if (fact.owner.sweep)
    sweep_spend_[to_string(fact.owner.sweep)].reserved += fact.worst;
  return {};
}

Result<void> Tables::on(const JournalledFact& at, const CallResolved& fact) {
  if (const auto entry = fresh_.extract(fact.attempt); !entry.empty()) {
    const auto& call = entry.mapped().call;
    book(to_string(call.owner.run), text_of(call.owner.sweep), call.worst,
         fact);
    return insert_call(entry.mapped(), &fact, at.at);
  }
  LAB_TRY(auto* row,
          statement("SELECT seq, run, sweep, pico_usd, calls, tokens "
                    "FROM calls WHERE attempt = ?"));
  row->bind_all(to_string(fact.attempt));
  LAB_TRY(const bool found, row->step());
  if (!found)
    return fail(Errc::journal_corrupt, "attempt " + to_string(fact.attempt)
                                         + " ends without being reserved");
  const auto seq = row->integer(0);
  book(std::string{row->text(1)}, std::string{row->text(2)},
       {Money{row->integer(3)}, row->integer(4), row->integer(5)}, fact);
  row->reset();
  return run("UPDATE calls SET resolution = ?, pico_usd = ?, calls = ?, "
             "tokens = ?, input_tokens = ?, cached_tokens = ?, "
             "cache_write_tokens = ?, output_tokens = ?, overrun = ?, "
             "reason = ?, latency_ms = ?, resolved_at = ? WHERE seq = ?",
             to_string(fact.resolution), fact.charge.usd, fact.charge.calls,
             fact.charge.tokens, fact.usage.input, fact.usage.cached_input,
             fact.usage.cache_write, fact.usage.output, fact.overrun,
             fact.reason, fact.latency_ms, at.at, seq);
}

/// Moves a call's money from reserved to where it ended.
void Tables::book(const std::string& run, const std::string& sweep,
                  const Charge& worst, const CallResolved& end) {
  const auto move = [&](SpendChange& change) {
    change.reserved -= worst;
    (end.resolution == Resolution::settled ? change.settled : change.unknown) +=
      end.charge;
  };
  move(run_spend_[run]);
  if (!sweep.empty())
    move(sweep_spend_[sweep]);
}

Result<void> Tables::insert_call(const Fresh& fresh, const CallResolved* end,
                                 UnixMs ended_at) {
  const auto& call = fresh.call;
  const auto& charge = end != nullptr ? end->charge : call.worst;
  const Usage usage = end != nullptr ? end->usage : Usage{};
  return run(
    "INSERT INTO calls VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    static_cast<std::int64_t>(fresh.seq), to_string(call.attempt),
    to_string(call.owner.run), text_of(call.owner.sweep), call.owner.point,
    call.owner.user, utc_day(call.at), call.place.turn, call.place.phase,
    call.place.participant, call.place.ordinal, call.number, call.provider,
    call.model, call.price_id,
    end != nullptr ? to_string(end->resolution) : "reserved", charge.usd,
    charge.calls, charge.tokens, usage.input, usage.cached_input,
    usage.cache_write, usage.output, end != nullptr && end->overrun,
    end != nullptr ? end->reason : "",
    end != nullptr ? std::optional{end->latency_ms} : std::nullopt, fresh.at,
    end != nullptr ? std::optional{ended_at} : std::nullopt);
}

Result<void> Tables::insert_fresh_calls() {
  std::vector<const Fresh*> open;
  for (const auto& [attempt, fresh] : fresh_)
    open.push_back(&fresh);
  std::ranges::sort(open, {}, &Fresh::seq);
  for (const auto* fresh : open)
    LAB_CHECKED(insert_call(*fresh, nullptr, 0));
  fresh_.clear();
  return {};
}

Result<void> Tables::on(const JournalledFact&, const CallShared& fact) {
  return run("REPLACE INTO shared_calls VALUES(?, ?, ?, ?, ?, ?)",
             to_string(fact.run), fact.place.turn, fact.place.phase,
             fact.place.participant, fact.place.ordinal,
             to_string(fact.source));
}

Result<void> Tables::on(const JournalledFact& at, const LimitSet& fact) {
  return run("REPLACE INTO limits VALUES(?, ?, ?, ?, ?, ?, ?)",
             to_string(fact.account), fact.limit.usd, fact.limit.calls,
             fact.limit.tokens, fact.by, fact.reason, at.at);
}

Result<void> Tables::on(const JournalledFact&, const PriceRecorded& fact) {
  return run("REPLACE INTO prices VALUES(?, ?)", fact.price_id, fact.row);
}

// --- Sweeps and runs ---------------------------------------------------------

Result<void> Tables::on(const JournalledFact& at, const SweepPlanned& fact) {
  const auto sweep = to_string(fact.sweep);
  LAB_CHECKED(
    run("INSERT INTO sweeps(id, name, about, scenario, manifest, points, "
        "replicates, factors, output, simulated, status, planned_at) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?) "
        "ON CONFLICT(id) DO UPDATE SET name = excluded.name, "
        "about = excluded.about, scenario = excluded.scenario, "
        "manifest = excluded.manifest, points = excluded.points, "
        "replicates = excluded.replicates, factors = excluded.factors, "
        "output = excluded.output, simulated = excluded.simulated, "
        "status = 'planned', reason = '', planned_at = excluded.planned_at, "
        "ended_at = NULL",
        sweep, fact.name, fact.about, fact.scenario, fact.manifest, fact.points,
        fact.replicates, json_list(fact.factors), fact.output, fact.simulated,
        at.at));
  for (const auto& ticket : fact.runs) {
    const auto id = to_string(ticket.run);
    LAB_CHECKED(run("INSERT OR IGNORE INTO points(sweep, name, position) "
                    "VALUES(?, ?, ?)",
                    sweep, ticket.point, ticket.point_index));
    LAB_CHECKED(run("REPLACE INTO sweep_runs VALUES(?, ?, ?, ?, ?, ?)", sweep,
                    ticket.name, id, ticket.point, ticket.point_index,
                    ticket.replicate));
    LAB_CHECKED(
      run("INSERT OR IGNORE INTO runs(id, name, sweep, point, replicate, seed, "
          "simulated, status, planned_at) "
          "VALUES(?, ?, ?, ?, ?, ?, ?, 'planned', ?)",
          id, ticket.name, sweep, ticket.point, ticket.replicate,
          std::to_string(ticket.seed), fact.simulated, at.at));
  }
  return {};
}

Result<void> Tables::on(const JournalledFact& at, const RunPlanned& fact) {
  const auto& spec = fact.spec;
  const auto header = header_of(spec);
  std::vector<TextPairs> actors;
  for (const auto& x : header.participants)
    actors.push_back({{"id", x.id}, {"name", x.name}, {"model", x.model}});
  std::vector<TextPairs> metrics;
  for (const auto& x : header.metrics)
    metrics.push_back(
      {{"name", x.name}, {"description", x.description}, {"unit", x.unit}});
  const auto factors = json_object(spec.factors);
  LAB_CHECKED(
    run("INSERT INTO runs(id, name, sweep, point, replicate, seed, factors, "
        "scenario, scenario_name, scenario_content, turn_duration, actors, "
        "metrics, turns_planned, user, output, simulated, branch_from, "
        "branch_turn, status, planned_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?) "
        "ON CONFLICT(id) DO UPDATE SET name = excluded.name, "
        "sweep = excluded.sweep, point = excluded.point, "
        "replicate = excluded.replicate, seed = excluded.seed, "
        "factors = excluded.factors, scenario = excluded.scenario, "
        "scenario_name = excluded.scenario_name, "
        "scenario_content = excluded.scenario_content, "
        "turn_duration = excluded.turn_duration, actors = excluded.actors, "
        "metrics = excluded.metrics, turns_planned = excluded.turns_planned, "
        "user = excluded.user, output = excluded.output, "
        "simulated = excluded.simulated, branch_from = excluded.branch_from, "
        "branch_turn = excluded.branch_turn",
        to_string(spec.id), spec.name, text_of(spec.sweep), spec.point,
        spec.replicate, std::to_string(spec.seed), factors, header.scenario,
        header.scenario_name, lab::to_string(spec.scenario->content),
        header.turn_duration, json_objects(actors), json_objects(metrics),
        spec.end_turn > 0 ? spec.end_turn : spec.scenario->turns, spec.user,
        spec.output, spec.simulated, text_of(spec.branch_from),
        spec.branch_turn, at.at));
  if (spec.sweep)
    LAB_CHECKED(
      run("UPDATE points SET factors = ? WHERE sweep = ? AND name = ?", factors,
          to_string(spec.sweep), spec.point));
  TurnRecord start;
  start.world = spec.scenario->initial_world_state;
  return insert_turn(spec.id, start, at.at);
}

Result<void> Tables::on(const JournalledFact& at, const RunStarted& fact) {
  const auto id = to_string(fact.run);
  LAB_CHECKED(run("UPDATE runs SET status = 'running', code = 'ok', "
                  "reason = '', started_at = COALESCE(started_at, ?), "
                  "ended_at = NULL WHERE id = ?",
                  at.at, id));
  return run("UPDATE sweeps SET status = 'running', reason = '', "
             "ended_at = NULL WHERE status <> 'running' AND id = "
             "(SELECT sweep FROM runs WHERE id = ?)",
             id);
}

Result<void> Tables::insert_turn(RunId owner, const TurnRecord& record,
                                 UnixMs at) {
  const auto id = to_string(owner);
  const auto turn = record.turn;
  // A replayed turn takes the place of the first.
  LAB_CHECKED(run("DELETE FROM turns WHERE run = ? AND turn = ?", id, turn));
  LAB_CHECKED(
    run("DELETE FROM decisions WHERE run = ? AND turn = ?", id, turn));
  LAB_CHECKED(
    run("DELETE FROM communications WHERE run = ? AND turn = ?", id, turn));
  LAB_CHECKED(run("DELETE FROM metrics WHERE run = ? AND turn = ?", id, turn));

  std::vector<TextPairs> events;
  for (const auto& x : record.events)
    events.push_back({{"name", x.name}, {"description", x.description}});
  LAB_CHECKED(run("INSERT INTO turns VALUES(?, ?, ?, ?, ?, ?, ?)", id, turn,
                  record.world, json_list(record.key_changes),
                  json_list(record.consequences), json_objects(events), at));
  std::int64_t position = 0;
  for (const auto& x : record.decisions)
    LAB_CHECKED(run(
      "INSERT INTO decisions VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", id, turn,
      position++, x.participant, json_list(x.long_term_goals),
      json_list(x.short_term_priorities), x.reasoning, x.action, x.repaired));
  position = 0;
  for (const auto& x : record.messages)
    LAB_CHECKED(run("INSERT INTO communications VALUES(?, ?, ?, ?, ?, ?, ?)",
                    id, turn, position++, x.channel, x.sender,
                    json_list(x.recipients), x.text));
  position = 0;
  for (const auto& x : record.metrics)
    LAB_CHECKED(run("INSERT INTO metrics VALUES(?, ?, ?, ?, ?, ?, ?, ?)", id,
                    turn, position++, x.metric, x.participant,
                    to_string(x.status), x.number, x.text));
  return {};
}

Result<void> Tables::on(const JournalledFact& at, const TurnCompleted& fact) {
  LAB_CHECKED(insert_turn(fact.run, fact.record, at.at));
  return run("UPDATE runs SET turns_completed = MAX(turns_completed, ?) "
             "WHERE id = ?",
             fact.record.turn, to_string(fact.run));
}

Result<void> Tables::on(const JournalledFact& at, const RunEnded& fact) {
  const auto& end = fact.outcome;
  return run("UPDATE runs SET status = ?, code = ?, reason = ?, "
             "turns_completed = ?, ended_at = ? WHERE id = ?",
             to_string(end.status), to_string(end.code), end.reason,
             end.turns_completed, at.at, to_string(end.run));
}

Result<void> Tables::on(const JournalledFact& at, const SweepEnded& fact) {
  return run("UPDATE sweeps SET status = ?, reason = ?, ended_at = ? "
             "WHERE id = ?",
             fact.status, fact.reason, at.at, to_string(fact.sweep));
}

Result<void> Tables::on(const JournalledFact&, const Recovered&) {
  return {}; // its attempts have facts of their own
}

// --- The end of a batch ------------------------------------------------------

Result<void> Tables::write_spend(const char* sql, const std::string& id,
                                 const SpendChange& change) {
  return run(sql, change.settled.usd, change.settled.calls,
             change.settled.tokens, change.unknown.usd, change.unknown.calls,
             change.unknown.tokens, change.reserved.usd, change.reserved.calls,
             change.reserved.tokens, id);
}

Result<void> Tables::finish(std::uint64_t last_seq) {
  LAB_CHECKED(insert_fresh_calls());
  for (const auto& [id, change] : run_spend_)
    LAB_CHECKED(write_spend(run_spend_sql, id, change));
  for (const auto& [id, change] : sweep_spend_)
    LAB_CHECKED(write_spend(sweep_spend_sql, id, change));
  run_spend_.clear();
  sweep_spend_.clear();
  return run("UPDATE meta SET value = ? WHERE key = 'last_seq'",
             static_cast<std::int64_t>(last_seq));
}

Result<std::uint64_t> Tables::last_seq() {
  LAB_TRY(const auto seq,
          database_.integer("SELECT value FROM meta WHERE key = 'last_seq'"));
  return static_cast<std::uint64_t>(seq);
}

// --- For artefacts -----------------------------------------------------------

Result<RunHeader> Tables::header(RunId wanted) {
  LAB_TRY(auto* row,
          statement("SELECT name, point, replicate, seed, factors, scenario, "
                    "scenario_name, turn_duration, output, simulated, actors, "
                    "metrics FROM runs WHERE id = ?"));
  row->bind_all(to_string(wanted));
  LAB_TRY(const bool found, row->step());
  if (!found)
    return fail(Errc::not_found, "no run " + to_string(wanted));
  const auto text = [&](int column) { return std::string{row->text(column)}; };
  RunHeader header;
  header.run = wanted;
  header.name = text(0);
  header.point = text(1);
  header.replicate = static_cast<std::int32_t>(row->integer(2));
  header.seed = seed_from(text(3));
  const auto factors = text(4);
  header.scenario = text(5);
  header.scenario_name = text(6);
  header.turn_duration = text(7);
  header.output = text(8);
  header.simulated = row->integer(9) != 0;
  const auto actors = text(10);
  const auto metrics = text(11);
  row->reset();
  LAB_TRY(header.factors, pairs_from(factors));
  LAB_TRY(const auto participants, objects_from(actors));
  for (const auto& x : participants)
    header.participants.push_back(
      {member(x, "id"), member(x, "name"), member(x, "model")});
  LAB_TRY(const auto definitions, objects_from(metrics));
  for (const auto& x : definitions)
    header.metrics.push_back(
      {member(x, "name"), member(x, "description"), member(x, "unit")});
  return header;
}

Result<RunState> Tables::state(RunId wanted) {
  LAB_TRY(auto* row,
          statement("SELECT status, reason, turns_completed, world FROM runs "
                    "JOIN turns ON turns.run = runs.id WHERE runs.id = ? "
                    "ORDER BY turn DESC LIMIT 1"));
  row->bind_all(to_string(wanted));
  LAB_TRY(const bool found, row->step());
  if (!found)
    return fail(Errc::not_found, "no run " + to_string(wanted));
  RunState state{std::string{row->text(0)}, std::string{row->text(1)},
                 static_cast<std::int32_t>(row->integer(2)),
                 std::string{row->text(3)}};
  row->reset();
  return state;
}

Result<std::vector<TurnMetrics>> Tables::metrics(RunId wanted) {
  LAB_TRY(auto* row,
          statement("SELECT turn, metric, actor, status, value, text "
                    "FROM metrics WHERE run = ? ORDER BY turn, position"));
  row->bind_all(to_string(wanted));
  std::vector<TurnMetrics> turns;
  for (;;) {
    LAB_TRY(const bool found, row->step());
    if (!found)
      return turns;
    const auto turn = static_cast<std::int32_t>(row->integer(0));
    if (turns.empty() || turns.back().turn != turn)
      turns.push_back({turn, {}});
    MetricValue value{
      std::string{row->text(1)},
      std::string{row->text(2)},
      metric_status_from(row->text(3)).value_or(MetricStatus::missing),
      {},
      std::string{row->text(5)}};
    if (!row->is_null(4))
      value.number = row->real(4);
    turns.back().values.push_back(std::move(value));
  }
}

Result<std::vector<UsedCalls>> Tables::used_calls(RunId wanted) {
  LAB_CHECKED(insert_fresh_calls());
  LAB_TRY(
    auto* row,
    statement(
      "WITH used AS ("
      "SELECT turn, phase, actor, ordinal, seq FROM calls "
      "WHERE run = ?1 AND resolution = 'settled' UNION "
      "SELECT s.turn, s.phase, s.actor, s.ordinal, c.seq FROM shared_calls s "
      "JOIN calls c ON c.attempt = s.source "
      "WHERE s.run = ?1 AND c.resolution = 'settled') "
      "SELECT used.turn, used.phase, used.actor, model, SUM(pico_usd), "
      "SUM(calls), SUM(tokens) FROM used JOIN calls USING(seq) "
      "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"));
  row->bind_all(to_string(wanted));
  std::vector<UsedCalls> calls;
  for (;;) {
    LAB_TRY(const bool found, row->step());
    if (!found)
      return calls;
    calls.push_back(
      {static_cast<std::int32_t>(row->integer(0)),
       std::string{row->text(1)},
       std::string{row->text(2)},
       std::string{row->text(3)},
       {Money{row->integer(4)}, row->integer(5), row->integer(6)}});
  }
}

Result<void> Tables::note_artefact_error(RunId owner,
                                         const std::string& error) {
  return run("UPDATE runs SET artefact_error = ? WHERE id = ?", error,
             to_string(owner));
}

} // namespace lab::storage
