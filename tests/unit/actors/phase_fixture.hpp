#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "actors/phase_factory.hpp"
#include "tests/support/lab_test.hpp"
#include "tests/unit/actors/mock_gateway.hpp"

namespace lab::testing {

/// The state at the beginning of turn 1.
inline TurnState first_turn() {
  TurnRecord start;
  start.world = "Quiet.";
  TurnState state;
  state.history = {share(start)};
  state.current.turn = 1;
  return state;
}

/// Stands for RUN: makes the phases in its behaviour, as RUN does, and keeps
/// what the factory said.
struct Made {
  std::vector<NamedPhase> phases;
  Error error;
  caf::error exit;
};

inline caf::behavior run_stand_in(caf::event_based_actor* self,
                                  const PhaseFactory& factory,
                                  const Shared<RunSpec>& spec,
                                  std::shared_ptr<Made> made) {
  self->set_exit_handler([self, made](caf::exit_msg& m) {
    made->exit = m.reason;
    made->phases.clear();
    self->quit(m.reason);
  });
  auto phases = factory(self, spec);
  if (phases)
    made->phases = std::move(*phases);
  else
    made->error = phases.error();
  return {[](int) {}};
}

class PhaseTest : public LabTest {
protected:
  /// Makes the phases of `scenario`; the phase actors in order.
  void make(const ScenarioSpec& scenario) {
    RunSpec spec;
    spec.id = RunId{7};
    spec.name = "p001.r1";
    spec.seed = 42;
    spec.scenario = share(scenario);
    make(spec);
  }

  void make(const RunSpec& spec) {
    gateway = spawn(mock_gateway, script);
    run_actor = spawn(run_stand_in, actors::make_phase_factory(gateway),
                      share(spec), made);
    run();
  }

  /// What the factory says against a scenario; empty: nothing.
  std::string refusal_of(const ScenarioSpec& scenario) {
    made = std::make_shared<Made>();
    make(scenario);
    return made->error.context;
  }

  const PhaseActor& phase(const std::string& name) const {
    for (const auto& one : made->phases)
      if (one.name == name)
        return one.actor;
    throw std::runtime_error("no phase " + name);
  }

  Result<PhaseDone> play(const std::string& name, const TurnState& state) {
    return ask<PhaseDone>(phase(name), RunPhase{share(state)});
  }

  Answer<PhaseDone> play_later(const std::string& name,
                               const TurnState& state) {
    auto answer = ask_later<PhaseDone>(phase(name), RunPhase{share(state)});
    run();
    return answer;
  }

  /// Lets a held call be answered.
  void release(const std::string& place) { tell(gateway, place); }

  void TearDown() override {
    LabTest::TearDown();
    EXPECT_TRUE(script->held.empty());
  }

  std::shared_ptr<GatewayScript> script = std::make_shared<GatewayScript>();
  std::shared_ptr<Made> made = std::make_shared<Made>();
  MockGateway gateway;
  caf::actor run_actor;
};

} // namespace lab::testing
