#include "actors/phases/validation_phase.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "actors/phases/phase_shell.hpp"
#include "actors/phases/question_round.hpp"
#include "actors/prompts/helper_prompts.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "actors/validation/spread_alarm.hpp"
#include "actors/validation/verdicts.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/log.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::actors {

namespace {

/// One step per member function, in the order a turn goes through them.
struct ValidationState : PhaseShell {
  static inline const char* name = "lab.validation-phase";

  using PhaseShell::PhaseShell;

  caf::result<PhaseDone> on_run(const RunPhase& m); // 1: ask all at once
  void on_complete();                               // 2: read, judge, answer

  void ask(const CheckJob& job);
  Question question_for(const CheckView& view, const Place& place) const;
  TurnState judged(std::vector<CheckResult> results) const;
  void report(const CheckResult& result, std::int32_t turn) const;
  const ValidationSpec& rules() const { return *spec->scenario->validation; }

  Shared<RunSpec> spec;
  GatewayActor gateway;
  std::optional<SimBriefs> briefs; // simulated models only
  Shared<TurnState> before;
  std::optional<QuestionRound<CheckResult>> round;
};

caf::result<PhaseDone> ValidationState::on_run(const RunPhase& m) {
  LAB_CHECK(!caller.pending(), "turn=" + std::to_string(m.state->current.turn));
  before = m.state;
  round.emplace(self, gateway);
  for (const auto& job : check_jobs(*spec->scenario, *before))
    ask(job);
  if (round->empty())
    return PhaseDone{before, {}};
  caller = self->make_response_promise<PhaseDone>();
  round->start([this] { on_complete(); });
  return caller;
}

void ValidationState::ask(const CheckJob& job) {
  const auto& check = rules().checks[job.check];
  const Place place{before->current.turn, "validation", job.participant,
                    4 * static_cast<std::int32_t>(job.check)};
  const auto view =
    check_view_of(*spec->scenario, *before, check, job.participant);
  const auto read = [check, job](const Reply& reply) -> Result<CheckResult> {
    LAB_TRY(const auto said, parse_check(reply));
    return result_of(check, job, said);
  };
  const auto otherwise = [check, job](const Reply& last,
                                      const Error& why) -> Result<CheckResult> {
    return without_verdict(check, job, last, why);
  };
  round->add({spec, place, question_for(view, place), read}, otherwise);
}

Question ValidationState::question_for(const CheckView& view,
                                       const Place& place) const {
  Question question;
  question.model = rules().model;
  question.messages = check_messages(view);
  if (!view.v1_prompts) {
    question.schema_name = "check";
    question.schema = check_schema();
  }
  if (briefs)
    question.brief = briefs->for_check(view, place);
  return question;
}

void ValidationState::on_complete() {
  auto results = round->values();
  if (!results) {
    caller.deliver(to_caf(results.error()));
    return;
  }
  caller.deliver(PhaseDone{share(judged(std::move(*results))), round->time()});
}

TurnState ValidationState::judged(std::vector<CheckResult> results) const {
  TurnState after = *before;
  auto& turn = after.current;
  turn.checks = std::move(results);
  add_spread(turn.checks, spreads_in(turn));
  for (const auto& result : turn.checks)
    report(result, turn.turn);
  if (turn.halt.empty())
    turn.halt = halt_reason(rules(), after);
  return after;
}

/// Names and numbers alone: what a judge wrote stays out of the log.
void ValidationState::report(const CheckResult& result,
                             std::int32_t turn) const {
  if (result.verdict == CheckVerdict::passed)
    return;
  const bool missing = result.verdict == CheckVerdict::missing;
  const bool loud = missing || action_for(rules(), result) != IssueAction::log;
  log(loud ? LogLevel::warning : LogLevel::info,
      missing ? "check-without-verdict" : "check-failed",
      {{"run", to_string(spec->id)},
       {"turn", std::to_string(turn)},
       {"check", std::string{check_name(result.kind)}},
       {"participant", result.participant},
       {"severity", std::string{severity_name(result.severity)}}});
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<ValidationState> self,
          Shared<RunSpec> spec, GatewayActor gateway) {
  auto& state = self->state;
  if (provider_of(spec->scenario->validation->model) == "sim")
    state.briefs.emplace(spec->scenario);
  state.spec = std::move(spec);
  state.gateway = std::move(gateway);
  return phase_behaviour(self);
}

Result<void> check(const ScenarioSpec& scenario) {
  const auto refuse = [](const std::string& why) {
    return fail(Errc::invalid_input, "phase validation: " + why);
  };
  if (!scenario.validation || scenario.validation->checks.empty())
    return refuse("the scenario has no checks");
  if (scenario.validation->model.empty())
    return refuse("the scenario has no validation_model");
  const auto& phases = scenario.phases;
  const auto own = std::find(phases.begin(), phases.end(), "validation");
  const auto metrics = std::find(phases.begin(), phases.end(), "metrics");
  if (!scenario.validation->every_turn && !scenario.end_condition.empty()
      && metrics != phases.end() && own < metrics)
    return refuse("checks at the end alone, of a scenario that a condition "
                  "ends, have to come after phase metrics");
  for (const auto& one : scenario.validation->checks) {
    const std::string judged =
      one.kind == CheckKind::world_coherence ? "world_update" : "decision";
    if (std::find(phases.begin(), own, judged) == own)
      return refuse("check " + std::string{check_name(one.kind)}
                    + " judges what phase " + judged
                    + " brings, which has to come before it");
  }
  return {};
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.spec(),
                                         parts.gateway());
}

} // namespace

PhaseKind validation_phase() { return {"validation", check, spawn}; }

} // namespace lab::actors
