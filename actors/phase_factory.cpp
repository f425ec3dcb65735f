#include "actors/phase_factory.hpp"

#include <algorithm>
#include <utility>

#include "actors/participants/participant.hpp"
#include "actors/phases/coalition_phase.hpp"
#include "actors/phases/communication_phase.hpp"
#include "actors/phases/decision_phase.hpp"
#include "actors/phases/events_phase.hpp"
#include "actors/phases/metrics_phase.hpp"
#include "actors/phases/summary_phase.hpp"
#include "actors/phases/validation_phase.hpp"
#include "actors/phases/world_update_phase.hpp"

namespace lab::actors {

namespace {

const std::vector<PhaseKind>& phase_kinds() {
  static const std::vector<PhaseKind> kinds{
    events_phase(),    summary_phase(),    communication_phase(),
    coalition_phase(), decision_phase(),   world_update_phase(),
    metrics_phase(),   validation_phase(),
  };
  return kinds;
}

/// Durability at the end of a turn: RUN's own step, whether named or not.
constexpr std::string_view persistence = "persistence";

const PhaseKind* kind_named(std::string_view name) {
  const auto& kinds = phase_kinds();
  const auto found =
    std::find_if(kinds.begin(), kinds.end(),
                 [&](const auto& kind) { return kind.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

std::string known_names() {
  std::string names;
  for (const auto& kind : phase_kinds())
    names += std::string{kind.name} + ", ";
  return names + std::string{persistence};
}

/// The kinds of a scenario's phases, in order.
Result<std::vector<const PhaseKind*>> kinds_of(const ScenarioSpec& scenario) {
  auto names = scenario.phases;
  if (!names.empty() && names.back() == persistence)
    names.pop_back();
  std::vector<const PhaseKind*> kinds;
  for (const auto& name : names) {
    if (name == persistence)
      return fail(Errc::invalid_input,
                  "phase persistence can only be the last of a turn");
    const auto* kind = kind_named(name);
    if (kind == nullptr)
      return fail(Errc::invalid_input,
                  "unknown phase '" + name + "'; known are " + known_names());
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end())
      return fail(Errc::invalid_input, "phase " + name + " is named twice");
    LAB_CHECKED(kind->check(scenario));
    kinds.push_back(kind);
  }
  if (kinds.empty())
    return fail(Errc::invalid_input, "the scenario names no phases");
  return kinds;
}

} // namespace

const std::vector<ParticipantActor>& PhaseParts::participants() {
  if (participants_.empty())
    for (const auto& participant : spec_->scenario->participants)
      participants_.push_back(
        spawn_participant(run_, spec_, participant.id, gateway_));
  return participants_;
}

PhaseFactory make_phase_factory(GatewayActor gateway) {
  return [gateway = std::move(gateway)](
           caf::scheduled_actor* run,
           const Shared<RunSpec>& spec) -> Result<std::vector<NamedPhase>> {
    LAB_TRY(const auto kinds, kinds_of(*spec->scenario));
    PhaseParts parts{run, spec, gateway};
    std::vector<NamedPhase> phases;
    for (const auto* kind : kinds)
      phases.push_back({std::string{kind->name}, kind->spawn(parts)});
    return phases;
  };
}

} // namespace lab::actors
