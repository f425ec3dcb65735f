#pragma once

#include <string>

#include "runtime/protocol/system.hpp"

namespace lab::actors {

/// What the states of all phases that wait for answers have in common.
struct PhaseShell {
  explicit PhaseShell(PhaseActor::pointer pointer) : self(pointer) {}

  PhaseActor::pointer self;
  /// Who waits for this phase; left only by delivering.
  caf::typed_response_promise<PhaseDone> caller;
};

/// The behaviour around a state's `on_run`. When the run is over, whoever
/// still waits is told so. Comes last: the state is filled in by then.
template <class State>
PhaseActor::behavior_type
phase_behaviour(PhaseActor::stateful_pointer<State> self) {
  harden(self);
  self->set_exit_handler([self](caf::exit_msg& m) {
    auto& caller = self->state.caller;
    if (caller.pending())
      caller.deliver(to_caf({Errc::shutting_down, State::name}));
    self->quit(m.reason);
  });
  return {[self](const RunPhase& m) { return self->state.on_run(m); }};
}

} // namespace lab::actors
