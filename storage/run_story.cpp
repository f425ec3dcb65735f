#include "storage/run_story.hpp"

#include <utility>

#include "runtime/model/names.hpp"
#include "storage/json_columns.hpp"

namespace lab::storage {

namespace {

using sqlite::Database;
using sqlite::Statement;

std::string text_at(const Statement& row, int column) {
  return std::string{row.text(column)};
}

/// Reads the turns of one run; `add_*` fills every turn with the rows of one
/// table, which come in the order of turns.
class Story {
public:
  Story(Database& database, const std::string& run)
    : database_(database), run_(run) {}

  Result<std::vector<TurnRecord>> read() {
    LAB_CHECKED(add_worlds());
    LAB_CHECKED(add_decisions());
    LAB_CHECKED(add_messages());
    LAB_CHECKED(add_talks());
    LAB_CHECKED(add_coalitions());
    LAB_CHECKED(add_answers());
    LAB_CHECKED(add_events());
    LAB_CHECKED(add_metrics());
    LAB_CHECKED(add_checks());
    return std::move(turns_);
  }

private:
  /// Calls `take(row, turn)` for each row of the query, whose first column is
  /// the turn.
  template <class Take>
  Result<void> each(const char* columns, const char* rest, Take take) {
    LAB_TRY(auto rows, database_.prepare(std::string{"SELECT turn, "} + columns
                                         + " FROM " + rest));
    rows.bind_all(run_);
    std::size_t at = 0;
    for (;;) {
      LAB_TRY(const bool found, rows.step());
      if (!found)
        return {};
      const auto turn = rows.integer(0);
      while (at < turns_.size() && turns_[at].turn < turn)
        ++at;
      if (at == turns_.size() || turns_[at].turn != turn)
        return fail(Errc::journal_corrupt, "turn " + std::to_string(turn)
                                             + " of " + run_
                                             + " has rows but no world");
      LAB_CHECKED(take(std::as_const(rows), turns_[at]));
    }
  }

  Result<void> add_worlds();
  Result<void> add_decisions();
  Result<void> add_messages();
  Result<void> add_talks();
  Result<void> add_coalitions();
  Result<void> add_answers();
  Result<void> add_events();
  Result<void> add_metrics();
  Result<void> add_checks();

