#include "storage/tables.hpp"

#include <algorithm>
#include <charconv>

#include "runtime/model/names.hpp"
#include "runtime/model/replies_digest.hpp"
#include "storage/json_columns.hpp"

namespace lab::storage {

std::uint64_t seed_from(std::string_view text) {
  std::uint64_t seed = 0;
  std::from_chars(text.data(), text.data() + text.size(), seed);
  return seed;
}

namespace {

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

/// The shortest decimal that reads back as the same number.
std::string real_text(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number);
  return {text, end.ptr};
}

/// The `validation` column: which reports are wanted; empty without checks.
std::string validation_text(const std::optional<RunHeader::Validation>& x) {
  if (!x)
    return {};
  TextPairs pairs{{"model", x->model}};
  if (x->turn_reports)
    pairs.emplace_back("turn_reports", "yes");
  if (x->summary_report)
    pairs.emplace_back("summary_report", "yes");
  return json_object(pairs);
}

/// An entry of the `metrics` column. A yes or no goes from 0 to 1, a category
/// by its place in the list.
TextPairs metric_pairs(const MetricSpec& metric) {
  TextPairs pairs{{"name", metric.name},
                  {"description", metric.description},
                  {"unit", metric.unit}};
  const auto range = [&](double low, double high) {
    pairs.emplace_back("low", real_text(low));
    pairs.emplace_back("high", real_text(high));
  };
  if (metric.type == MetricType::boolean) {
    pairs.emplace_back("binary", "yes");
    range(0, 1);
  } else if (metric.range) {
    range(metric.range->first, metric.range->second);
  }
  return pairs;
}

} // namespace

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
  for (const auto& x : spec.scenario->metrics)
    metrics.push_back(metric_pairs(x));
  const auto factors = json_object(spec.factors);
  const auto models = models_of(*spec.scenario);
  LAB_CHECKED(
    run("INSERT INTO runs(id, name, sweep, point, replicate, seed, factors, "
        "scenario, scenario_name, scenario_content, turn_duration, actors, "
        "metrics, models, validation, turns_planned, user, output, simulated, "
        "branch_from, branch_turn, status, planned_at) VALUES(?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?) "
        "ON CONFLICT(id) DO UPDATE SET name = excluded.name, "
        "sweep = excluded.sweep, point = excluded.point, "
        "replicate = excluded.replicate, seed = excluded.seed, "
        "factors = excluded.factors, scenario = excluded.scenario, "
        "scenario_name = excluded.scenario_name, "
        "scenario_content = excluded.scenario_content, "
        "turn_duration = excluded.turn_duration, actors = excluded.actors, "
        "metrics = excluded.metrics, models = excluded.models, "
        "validation = excluded.validation, "
        "turns_planned = excluded.turns_planned, "
        "user = excluded.user, output = excluded.output, "
        "simulated = excluded.simulated, branch_from = excluded.branch_from, "
        "branch_turn = excluded.branch_turn",
        to_string(spec.id), spec.name, text_of(spec.sweep), spec.point,
        spec.replicate, std::to_string(spec.seed), factors, header.scenario,
        header.scenario_name, lab::to_string(spec.scenario->content),
        header.turn_duration, json_objects(actors), json_objects(metrics),
        json_list({models.begin(), models.end()}),
        validation_text(header.validation),
        spec.end_turn > 0 ? spec.end_turn : spec.scenario->turns, spec.user,
        spec.output, spec.simulated, text_of(spec.branch_from),
        spec.branch_turn, at.at));
  if (spec.sweep) {
    // A long plan names points and runs as they start: p001 is the first one.
    LAB_CHECKED(run("INSERT OR IGNORE INTO points(sweep, name, position) "
                    "VALUES(?1, ?2, CAST(SUBSTR(?2, 2) AS INTEGER) - 1)",
                    to_string(spec.sweep), spec.point));
    LAB_CHECKED(
      run("UPDATE points SET factors = ? WHERE sweep = ? AND name = ?", factors,
          to_string(spec.sweep), spec.point));
    // A sweep may have runs that its plan did not list.
    LAB_CHECKED(run(
      "INSERT OR IGNORE INTO sweep_runs SELECT ?1, ?2, ?3, ?4, "
      "COALESCE((SELECT position FROM points WHERE sweep = ?1 AND name = ?4), "
      "0), ?5",
      to_string(spec.sweep), spec.name, to_string(spec.id), spec.point,
      spec.replicate));
  }
  TurnRecord start;
  start.world = spec.scenario->initial_world_state;
  return insert_turn(spec.id, start, at.at);
}

