#include "actors/phases/coalition_phase.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "actors/phases/coalition_course.hpp"
#include "actors/phases/participants_check.hpp"
#include "actors/phases/phase_shell.hpp"
#include "runtime/base/check.hpp"

namespace lab::actors {

namespace {

/// One step per member function, in the order a turn goes through them.
struct CoalitionPhaseState : PhaseShell {
  static inline const char* name = "lab.coalition-phase";

  using PhaseShell::PhaseShell;

  caf::result<PhaseDone> on_run(const RunPhase& m); // 1: ask for proposals
  void on_proposal(std::size_t who, CoalitionProposed one); // 2: collect
  void on_refused(std::size_t who, const caf::error& why);  // 2': one failed
  void start_when_all_proposed();                           // 3: ask members
  void on_answer(std::size_t course, std::size_t member,
                 CoalitionAnswered answered);               // 4: count
  void speak(std::size_t course);                           // 5: next word
  void on_word(std::size_t course, CoalitionSpoken spoken); // 6: keep it
  void on_failed(std::size_t course, std::size_t member,
                 const caf::error& why); // 4', 6'
  void finish_when_ended();              // 7: answer

  const ParticipantActor& actor_of(const std::string& id) const;

  std::vector<std::string> ids;               // in scenario order
  std::vector<ParticipantActor> participants; // in scenario order
  Shared<TurnState> before;
  // By place in the scenario: the order of arrival is noise.
  std::map<std::size_t, CoalitionProposed> proposed;
  std::map<std::size_t, Error> failed;
  ModelTime time;                       // of the proposals
  std::vector<CoalitionCourse> courses; // by proposer, all of them
};

caf::result<PhaseDone> CoalitionPhaseState::on_run(const RunPhase& m) {
  LAB_CHECK(!caller.pending(), "turn=" + std::to_string(m.state->current.turn));
  before = m.state;
  proposed.clear();
  failed.clear();
  courses.clear();
  time = {};
  caller = self->make_response_promise<PhaseDone>();
  for (std::size_t i = 0; i < participants.size(); ++i)
    self->request(participants[i], caf::infinite, ProposeCoalition{before})
      .then(
        [this, i](CoalitionProposed& one) { on_proposal(i, std::move(one)); },
        [this, i](caf::error& why) { on_refused(i, why); });
  return caller;
}

void CoalitionPhaseState::on_proposal(std::size_t who, CoalitionProposed one) {
  time.critical_us = std::max(time.critical_us, one.time.critical_us);
  time.total_us += one.time.total_us;
  proposed.emplace(who, std::move(one));
  start_when_all_proposed();
}

void CoalitionPhaseState::on_refused(std::size_t who, const caf::error& why) {
  failed.emplace(who, from_caf(why));
  start_when_all_proposed();
}

void CoalitionPhaseState::start_when_all_proposed() {
  if (proposed.size() + failed.size() < participants.size())
    return;
  if (!failed.empty()) {
    caller.deliver(to_caf(failed.begin()->second));
    return;
  }
  std::set<std::vector<std::string>> seen;
  for (auto& [who, one] : proposed) {
    auto& course = courses.emplace_back(std::move(one.proposal));
    if (course.asks() && !seen.insert(course.member_set()).second)
      course.skip_as_repeated();
  }
  for (std::size_t k = 0; k < courses.size(); ++k) {
    if (!courses[k].asks())
      continue;
    const auto& proposal = courses[k].proposal();
    for (std::size_t j = 0; j < proposal.members.size(); ++j)
      self
        ->request(
          actor_of(proposal.members[j]), caf::infinite,
          AnswerCoalition{before, proposal, static_cast<std::int32_t>(k)})
        .then(
          [this, k, j](CoalitionAnswered& answered) {
            on_answer(k, j, std::move(answered));
          },
          [this, k, j](caf::error& why) { on_failed(k, j, why); });
  }
  finish_when_ended();
}

void CoalitionPhaseState::on_answer(std::size_t course, std::size_t member,
                                    CoalitionAnswered answered) {
  courses[course].take_answer(member, std::move(answered));
  if (courses[course].all_answered())
    speak(course);
}

void CoalitionPhaseState::speak(std::size_t course) {
  const auto& one = courses[course];
  const auto speaker = one.next_speaker();
  if (!speaker)
    return finish_when_ended();
  self
    ->request(actor_of(*speaker), caf::infinite,
              SpeakInCoalition{before, one.proposal(), one.said(),
                               static_cast<std::int32_t>(course)})
    .then([this, course](
            CoalitionSpoken& spoken) { on_word(course, std::move(spoken)); },
          [this, course](caf::error& why) { on_failed(course, 0, why); });
}

void CoalitionPhaseState::on_word(std::size_t course, CoalitionSpoken spoken) {
  courses[course].take_word(std::move(spoken));
  speak(course);
}

void CoalitionPhaseState::on_failed(std::size_t course, std::size_t member,
                                    const caf::error& why) {
  courses[course].take_failure(member, from_caf(why));
  finish_when_ended();
}

void CoalitionPhaseState::finish_when_ended() {
  if (!std::ranges::all_of(courses, &CoalitionCourse::ended))
    return;
  TurnState after = *before;
  ModelTime spent;
  for (const auto& course : courses) {
    if (const auto* error = course.error()) {
      caller.deliver(to_caf(*error));
      return;
    }
    course.add_to(after.current);
    const auto own = course.time();
    spent.critical_us = std::max(spent.critical_us, own.critical_us);
    spent.total_us += own.total_us;
  }
  time.critical_us += spent.critical_us;
  time.total_us += spent.total_us;
  caller.deliver(PhaseDone{share(std::move(after)), time});
}

const ParticipantActor&
CoalitionPhaseState::actor_of(const std::string& id) const {
  const auto found = std::ranges::find(ids, id);
  LAB_CHECK(found != ids.end(), "participant=" + id);
  return participants[static_cast<std::size_t>(found - ids.begin())];
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<CoalitionPhaseState> self,
          const Shared<RunSpec>& spec,
          std::vector<ParticipantActor> participants) {
  auto& state = self->state;
  state.ids = ids_of(*spec->scenario);
  state.participants = std::move(participants);
  return phase_behaviour(self);
}

Result<void> check(const ScenarioSpec& scenario) {
  return check_participants(scenario, "coalition", 3);
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.spec(),
                                         parts.participants());
}

} // namespace

PhaseKind coalition_phase() { return {"coalition", check, spawn}; }

} // namespace lab::actors
