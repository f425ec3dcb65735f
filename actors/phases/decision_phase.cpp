#include "actors/phases/decision_phase.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "actors/phases/participants_check.hpp"
#include "actors/phases/phase_shell.hpp"
#include "runtime/base/check.hpp"

namespace lab::actors {

namespace {

/// One step per member function, in the order a turn goes through them.
struct DecisionPhaseState : PhaseShell {
  static inline const char* name = "lab.decision-phase";

  using PhaseShell::PhaseShell;

  caf::result<PhaseDone> on_run(const RunPhase& m);       // 1: ask everybody
  void on_decision(std::size_t who, DecisionMade made);   // 2: collect
  void on_failed(std::size_t who, const caf::error& why); // 2': one failed
  void finish_when_complete();                            // 3: answer

  std::vector<ParticipantActor> participants; // in scenario order
  Shared<TurnState> before;
  // By place in the scenario: the order of arrival is noise.
  std::map<std::size_t, DecisionMade> made;
  std::map<std::size_t, Error> failed;
};

caf::result<PhaseDone> DecisionPhaseState::on_run(const RunPhase& m) {
  LAB_CHECK(!caller.pending(), "turn=" + std::to_string(m.state->current.turn));
  before = m.state;
  made.clear();
  failed.clear();
  caller = self->make_response_promise<PhaseDone>();
  for (std::size_t i = 0; i < participants.size(); ++i)
    self->request(participants[i], caf::infinite, Decide{before})
      .then([this, i](DecisionMade& one) { on_decision(i, std::move(one)); },
            [this, i](caf::error& why) { on_failed(i, why); });
  return caller;
}

void DecisionPhaseState::on_decision(std::size_t who, DecisionMade decided) {
  made.emplace(who, std::move(decided));
  finish_when_complete();
}

void DecisionPhaseState::on_failed(std::size_t who, const caf::error& why) {
  failed.emplace(who, from_caf(why));
  finish_when_complete();
}

void DecisionPhaseState::finish_when_complete() {
  if (made.size() + failed.size() < participants.size())
    return;
  if (!failed.empty()) {
    caller.deliver(to_caf(failed.begin()->second));
    return;
  }
  TurnState after = *before;
  ModelTime time;
  for (auto& [who, decided] : made) {
    after.current.decisions.push_back(std::move(decided.decision));
    time.critical_us = std::max(time.critical_us, decided.time.critical_us);
    time.total_us += decided.time.total_us;
  }
  caller.deliver(PhaseDone{share(std::move(after)), time});
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<DecisionPhaseState> self,
          std::vector<ParticipantActor> participants) {
  self->state.participants = std::move(participants);
  return phase_behaviour(self);
}

Result<void> check(const ScenarioSpec& scenario) {
  return check_participants(scenario, "decision", 1);
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.participants());
}

} // namespace

PhaseKind decision_phase() { return {"decision", check, spawn}; }

} // namespace lab::actors
