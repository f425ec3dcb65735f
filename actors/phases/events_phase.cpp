#include "actors/phases/events_phase.hpp"

#include <utility>

#include "actors/calls.hpp"
#include "actors/events/event_draw.hpp"
#include "runtime/base/check.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::actors {

namespace {

struct EventsPhaseState {
  static inline const char* name = "lab.events-phase";

  explicit EventsPhaseState(PhaseActor::pointer pointer) : self(pointer) {}

  PhaseDone on_run(const RunPhase& m) const;

  PhaseActor::pointer self;
  Shared<RunSpec> spec;
  EventDraw events;
};

PhaseDone EventsPhaseState::on_run(const RunPhase& m) const {
  TurnState after = *m.state;
  after.current.events =
    events.draw(*m.state, seed_of_turn(*spec, m.state->current.turn));
  return {share(std::move(after)), {}};
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<EventsPhaseState> self,
          Shared<RunSpec> spec) {
  harden(self);
  self->set_exit_handler([self](caf::exit_msg& m) { self->quit(m.reason); });
  auto events = EventDraw::compile(*spec->scenario);
  LAB_CHECK(events.has_value(), to_string(events.error()));
  self->state.events = std::move(*events);
  self->state.spec = std::move(spec);
  return {[self](const RunPhase& m) { return self->state.on_run(m); }};
}

Result<void> check(const ScenarioSpec& scenario) {
  LAB_TRY(const auto events, EventDraw::compile(scenario));
  static_cast<void>(events);
  return {};
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.spec());
}

} // namespace

PhaseKind events_phase() { return {"events", check, spawn}; }

} // namespace lab::actors
