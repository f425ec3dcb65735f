#include "actors/events/event_draw.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/seed.hpp"

namespace lab::actors {

namespace {

constexpr double equal_within = 1e-9; // of the larger number

std::string named(const EventSpec& event) {
  return "event '" + event.name + "'";
}

bool in_range(const EventSpec& event, std::int32_t turn) {
  return turn >= event.first_turn
         && (event.last_turn == 0 || turn <= event.last_turn);
}

bool has_fired(const TurnState& state, const std::string& name) {
  return std::any_of(
    state.history.begin(), state.history.end(), [&](const auto& turn) {
      return std::any_of(
        turn->events.begin(), turn->events.end(),
        [&](const FiredEvent& event) { return event.name == name; });
    });
}

bool is_drawn(const EventSpec& event, std::int32_t turn, std::uint64_t seed) {
  if (event.probability >= 1)
    return true;
  return Seed{seed}.child("event").child(turn).child(event.name).unit(0)
         < event.probability;
}

/// What a turn says of a metric: its number, or the mean of its numbers when
/// several participants have one.
std::optional<double> number_in_turn(const TurnRecord& turn,
                                     const std::string& metric) {
  double sum = 0;
  int count = 0;
  for (const auto& value : turn.metrics)
    if (value.metric == metric && value.status == MetricStatus::value
        && value.number) {
      sum += *value.number;
      ++count;
    }
  return count == 0 ? std::nullopt : std::optional{sum / count};
}

std::optional<double> latest_number(const TurnState& state,
                                    const std::string& metric) {
  for (auto turn = state.history.rbegin(); turn != state.history.rend(); ++turn)
    if (const auto number = number_in_turn(**turn, metric))
      return number;
  return std::nullopt;
}

bool stands_in(const Pattern& pattern, const std::string& text) {
  bool found = false;
  // A search that was given up found nothing.
  const auto searched =
    pattern.each_match(text, [&](const Pattern::Groups&) { found = true; });
  return searched && found;
}

Result<void> check_numbers(const EventSpec& event) {
  const auto wrong = [&](const std::string& what) {
    return fail(Errc::invalid_input, named(event) + ": " + what);
  };
  if (!(event.probability >= 0 && event.probability <= 1))
    return wrong("its probability lies outside 0 to 1");
  if (event.every < 1)
    return wrong("a trend comes every 1 or more turns");
  if (event.last_turn != 0 && event.last_turn < event.first_turn)
    return wrong("its last turn " + std::to_string(event.last_turn)
                 + " lies before its first, "
                 + std::to_string(event.first_turn));
  if (event.type == EventType::scheduled && event.turns.empty())
    return wrong("it is scheduled for no turn");
  if (event.type == EventType::conditional && event.conditions.empty())
    return wrong("it is conditional and has no conditions");
  return {};
}

} // namespace

bool compares(double a, Comparison comparison, double b) {
  const bool equal =
    std::abs(a - b) <= equal_within * std::max(std::abs(a), std::abs(b));
  switch (comparison) {
  case Comparison::less:
    return a < b && !equal;
  case Comparison::at_most:
    return a < b || equal;
  case Comparison::equal:
    return equal;
  case Comparison::unequal:
    return !equal;
  case Comparison::at_least:
    return a > b || equal;
  case Comparison::more:
    break;
  }
  return a > b && !equal;
}

Result<EventDraw::Compiled> EventDraw::compile(const EventSpec& event,
                                               const ScenarioSpec& scenario) {
  LAB_CHECKED(check_numbers(event));
  Compiled compiled;
  compiled.spec = event;
  for (const auto& spec : event.conditions) {
    if (spec.metric.empty() && spec.patterns.empty())
      return fail(Errc::invalid_input,
                  named(event) + ": a condition names no metric and no words");
    const bool known =
      spec.metric.empty()
      || std::any_of(scenario.metrics.begin(), scenario.metrics.end(),
                     [&](const auto& one) { return one.name == spec.metric; });
    if (!known)
      return fail(Errc::invalid_input,
                  named(event) + " waits for metric '" + spec.metric
                    + "', which the scenario does not measure");
    Condition condition;
    condition.spec = spec;
    for (const auto& text : spec.patterns) {
      auto pattern = Pattern::compile(text);
      if (!pattern)
        return fail(pattern.error().code,
                    named(event) + ": " + pattern.error().context);
      condition.patterns.push_back(std::move(*pattern));
    }
    compiled.conditions.push_back(std::move(condition));
  }
  return compiled;
}

Result<EventDraw> EventDraw::compile(const ScenarioSpec& scenario) {
  EventDraw draw;
  std::set<std::string> names;
  for (const auto& event : scenario.events) {
    if (event.name.empty())
      return fail(Errc::invalid_input, "an event has no name");
    if (!names.insert(event.name).second)
      return fail(Errc::invalid_input,
                  named(event) + " stands twice; draws go by the name");
    LAB_TRY(auto compiled, compile(event, scenario));
    draw.events_.push_back(std::move(compiled));
  }
  return draw;
}

bool EventDraw::holds(const Condition& condition, const TurnState& state) {
  const auto& spec = condition.spec;
  if (!spec.metric.empty()) {
    const auto number = latest_number(state, spec.metric);
    if (!number || !compares(*number, spec.comparison, spec.value))
      return false;
  }
  return std::all_of(condition.patterns.begin(), condition.patterns.end(),
                     [&](const Pattern& pattern) {
                       return stands_in(pattern, state.world_before());
                     });
}

bool EventDraw::fires(const Compiled& event, const TurnState& state,
                      std::uint64_t seed) {
  const auto& spec = event.spec;
  const auto turn = state.current.turn;
  if (!in_range(spec, turn))
    return false;
  switch (spec.type) {
  case EventType::trend:
    return (turn - spec.first_turn) % spec.every == 0
           && is_drawn(spec, turn, seed);
  case EventType::scheduled:
    return std::find(spec.turns.begin(), spec.turns.end(), turn)
           != spec.turns.end();
  case EventType::random:
    return !(spec.once && has_fired(state, spec.name))
           && is_drawn(spec, turn, seed);
  case EventType::conditional:
    break;
  }
  return !(spec.once && has_fired(state, spec.name))
         && std::all_of(
           event.conditions.begin(), event.conditions.end(),
           [&](const Condition& one) { return holds(one, state); });
}

std::vector<FiredEvent> EventDraw::draw(const TurnState& state,
                                        std::uint64_t seed) const {
  LAB_CHECK(!state.history.empty(),
            "turn=" + std::to_string(state.current.turn));
  std::vector<FiredEvent> fired;
  for (const auto& event : events_)
    if (fires(event, state, seed))
      fired.push_back(
        {event.spec.name, event.spec.description, event.spec.type});
  return fired;
}

} // namespace lab::actors
