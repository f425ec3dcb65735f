#include "actors/phases/world_update_phase.hpp"

#include <optional>
#include <utility>

#include "actors/inquiry.hpp"
#include "actors/parse/reply_parsers.hpp"
#include "actors/phases/phase_shell.hpp"
#include "actors/prompts/prompts.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "runtime/base/check.hpp"

namespace lab::actors {

namespace {

/// One step per member function, in the order a turn goes through them.
struct WorldUpdateState : PhaseShell {
  static inline const char* name = "lab.world-update-phase";

  using PhaseShell::PhaseShell;

  caf::result<PhaseDone> on_run(const RunPhase& m); // 1: build the prompt
  void ask();                                       // 2: issue the call
  void on_answer(const CallAnswer& answer);         // 3: read the reply
  void on_failed(caf::error why);                   // any: answer

  Question question_for(const TurnState& state, const Place& place) const;

  Shared<RunSpec> spec;
  GatewayActor gateway;
  std::optional<SimBriefs> briefs; // simulated models only
  Shared<TurnState> before;
  std::optional<Inquiry<WorldUpdate>> inquiry;
};

caf::result<PhaseDone> WorldUpdateState::on_run(const RunPhase& m) {
  LAB_CHECK(!caller.pending(), "turn=" + std::to_string(m.state->current.turn));
  before = m.state;
  const Place place{before->current.turn, "world_update", {}, 0};
  inquiry.emplace(spec, place, question_for(*before, place), parse_world);
  caller = self->make_response_promise<PhaseDone>();
  ask();
  return caller;
}

Question WorldUpdateState::question_for(const TurnState& state,
                                        const Place& place) const {
  const auto view = world_view_of(*spec->scenario, state);
  Question question;
  question.model = spec->scenario->world_state_model;
  question.messages = world_messages(view);
  if (!view.v1_prompts) {
    question.schema_name = "world_update";
    question.schema = world_schema();
  }
  if (briefs)
    question.brief = briefs->for_world(state, place);
  return question;
}

void WorldUpdateState::ask() {
  self->request(gateway, caf::infinite, inquiry->call())
    .then([this](const CallAnswer& answer) { on_answer(answer); },
          [this](caf::error& why) { on_failed(std::move(why)); });
}

void WorldUpdateState::on_answer(const CallAnswer& answer) {
  inquiry->take(answer);
  const auto& result = inquiry->result();
  if (!result)
    return ask();
  if (!*result)
    return on_failed(to_caf(result->error()));
  TurnState after = *before;
  const auto& update = **result;
  after.current.world = update.state;
  after.current.key_changes = update.key_changes;
  after.current.consequences = update.consequences;
  after.current.world_raw = update.raw;
  caller.deliver(PhaseDone{share(std::move(after)), inquiry->time()});
}

void WorldUpdateState::on_failed(caf::error why) {
  caller.deliver(std::move(why));
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<WorldUpdateState> self,
          Shared<RunSpec> spec, GatewayActor gateway) {
  auto& state = self->state;
  if (provider_of(spec->scenario->world_state_model) == "sim")
    state.briefs.emplace(spec->scenario);
  state.spec = std::move(spec);
  state.gateway = std::move(gateway);
  return phase_behaviour(self);
}

Result<void> check(const ScenarioSpec& scenario) {
  if (scenario.world_state_model.empty())
    return fail(Errc::invalid_input,
                "phase world_update: the scenario has no world_state_model");
  return {};
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.spec(),
                                         parts.gateway());
}

} // namespace

PhaseKind world_update_phase() { return {"world_update", check, spawn}; }

} // namespace lab::actors
