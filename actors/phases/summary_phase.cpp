#include "actors/phases/summary_phase.hpp"

#include <optional>
#include <utility>

#include "actors/parse/helper_replies.hpp"
#include "actors/phases/phase_shell.hpp"
#include "actors/phases/question_round.hpp"
#include "actors/prompts/helper_prompts.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "runtime/base/check.hpp"

namespace lab::actors {

namespace {

/// The world's model, unless the scenario names another.
const std::string& model_of(const ScenarioSpec& scenario) {
  return scenario.summary_model.empty() ? scenario.world_state_model
                                        : scenario.summary_model;
}

/// One step per member function, in the order a turn goes through them.
struct SummaryState : PhaseShell {
  static inline const char* name = "lab.summary-phase";

  using PhaseShell::PhaseShell;

  caf::result<PhaseDone> on_run(const RunPhase& m); // 1: ask, if need be
  void on_complete();                               // 2: answer

  Question question_for(const SummaryView& view, const Place& place) const;

  Shared<RunSpec> spec;
  GatewayActor gateway;
  std::optional<SimBriefs> briefs; // simulated models only
  Shared<TurnState> before;
  std::optional<QuestionRound<SummaryReply>> round;
};

caf::result<PhaseDone> SummaryState::on_run(const RunPhase& m) {
  LAB_CHECK(!caller.pending(), "turn=" + std::to_string(m.state->current.turn));
  before = m.state;
  const auto view = summary_view_of(*spec->scenario, *before);
  if (!view)
    return PhaseDone{before, {}};
  const Place place{before->current.turn, "summary", {}, 0};
  round.emplace(self, gateway);
  round->add(
    {spec, place, question_for(*view, place), parse_summary},
    [](const Reply& last, const Error&) { return summary_from_text(last); });
  caller = self->make_response_promise<PhaseDone>();
  round->start([this] { on_complete(); });
  return caller;
}

Question SummaryState::question_for(const SummaryView& view,
                                    const Place& place) const {
  Question question;
  question.model = model_of(*spec->scenario);
  question.messages = summary_messages(view);
  if (!view.v1_prompts) {
    question.schema_name = "summary";
    question.schema = summary_schema();
  }
  if (briefs)
    question.brief = briefs->for_summary(view, place);
  return question;
}

void SummaryState::on_complete() {
  const auto values = round->values();
  if (!values) {
    caller.deliver(to_caf(values.error()));
    return;
  }
  TurnState after = *before;
  after.current.summary = values->front().summary;
  after.current.summary_raw = values->front().raw;
  caller.deliver(PhaseDone{share(std::move(after)), round->time()});
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<SummaryState> self, Shared<RunSpec> spec,
          GatewayActor gateway) {
  auto& state = self->state;
  if (provider_of(model_of(*spec->scenario)) == "sim")
    state.briefs.emplace(spec->scenario);
  state.spec = std::move(spec);
  state.gateway = std::move(gateway);
  return phase_behaviour(self);
}

Result<void> check(const ScenarioSpec& scenario) {
  if (model_of(scenario).empty())
    return fail(Errc::invalid_input,
                "phase summary: the scenario has neither a summary_model nor a "
                "world_state_model");
  return {};
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.spec(),
                                         parts.gateway());
}

} // namespace

PhaseKind summary_phase() { return {"summary", check, spawn}; }

} // namespace lab::actors
