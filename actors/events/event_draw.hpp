#pragma once

#include <cstdint>
#include <vector>

#include "actors/metrics/pattern.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::actors {

/// Draws what happens to the world from outside; docs/adr/0070 tells the rules.
///
/// A draw depends on the seed, the turn and the event's name alone, and what
/// fired before is read from the state: resuming, branching and listing the
/// events in another order change nothing. Patterns are compiled once. Not to
/// be shared between threads.
class EventDraw {
public:
  /// @errors invalid_input: a name that is missing or stands twice, a metric
  ///         nobody measures, a pattern that does not compile, a number out of
  ///         its range
  static Result<EventDraw> compile(const ScenarioSpec& scenario);

  /// The events of `state.current`, in scenario order.
  /// @param seed  of the run that first played this turn: a branch hands over
  ///              its parent's for the turns it inherits
  std::vector<FiredEvent> draw(const TurnState& state,
                               std::uint64_t seed) const;

private:
  struct Condition {
    EventCondition spec;
    std::vector<Pattern> patterns;
  };
  struct Compiled {
    EventSpec spec;
    std::vector<Condition> conditions;
  };

  static Result<Compiled> compile(const EventSpec& event,
                                  const ScenarioSpec& scenario);
  static bool fires(const Compiled& event, const TurnState& state,
                    std::uint64_t seed);
  static bool holds(const Condition& condition, const TurnState& state);

  std::vector<Compiled> events_;
};

/// `a` compared with `b`. Numbers that differ by less than a billionth of the
/// larger one are equal: 0.1 + 0.2 is 0.3.
bool compares(double a, Comparison comparison, double b);

} // namespace lab::actors
