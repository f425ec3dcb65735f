#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/shared.hpp"

namespace lab {

/// One participant's public move of one turn.
struct Decision {
  std::string participant; // id
  std::vector<std::string> long_term_goals;
  std::vector<std::string> short_term_priorities;
  std::string reasoning; // never shown to others
  std::string action;    // public
  std::string raw;       // the reply as it came
  bool repaired = false; // took the one repair attempt
  /// Who decided: a person's place may have been taken by a model.
  Control by = Control::ai;
  bool timed_out = false; // the person did not answer in time
};

/// How far a metric's number went: past its warning or critical threshold.
enum class MetricLevel : std::uint8_t { normal, warning, critical };

enum class MetricStatus : std::uint8_t {
  value,        // a number (or category) was found
  missing,      // nothing matched
  unparseable,  // something matched, but is no such value
  out_of_range, // a number outside the metric's range; kept, never data
};

struct MetricValue {
  std::string metric;
  std::string participant; // id; empty: of the world
  MetricStatus status = MetricStatus::missing;
  std::optional<double> number; // booleans as 0/1, categories as their index
  std::string text;             // as found
  MetricLevel level = MetricLevel::normal;
  std::string raw{}; // the reply as it came, when a model was asked
};

/// A message between participants; who may read it is `recipients`.
struct Message {
  std::string channel; // "bilateral", "coalition"
  std::string sender;
  std::vector<std::string> recipients;
  std::string text;
  std::string raw{}; // of a word in a coalition: the reply as it came
};

/// What became of one participant's wish for a private talk. What others may
/// read of it stands in `TurnRecord::messages`; the rest is for the record.
struct Talk {
  std::string initiator; // id
  std::string target;    // id; empty: wanted no talk
  std::string message;   // to the target
  std::string reasoning; // the initiator's own
  std::string ask_raw;   // the reply as it came
  std::string answer;    // of the target; empty: none came
  std::string notes;     // the target's own
  std::string answer_raw;
};

struct CoalitionAnswer {
  std::string participant; // id
  bool accepted = false;
  std::string response; // told to the proposer
  std::string notes;    // its own
  std::string raw;
};

/// A coalition that one participant proposed. It stands when all accept.
struct CoalitionProposal {
  std::string proposer;             // id
  std::vector<std::string> members; // ids of the others; empty: proposed none
  std::string purpose;
  std::string reasoning; // the proposer's own
  std::string raw;
  std::vector<CoalitionAnswer> answers; // in the order of `members`
  bool formed = false;
  /// An earlier proposal of this turn named the same members.
  bool repeated = false;
};

struct FiredEvent {
  std::string name;
  std::string description;
  EventType type = EventType::scheduled;
};

enum class CheckVerdict : std::uint8_t {
  passed,
  failed,
  missing, // the reply names none: never taken for a pass
};

struct CheckResult {
  CheckKind kind = CheckKind::world_coherence;
  std::string participant; // id; empty: about the world
  CheckVerdict verdict = CheckVerdict::missing;
  IssueSeverity severity = IssueSeverity::medium;
  std::vector<std::string> issues;
  std::string explanation;
  std::string raw;
};

/// All that happened in one turn; turn 0 holds the initial world alone.
struct TurnRecord {
  std::int32_t turn = 0;
  std::string world; // after the turn
  std::vector<std::string> key_changes;
  std::vector<std::string> consequences;
  std::string world_raw;           // the world reply as it came
  std::vector<Decision> decisions; // in scenario order
  std::vector<Message> messages;
  std::vector<FiredEvent> events;
  std::vector<MetricValue> metrics;
  std::vector<Talk> talks;                   // in scenario order, by rounds
  std::vector<CoalitionProposal> coalitions; // in scenario order
  std::vector<CheckResult> checks;
  /// What happened before the context window, told in short. Public.
  std::string summary;
  /// Why the run shall not go on after this turn; empty: it may.
  std::string halt;
  std::string summary_raw; // the reply as it came
};

/// What a phase is given and what it gives back: the turn being played and
/// every finished one. Immutable: a phase copies `current`, changes the copy
/// and shares it anew; `history` is shared, never copied deeply.
struct TurnState {
  TurnRecord current;
  std::vector<Shared<TurnRecord>> history; // turns 0 .. current.turn - 1

  /// The world the current turn starts from.
  const std::string& world_before() const { return history.back()->world; }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Decision& x) {
  return f(x.participant, x.long_term_goals, x.short_term_priorities,
           x.reasoning, x.action, x.raw, x.repaired, x.by, x.timed_out);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, MetricValue& x) {
  return f(x.metric, x.participant, x.status, x.number, x.text, x.level, x.raw);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Message& x) {
  return f(x.channel, x.sender, x.recipients, x.text, x.raw);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FiredEvent& x) {
  return f(x.name, x.description, x.type);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Talk& x) {
  return f(x.initiator, x.target, x.message, x.reasoning, x.ask_raw, x.answer,
           x.notes, x.answer_raw);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CoalitionAnswer& x) {
  return f(x.participant, x.accepted, x.response, x.notes, x.raw);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CoalitionProposal& x) {
  return f(x.proposer, x.members, x.purpose, x.reasoning, x.raw, x.answers,
           x.formed, x.repeated);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CheckResult& x) {
  return f(x.kind, x.participant, x.verdict, x.severity, x.issues,
           x.explanation, x.raw);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TurnRecord& x) {
  return f(x.turn, x.world, x.key_changes, x.consequences, x.world_raw,
           x.decisions, x.messages, x.events, x.metrics, x.talks, x.coalitions,
           x.checks, x.summary, x.halt, x.summary_raw);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TurnState& x) {
  return f(x.current, x.history);
}

} // namespace lab