  Database& database_;
  const std::string& run_;
  std::vector<TurnRecord> turns_;
};

Result<void> Story::add_worlds() {
  LAB_TRY(auto rows,
          database_.prepare("SELECT turn, world, key_changes, consequences, "
                            "summary, halt FROM turns WHERE run = ? "
                            "ORDER BY turn"));
  rows.bind_all(run_);
  for (;;) {
    LAB_TRY(const bool found, rows.step());
    if (!found)
      return {};
    auto& turn = turns_.emplace_back();
    turn.turn = static_cast<std::int32_t>(rows.integer(0));
    turn.world = text_at(rows, 1);
    LAB_TRY(turn.key_changes, list_from(rows.text(2)));
    LAB_TRY(turn.consequences, list_from(rows.text(3)));
    turn.summary = text_at(rows, 4);
    turn.halt = text_at(rows, 5);
  }
}

Result<void> Story::add_decisions() {
  return each("actor, long_term_goals, short_term_priorities, reasoning, "
              "action, repaired, decided_by, timed_out",
              "decisions WHERE run = ? ORDER BY turn, position",
              [](const Statement& row, TurnRecord& turn) -> Result<void> {
                Decision x;
                x.participant = text_at(row, 1);
                LAB_TRY(x.long_term_goals, list_from(row.text(2)));
                LAB_TRY(x.short_term_priorities, list_from(row.text(3)));
                x.reasoning = text_at(row, 4);
                x.action = text_at(row, 5);
                x.repaired = row.integer(6) != 0;
                x.by = enum_from<Control>(row.text(7)).value_or(Control::ai);
                x.timed_out = row.integer(8) != 0;
                turn.decisions.push_back(std::move(x));
                return {};
              });
}

Result<void> Story::add_messages() {
  return each("channel, sender, recipients, text",
              "communications WHERE run = ? ORDER BY turn, position",
              [](const Statement& row, TurnRecord& turn) -> Result<void> {
                LAB_TRY(auto recipients, list_from(row.text(3)));
                turn.messages.push_back({text_at(row, 1), text_at(row, 2),
                                         std::move(recipients),
                                         text_at(row, 4)});
                return {};
              });
}

Result<void> Story::add_talks() {
  return each("initiator, target, message, reasoning, answer, notes",
              "talks WHERE run = ? ORDER BY turn, position",
              [](const Statement& row, TurnRecord& turn) -> Result<void> {
                Talk x;
                x.initiator = text_at(row, 1);
                x.target = text_at(row, 2);
                x.message = text_at(row, 3);
                x.reasoning = text_at(row, 4);
                x.answer = text_at(row, 5);
                x.notes = text_at(row, 6);
                turn.talks.push_back(std::move(x));
                return {};
              });
}

Result<void> Story::add_coalitions() {
  return each("proposer, members, purpose, reasoning, formed, repeated",
              "coalitions WHERE run = ? ORDER BY turn, position",
              [](const Statement& row, TurnRecord& turn) -> Result<void> {
                CoalitionProposal x;
                x.proposer = text_at(row, 1);
                LAB_TRY(x.members, list_from(row.text(2)));
                x.purpose = text_at(row, 3);
                x.reasoning = text_at(row, 4);
                x.formed = row.integer(5) != 0;
                x.repeated = row.integer(6) != 0;
                turn.coalitions.push_back(std::move(x));
                return {};
              });
}

Result<void> Story::add_answers() {
  return each("coalition, actor, accepted, response, notes",
              "coalition_answers WHERE run = ? "
              "ORDER BY turn, coalition, position",
              [](const Statement& row, TurnRecord& turn) -> Result<void> {
                const auto at = static_cast<std::size_t>(row.integer(1));
                if (at >= turn.coalitions.size())
                  return fail(Errc::journal_corrupt,
                              "an answer to a coalition that is not there");
                CoalitionAnswer x;
                x.participant = text_at(row, 2);
                x.accepted = row.integer(3) != 0;
                x.response = text_at(row, 4);
                x.notes = text_at(row, 5);
                turn.coalitions[at].answers.push_back(std::move(x));
                return {};
              });
}

Result<void> Story::add_events() {
  return each(
    "name, type, description",
    "exogenous_events WHERE run = ? ORDER BY turn, position",
    [](const Statement& row, TurnRecord& turn) -> Result<void> {
      turn.events.push_back(
        {text_at(row, 1), text_at(row, 3),
         enum_from<EventType>(row.text(2)).value_or(EventType::scheduled)});
      return {};
    });
}

Result<void> Story::add_metrics() {
  return each(
    "metric, actor, status, value, text, level",
    "metrics WHERE run = ? ORDER BY turn, position",
    [](const Statement& row, TurnRecord& turn) -> Result<void> {
      MetricValue x;
      x.metric = text_at(row, 1);
      x.participant = text_at(row, 2);
      x.status =
        enum_from<MetricStatus>(row.text(3)).value_or(MetricStatus::missing);
      if (!row.is_null(4))
        x.number = row.real(4);
      x.text = text_at(row, 5);
      x.level =
        enum_from<MetricLevel>(row.text(6)).value_or(MetricLevel::normal);
      turn.metrics.push_back(std::move(x));
      return {};
    });
}

Result<void> Story::add_checks() {
  return each("kind, actor, verdict, severity, issues, explanation",
              "validations WHERE run = ? ORDER BY turn, position",
              [](const Statement& row, TurnRecord& turn) -> Result<void> {
                LAB_TRY(auto check, check_at(row, 1));
                turn.checks.push_back(std::move(check));
                return {};
              });
}

} // namespace

Result<std::vector<TurnRecord>> read_turns(Database& database,
                                           const std::string& run) {
  return Story{database, run}.read();
}

Result<CheckResult> check_at(const Statement& row, int column) {
  CheckResult x;
  x.kind =
    enum_from<CheckKind>(row.text(column)).value_or(CheckKind::world_coherence);
  x.participant = text_at(row, column + 1);
  // An unknown word is no pass.
  x.verdict = enum_from<CheckVerdict>(row.text(column + 2))
                .value_or(CheckVerdict::missing);
  x.severity = enum_from<IssueSeverity>(row.text(column + 3))
                 .value_or(IssueSeverity::medium);
  LAB_TRY(x.issues, list_from(row.text(column + 4)));
  x.explanation = text_at(row, column + 5);
  return x;
}

} // namespace lab::storage
