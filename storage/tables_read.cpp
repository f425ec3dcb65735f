#include <algorithm>
#include <limits>

#include "runtime/model/names.hpp"
#include "storage/json_columns.hpp"
#include "storage/run_story.hpp"
#include "storage/tables.hpp"

// What artefacts need of earlier facts, read from the tables.

namespace lab::storage {

namespace {

/// The value of `key`; objects of ours have few.
std::string member(const TextPairs& object, std::string_view key) {
  for (const auto& [name, value] : object)
    if (name == key)
      return value;
  return {};
}

Result<std::optional<RunHeader::Validation>>
validation_from(const std::string& text) {
  if (text.empty())
    return std::nullopt;
  LAB_TRY(const auto pairs, pairs_from(text));
  return RunHeader::Validation{member(pairs, "model"),
                               !member(pairs, "turn_reports").empty(),
                               !member(pairs, "summary_report").empty()};
}

} // namespace

Result<RunHeader> Tables::header(RunId wanted) {
  LAB_TRY(
    auto* row,
    statement(
      "SELECT name, point, replicate, seed, factors, scenario, "
      "scenario_name, turn_duration, output, simulated, actors, "
      "metrics, validation, branch_from, branch_turn FROM runs WHERE id = ?"));
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
  const auto validation = text(12);
  header.branch_from = run_id_from(row->text(13)).value_or(RunId{});
  header.branch_turn = static_cast<std::int32_t>(row->integer(14));
  row->reset();
  LAB_TRY(header.validation, validation_from(validation));
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
  const auto id = to_string(wanted);
  // Turns beyond those completed may stand there: of a run that went on after
  // a halt once and was repeated without.
  LAB_TRY(auto* row,
          statement("SELECT status, reason, turns_completed, world, turn "
                    "FROM runs JOIN turns ON turns.run = runs.id "
                    "WHERE runs.id = ? AND turn <= turns_completed "
                    "ORDER BY turn DESC LIMIT 1"));
  row->bind_all(id);
  LAB_TRY(const bool found, row->step());
  if (!found)
    return fail(Errc::not_found, "no run " + id);
  RunState state;
  state.status = row->text(0);
  state.reason = row->text(1);
  state.turns_completed = static_cast<std::int32_t>(row->integer(2));
  state.world = row->text(3);
  const auto turn = row->integer(4);
  row->reset();
  LAB_CHECKED(add_goals(id, turn, state));
  LAB_CHECKED(add_events(id, turn, state));
  LAB_CHECKED(add_counts(id, turn, state));
  return state;
}

Result<void> Tables::add_goals(const std::string& id, std::int64_t turn,
                               RunState& state) {
  LAB_TRY(auto* row,
          statement("SELECT actor, long_term_goals, short_term_priorities "
                    "FROM decisions WHERE run = ? AND turn = ? "
                    "ORDER BY position"));
  row->bind_all(id, turn);
  for (;;) {
    LAB_TRY(const bool found, row->step());
    if (!found)
      return {};
    RunState::Goals goals;
    goals.participant = row->text(0);
    LAB_TRY(goals.long_term, list_from(row->text(1)));
    LAB_TRY(goals.short_term, list_from(row->text(2)));
    if (!goals.long_term.empty() || !goals.short_term.empty())
      state.goals.push_back(std::move(goals));
  }
}

Result<void> Tables::add_events(const std::string& id, std::int64_t turn,
                                RunState& state) {
  LAB_TRY(auto* row,
          statement("SELECT turn, name, type FROM exogenous_events "
                    "WHERE run = ? AND turn <= ? ORDER BY turn, position"));
  row->bind_all(id, turn);
  for (;;) {
    LAB_TRY(const bool found, row->step());
    if (!found)
      return {};
    state.events.push_back({static_cast<std::int32_t>(row->integer(0)),
                            std::string{row->text(1)},
                            std::string{row->text(2)}});
  }
}

Result<void> Tables::add_counts(const std::string& id, std::int64_t turn,
                                RunState& state) {
  LAB_TRY(auto* row,
          statement("SELECT "
                    "(SELECT COUNT(*) FROM talks WHERE run = ?1 AND turn <= ?2 "
                    "AND target <> ''), "
                    "(SELECT COUNT(*) FROM talks WHERE run = ?1 AND turn <= ?2 "
                    "AND answer <> ''), "
                    "(SELECT COUNT(*) FROM coalitions WHERE run = ?1 "
                    "AND turn <= ?2 AND members <> '[]'), "
                    "(SELECT COUNT(*) FROM coalitions WHERE run = ?1 "
                    "AND turn <= ?2 AND formed), "
                    "(SELECT COUNT(*) FROM validations WHERE run = ?1 "
                    "AND turn <= ?2 AND verdict = 'passed'), "
                    "(SELECT COUNT(*) FROM validations WHERE run = ?1 "
                    "AND turn <= ?2 AND verdict = 'failed'), "
                    "(SELECT COUNT(*) FROM validations WHERE run = ?1 "
                    "AND turn <= ?2 AND verdict = 'missing')"));
  row->bind_all(id, turn);
  LAB_TRY([[maybe_unused]] const bool found, row->step());
  state.counts = {row->integer(0), row->integer(1), row->integer(2),
                  row->integer(3), row->integer(4), row->integer(5),
                  row->integer(6)};
  row->reset();
  return {};
}

Result<std::vector<TurnMetrics>> Tables::metrics(RunId wanted) {
  LAB_TRY(auto* row,
          statement("SELECT turn, metric, actor, status, value, text, level "
                    "FROM metrics WHERE run = ?1 AND turn <= (SELECT "
                    "turns_completed FROM runs WHERE id = ?1) "
                    "ORDER BY turn, position"));
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
      enum_from<MetricStatus>(row->text(3)).value_or(MetricStatus::missing),
      {},
      std::string{row->text(5)},
      enum_from<MetricLevel>(row->text(6)).value_or(MetricLevel::normal)};
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

Result<std::vector<UsedCalls>> Tables::inherited_calls(RunId wanted) {
  std::vector<UsedCalls> all;
  auto last_turn = std::numeric_limits<std::int32_t>::max();
  for (auto run_id = wanted; run_id;) {
    LAB_TRY(auto* row, statement("SELECT branch_from, branch_turn FROM runs "
                                 "WHERE id = ?"));
    row->bind_all(to_string(run_id));
    LAB_TRY(const bool found, row->step());
    const auto parent = found ? run_id_from(row->text(0)) : std::nullopt;
    const auto shared = found ? static_cast<std::int32_t>(row->integer(1)) : 0;
    row->reset();
    // A parent pays for what it did not inherit itself.
    if (run_id != wanted) {
      LAB_TRY(const auto calls, used_calls(run_id));
      for (const auto& call : calls)
        if (call.turn > shared && call.turn <= last_turn)
          all.push_back(call);
    }
    last_turn = std::min(last_turn, shared);
    run_id = parent.value_or(RunId{});
  }
  return all;
}

Result<std::vector<TurnChecks>> Tables::checks(RunId wanted) {
  LAB_TRY(auto* row,
          statement("SELECT turn, kind, actor, verdict, severity, issues, "
                    "explanation FROM validations WHERE run = ?1 AND turn <= "
                    "(SELECT turns_completed FROM runs WHERE id = ?1) "
                    "ORDER BY turn, position"));
  row->bind_all(to_string(wanted));
  std::vector<TurnChecks> turns;
  for (;;) {
    LAB_TRY(const bool found, row->step());
    if (!found)
      return turns;
    const auto turn = static_cast<std::int32_t>(row->integer(0));
    if (turns.empty() || turns.back().turn != turn)
      turns.push_back({turn, {}});
    LAB_TRY(auto check, check_at(*row, 1));
    turns.back().checks.push_back(std::move(check));
  }
}

Result<void> Tables::note_artefact_error(RunId owner,
                                         const std::string& error) {
  return run("UPDATE runs SET artefact_error = ? WHERE id = ?", error,
             to_string(owner));
}

} // namespace lab::storage
