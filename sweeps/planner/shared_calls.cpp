#include "sweeps/planner/shared_calls.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "runtime/base/field_hasher.hpp"

namespace lab::sweeps {

namespace {

bool is_simulated(const std::string& model) {
  return model.starts_with("sim/");
}

/// Whether the event can have come by the end of `turn`; of a scheduled one,
/// only the times until then are kept.
bool has_come(EventSpec& event, std::int32_t turn) {
  if (event.type != EventType::scheduled)
    return event.first_turn <= turn;
  std::erase_if(event.turns, [&](std::int32_t at) { return at > turn; });
  return !event.turns.empty();
}

/// What prompts up to the end of `turn` can be made of.
ScenarioSpec until(ScenarioSpec scenario, std::int32_t turn) {
  scenario.content = {};
  scenario.pauses.clear();
  std::erase_if(scenario.events,
                [&](EventSpec& event) { return !has_come(event, turn); });
  // Texts have parameters as words already; simulated models see numbers.
  if (!uses_simulation(scenario))
    scenario.parameters.clear();
  return scenario;
}

/// The same as far as it concerns one participant's decision in turn 1: of
/// others nothing but their names.
ScenarioSpec first_decision(ScenarioSpec scenario, std::size_t participant) {
  scenario = until(std::move(scenario), 1);
  scenario.world_state_model.clear();
  scenario.summary_model.clear();
  scenario.validation.reset();
  scenario.end_condition.clear();
  for (std::size_t i = 0; i < scenario.participants.size(); ++i) {
    auto& other = scenario.participants[i];
    if (i == participant)
      continue;
    ParticipantSpec named;
    named.id = std::move(other.id);
    named.name = std::move(other.name);
    other = std::move(named);
  }
  if (!is_simulated(scenario.participants[participant].model))
    scenario.parameters.clear();
  return scenario;
}

Digest128 hash_of(ScenarioSpec scenario) {
  FieldHasher hasher;
  inspect(hasher, scenario);
  return hasher.finish128();
}

/// Whether decisions are the first questions of the first turn.
bool decides_first(const ScenarioSpec& scenario) {
  for (const auto& phase : scenario.phases) {
    if (phase == "decision")
      return true;
    if ((phase == "communication" && scenario.talks_per_turn > 0)
        || (phase == "coalition" && scenario.coalitions)
        || phase == "world_update" || phase == "metrics"
        || phase == "validation")
      return false;
  }
  return false;
}

/// Turns at whose beginning something new can come, first turn and end alike.
std::vector<std::int32_t> breaks_of(const ScenarioSpec& scenario) {
  std::set<std::int32_t> breaks{1};
  const auto add = [&](std::int32_t turn) {
    if (turn > 1 && turn <= scenario.turns)
      breaks.insert(turn);
  };
  for (const auto& event : scenario.events) {
    if (event.type == EventType::scheduled)
      std::ranges::for_each(event.turns, add);
    else
      add(event.first_turn);
  }
  return {breaks.begin(), breaks.end()};
}

} // namespace

void SharedCalls::add(const ScenarioSpec& scenario, const Estimate& one,
                      std::int64_t runs) {
  if (scenario.turns < 1)
    return;
  const auto a_turn = one.total.calls / scenario.turns;
  const auto decisions = decides_first(scenario)
                           ? std::min(a_turn, std::ssize(scenario.participants))
                           : 0;
  for (std::int64_t i = 0; i < decisions; ++i) {
    const auto index = static_cast<std::size_t>(i);
    if (scenario.participants[index].control == Control::ai)
      add_to({hash_of(first_decision(scenario, index)), -1 - i}, runs, 1);
  }
  const auto breaks = breaks_of(scenario);
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    const auto first = breaks[i];
    const auto last =
      i + 1 < breaks.size() ? breaks[i + 1] - 1 : scenario.turns;
    const auto alike = hash_of(until(scenario, first));
    for (auto turn = first; turn <= last; ++turn)
      add_to({alike, turn}, runs, turn == 1 ? a_turn - decisions : a_turn);
  }
}

void SharedCalls::add_to(const Group& asked_alike, std::int64_t runs,
                         std::int64_t calls) {
  auto& group = groups_[asked_alike];
  group.calls = group.runs == 0 ? calls : std::min(group.calls, calls);
  group.runs += runs;
}

/// In each replicate somebody pays.
std::int64_t SharedCalls::at_least() const {
  std::int64_t shared = 0;
  for (const auto& [asked_alike, group] : groups_)
    shared += std::max<std::int64_t>(group.runs - replicates_, 0) * group.calls;
  return shared;
}

} // namespace lab::sweeps
