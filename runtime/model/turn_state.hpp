#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
};

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
};

/// A message between participants; who may read it is `recipients`.
struct Message {
  std::string channel; // "bilateral", "coalition"
  std::string sender;
  std::vector<std::string> recipients;
  std::string text;
};

struct FiredEvent {
  std::string name;
  std::string description;
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
           x.reasoning, x.action, x.raw, x.repaired);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, MetricValue& x) {
  return f(x.metric, x.participant, x.status, x.number, x.text);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Message& x) {
  return f(x.channel, x.sender, x.recipients, x.text);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FiredEvent& x) {
  return f(x.name, x.description);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TurnRecord& x) {
  return f(x.turn, x.world, x.key_changes, x.consequences, x.world_raw,
           x.decisions, x.messages, x.events, x.metrics);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TurnState& x) {
  return f(x.current, x.history);
}

} // namespace lab
