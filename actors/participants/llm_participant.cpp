#include "actors/participants/llm_participant.hpp"

#include <optional>
#include <utility>

#include "actors/inquiry.hpp"
#include "actors/parse/reply_parsers.hpp"
#include "actors/prompts/prompts.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "runtime/base/check.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::actors {

namespace {

/// One step per member function, in the order a decision goes through them.
struct LlmParticipantState {
  static inline const char* name = "lab.participant";

  explicit LlmParticipantState(ParticipantActor::pointer pointer)
    : self(pointer) {}

  caf::result<DecisionMade> on_decide(const Decide& m); // 1: build the prompt
  void ask();                                           // 2: issue the call
  void on_answer(const CallAnswer& answer);             // 3: read the reply
  void on_failed(caf::error why);                       // any: answer
  void on_exit(const caf::exit_msg& m);                 // the run is over

  Question question_for(const TurnState& state, const Place& place) const;

  ParticipantActor::pointer self;
  Shared<RunSpec> spec;
  std::string id;
  GatewayActor gateway;
  std::optional<SimBriefs> briefs; // simulated models only
  std::optional<Inquiry<Decision>> inquiry;
  /// Who waits for this turn's decision; left only by delivering.
  caf::typed_response_promise<DecisionMade> caller;
};

caf::result<DecisionMade> LlmParticipantState::on_decide(const Decide& m) {
  LAB_CHECK(!caller.pending(), "participant=" + id);
  const Place place{m.state->current.turn, "decision", id, 0};
  inquiry.emplace(spec, place, question_for(*m.state, place), parse_decision);
  caller = self->make_response_promise<DecisionMade>();
  ask();
  return caller;
}

Question LlmParticipantState::question_for(const TurnState& state,
                                           const Place& place) const {
  const auto view = view_of(*spec->scenario, state, id);
  Question question;
  question.model = view.own.model;
  question.messages = decision_messages(view);
  if (!view.v1_prompts) {
    question.schema_name = "decision";
    question.schema = decision_schema();
  }
  if (briefs)
    question.brief = briefs->for_decision(state, place);
  return question;
}

void LlmParticipantState::ask() {
  self->request(gateway, caf::infinite, inquiry->call())
    .then([this](const CallAnswer& answer) { on_answer(answer); },
          [this](caf::error& why) { on_failed(std::move(why)); });
}

void LlmParticipantState::on_answer(const CallAnswer& answer) {
  inquiry->take(answer);
  const auto& result = inquiry->result();
  if (!result)
    return ask();
  if (!*result)
    return on_failed(to_caf(result->error()));
  DecisionMade made{**result, inquiry->time()};
  made.decision.participant = id;
  made.decision.repaired = inquiry->repaired();
  caller.deliver(std::move(made));
}

void LlmParticipantState::on_failed(caf::error why) {
  caller.deliver(std::move(why));
}

void LlmParticipantState::on_exit(const caf::exit_msg& m) {
  if (caller.pending())
    caller.deliver(to_caf({Errc::shutting_down, "participant " + id}));
  self->quit(m.reason);
}

ParticipantActor::behavior_type
llm_participant(ParticipantActor::stateful_pointer<LlmParticipantState> self,
                Shared<RunSpec> spec, std::string id, GatewayActor gateway) {
  harden(self);
  self->set_exit_handler([self](caf::exit_msg& m) { self->state.on_exit(m); });
  auto& state = self->state;
  const auto* own = spec->scenario->participant(id);
  LAB_CHECK(own != nullptr, "participant=" + id);
  if (provider_of(own->model) == "sim")
    state.briefs.emplace(spec->scenario);
  state.spec = std::move(spec);
  state.id = std::move(id);
  state.gateway = std::move(gateway);
  return {[self](const Decide& m) { return self->state.on_decide(m); }};
}

} // namespace

ParticipantActor spawn_llm_participant(caf::scheduled_actor* run,
                                       Shared<RunSpec> spec, std::string id,
                                       GatewayActor gateway) {
  return run->spawn<caf::linked>(llm_participant, std::move(spec),
                                 std::move(id), std::move(gateway));
}

} // namespace lab::actors