Result<void> Tables::on(const JournalledFact& at, const RunStarted& fact) {
  const auto id = to_string(fact.run);
  LAB_CHECKED(run(
    "UPDATE runs SET status = 'running', code = 'ok', "
    "reason = '', halted_by_phase = 0, started_at = COALESCE(started_at, ?), "
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
  for (const char* sql : {"DELETE FROM turns WHERE run = ? AND turn = ?",
                          "DELETE FROM decisions WHERE run = ? AND turn = ?",
                          "DELETE FROM communications WHERE run = ? AND "
                          "turn = ?",
                          "DELETE FROM metrics WHERE run = ? AND turn = ?"})
    LAB_CHECKED(run(sql, id, turn));

  LAB_CHECKED(run("INSERT INTO turns VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", id,
                  turn, record.world, json_list(record.key_changes),
                  json_list(record.consequences), record.summary, record.halt,
                  replies_digest(record), at));
  std::int64_t position = 0;
  for (const auto& x : record.decisions)
    LAB_CHECKED(
      run("INSERT INTO decisions VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", id,
          turn, position++, x.participant, json_list(x.long_term_goals),
          json_list(x.short_term_priorities), x.reasoning, x.action, x.repaired,
          to_string(x.by), x.timed_out));
  position = 0;
  for (const auto& x : record.messages)
    LAB_CHECKED(run("INSERT INTO communications VALUES(?, ?, ?, ?, ?, ?, ?)",
                    id, turn, position++, x.channel, x.sender,
                    json_list(x.recipients), x.text));
  position = 0;
  for (const auto& x : record.metrics)
    LAB_CHECKED(run("INSERT INTO metrics VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", id,
                    turn, position++, x.metric, x.participant,
                    to_string(x.status), x.number, x.text, to_string(x.level)));
  return insert_sideshows(id, record);
}

/// What not every scenario has; the tables of which are cleared all the same.
Result<void> Tables::insert_sideshows(const std::string& id,
                                      const TurnRecord& record) {
  const auto turn = record.turn;
  for (const char* sql :
       {"DELETE FROM talks WHERE run = ? AND turn = ?",
        "DELETE FROM coalitions WHERE run = ? AND turn = ?",
        "DELETE FROM coalition_answers WHERE run = ? AND turn = ?",
        "DELETE FROM exogenous_events WHERE run = ? AND turn = ?",
        "DELETE FROM validations WHERE run = ? AND turn = ?"})
    LAB_CHECKED(run(sql, id, turn));

  std::int64_t position = 0;
  for (const auto& x : record.talks)
    LAB_CHECKED(run("INSERT INTO talks VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", id,
                    turn, position++, x.initiator, x.target, x.message,
                    x.reasoning, x.answer, x.notes));
  std::int64_t coalition = 0;
  for (const auto& x : record.coalitions) {
    LAB_CHECKED(run("INSERT INTO coalitions VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    id, turn, coalition, x.proposer, json_list(x.members),
                    x.purpose, x.reasoning, x.formed, x.repeated));
    position = 0;
    for (const auto& answer : x.answers)
      LAB_CHECKED(
        run("INSERT INTO coalition_answers VALUES(?, ?, ?, ?, ?, ?, ?, ?)", id,
            turn, coalition, position++, answer.participant, answer.accepted,
            answer.response, answer.notes));
    ++coalition;
  }
  position = 0;
  for (const auto& x : record.events)
    LAB_CHECKED(run("INSERT INTO exogenous_events VALUES(?, ?, ?, ?, ?, ?)", id,
                    turn, position++, x.name, to_string(x.type),
                    x.description));
  position = 0;
  for (const auto& x : record.checks)
    LAB_CHECKED(run("INSERT INTO validations VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    id, turn, position++, to_string(x.kind), x.participant,
                    to_string(x.verdict), to_string(x.severity),
                    json_list(x.issues), x.explanation));
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
             "turns_completed = ?, halted_by_phase = ?, ended_at = ? "
             "WHERE id = ?",
             to_string(end.status), to_string(end.code), end.reason,
             end.turns_completed, end.by_phase, at.at, to_string(end.run));
}

Result<void> Tables::on(const JournalledFact& at, const SweepEnded& fact) {
  return run("UPDATE sweeps SET status = ?, reason = ?, ended_at = ? "
             "WHERE id = ?",
             fact.status, fact.reason, at.at, to_string(fact.sweep));
}

Result<void> Tables::on(const JournalledFact&, const Recovered&) {
  return {}; // its attempts have facts of their own
}

Result<void> Tables::on(const JournalledFact&, const ModelChecked& fact) {
  const auto& check = fact.check;
  std::vector<TextPairs> replies;
  for (std::size_t canary = 0; canary < check.replies.size(); ++canary)
    for (const auto& reply : check.replies[canary])
      replies.push_back({{"canary", std::to_string(canary)},
                         {"text", lab::to_string(reply.text)},
                         {"model", reply.served}});
  return run("REPLACE INTO model_checks VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
             to_string(fact.sweep), check.model, check.number, check.began,
             check.ended, check.digest, json_objects(replies),
             fact.drift.stratum, fact.drift.changed, fact.drift.why);
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

} // namespace lab::storage
