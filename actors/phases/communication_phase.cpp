#include "actors/phases/communication_phase.hpp"

#include <optional>
#include <utility>

#include "actors/phases/participants_check.hpp"
#include "actors/phases/phase_shell.hpp"
#include "actors/phases/talk_round.hpp"
#include "runtime/base/check.hpp"

namespace lab::actors {

namespace {

/// One step per member function, in the order a round goes through them.
struct CommunicationPhaseState : PhaseShell {
  static inline const char* name = "lab.communication-phase";

  using PhaseShell::PhaseShell;

  caf::result<PhaseDone> on_run(const RunPhase& m);
  void start_round();                                           // 1: ask all
  void on_offer(std::size_t initiator, TalkOffered offered);    // 2: ask target
  void on_answer(std::size_t initiator, TalkAnswered answered); // 3: collect
  void on_failed(std::size_t initiator, const caf::error& why); // any
  void finish_when_complete(); // 4: the next round, or the end

  std::vector<std::string> ids;               // in scenario order
  std::vector<ParticipantActor> participants; // in scenario order
  std::int32_t rounds = 0;

  std::int32_t round_number = 0;
  std::optional<TalkRound> round;
  Shared<TurnState> before; // this round
  ModelTime time;           // of the rounds before
};

caf::result<PhaseDone> CommunicationPhaseState::on_run(const RunPhase& m) {
  LAB_CHECK(!caller.pending(), "turn=" + std::to_string(m.state->current.turn));
  if (rounds == 0)
    return PhaseDone{m.state, {}};
  before = m.state;
  round_number = 0;
  time = {};
  caller = self->make_response_promise<PhaseDone>();
  start_round();
  return caller;
}

void CommunicationPhaseState::start_round() {
  round.emplace(ids);
  for (std::size_t i = 0; i < participants.size(); ++i)
    self
      ->request(participants[i], caf::infinite, OfferTalk{before, round_number})
      .then(
        [this, i](TalkOffered& offered) { on_offer(i, std::move(offered)); },
        [this, i](caf::error& why) { on_failed(i, why); });
}

void CommunicationPhaseState::on_offer(std::size_t initiator,
                                       TalkOffered offered) {
  const auto target = round->take_offer(initiator, std::move(offered));
  if (!target)
    return finish_when_complete();
  self
    ->request(participants[*target], caf::infinite,
              AnswerTalk{before, round->talk(initiator), round_number})
    .then(
      [this, initiator](TalkAnswered& answered) {
        on_answer(initiator, std::move(answered));
      },
      [this, initiator](caf::error& why) { on_failed(initiator, why); });
}

void CommunicationPhaseState::on_answer(std::size_t initiator,
                                        TalkAnswered answered) {
  round->take_answer(initiator, std::move(answered));
  finish_when_complete();
}

void CommunicationPhaseState::on_failed(std::size_t initiator,
                                        const caf::error& why) {
  round->take_failure(initiator, from_caf(why));
  finish_when_complete();
}

void CommunicationPhaseState::finish_when_complete() {
  if (!round->complete())
    return;
  if (const auto* error = round->error()) {
    caller.deliver(to_caf(*error));
    return;
  }
  TurnState after = *before;
  round->add_to(after.current);
  const auto spent = round->time();
  time.critical_us += spent.critical_us;
  time.total_us += spent.total_us;
  before = share(std::move(after));
  if (++round_number < rounds)
    return start_round();
  caller.deliver(PhaseDone{before, time});
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<CommunicationPhaseState> self,
          const Shared<RunSpec>& spec,
          std::vector<ParticipantActor> participants) {
  auto& state = self->state;
  state.ids = ids_of(*spec->scenario);
  state.participants = std::move(participants);
  state.rounds = spec->scenario->talks_per_turn;
  return phase_behaviour(self);
}

Result<void> check(const ScenarioSpec& scenario) {
  return check_participants(scenario, "communication", 2);
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.spec(),
                                         parts.participants());
}

} // namespace

PhaseKind communication_phase() { return {"communication", check, spawn}; }

} // namespace lab::actors
