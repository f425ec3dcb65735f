#include "actors/phases/metrics_phase.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "actors/metrics/metric_reader.hpp"
#include "actors/metrics/metric_value.hpp"
#include "actors/parse/helper_replies.hpp"
#include "actors/phases/phase_shell.hpp"
#include "actors/phases/question_round.hpp"
#include "actors/prompts/helper_prompts.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "runtime/base/check.hpp"

namespace lab::actors {

namespace {

/// The metric's model, else the world's.
const std::string& model_of(const ScenarioSpec& scenario,
                            const MetricSpec& metric) {
  return metric.model.empty() ? scenario.world_state_model : metric.model;
}

/// One step per member function, in the order a turn goes through them.
struct MetricsPhaseState : PhaseShell {
  static inline const char* name = "lab.metrics-phase";

  using PhaseShell::PhaseShell;

  caf::result<PhaseDone> on_run(const RunPhase& m); // 1: read, ask the rest
  void on_complete();                               // 2: put in, answer

  void ask(const MetricReader::ForModel& one);

  Shared<RunSpec> spec;
  GatewayActor gateway;
  MetricReader reader;
  std::optional<SimBriefs> briefs; // simulated models only
  TurnState after;
  std::vector<MetricReader::ForModel> asked;
  std::optional<QuestionRound<MetricValue>> round;
};

caf::result<PhaseDone> MetricsPhaseState::on_run(const RunPhase& m) {
  LAB_CHECK(!caller.pending(), "turn=" + std::to_string(m.state->current.turn));
  after = *m.state;
  after.current.metrics = reader.read(after.current);
  asked = reader.for_model(after.current);
  if (asked.empty())
    return PhaseDone{share(std::exchange(after, {})), {}};
  round.emplace(self, gateway);
  for (const auto& one : asked)
    ask(one);
  caller = self->make_response_promise<PhaseDone>();
  round->start([this] { on_complete(); });
  return caller;
}

void MetricsPhaseState::ask(const MetricReader::ForModel& one) {
  const auto& scenario = *spec->scenario;
  const auto& metric = scenario.metrics[one.metric];
  const Place place{after.current.turn, "metrics", one.subject,
                    4 * static_cast<std::int32_t>(one.metric)};
  const auto view =
    metric_view_of(scenario, after.current, metric, one.subject);
  Question question;
  question.model = model_of(scenario, metric);
  question.messages = metric_messages(view);
  if (!view.v1_prompts) {
    question.schema_name = "metric";
    question.schema = metric_schema(metric);
  }
  if (briefs && provider_of(question.model) == "sim")
    question.brief = briefs->for_metric(view, place);
  round->add(
    {spec, place, std::move(question),
     [metric](const Reply& reply) { return parse_metric(metric, reply); }},
    [metric](const Reply& last, const Error&) -> Result<MetricValue> {
      return unparseable(metric, last);
    });
}

void MetricsPhaseState::on_complete() {
  auto values = round->values();
  if (!values) {
    caller.deliver(to_caf(values.error()));
    return;
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto& value = after.current.metrics[asked[i].value];
    value = std::move((*values)[i]);
    value.participant = asked[i].subject;
    value.level = level_of(spec->scenario->metrics[asked[i].metric], value);
  }
  caller.deliver(PhaseDone{share(std::exchange(after, {})), round->time()});
}

/// Some metric is read by a simulated model.
bool asks_simulation(const ScenarioSpec& scenario) {
  for (const auto& metric : scenario.metrics)
    if (metric.extraction == Extraction::llm
        && provider_of(model_of(scenario, metric)) == "sim")
      return true;
  return false;
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<MetricsPhaseState> self,
          Shared<RunSpec> spec, GatewayActor gateway) {
  auto& state = self->state;
  auto reader = MetricReader::compile(*spec->scenario);
  LAB_CHECK(reader.has_value(), to_string(reader.error()));
  state.reader = std::move(*reader);
  if (asks_simulation(*spec->scenario))
    state.briefs.emplace(spec->scenario);
  state.spec = std::move(spec);
  state.gateway = std::move(gateway);
  return phase_behaviour(self);
}

Result<void> check(const ScenarioSpec& scenario) {
  LAB_TRY(const auto reader, MetricReader::compile(scenario));
  static_cast<void>(reader);
  for (const auto& metric : scenario.metrics)
    if (metric.extraction == Extraction::llm
        && model_of(scenario, metric).empty())
      return fail(Errc::invalid_input,
                  "metric '" + metric.name
                    + "' asks a model (extraction llm), and neither it nor the "
                      "scenario names one");
  return {};
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.spec(),
                                         parts.gateway());
}

} // namespace

PhaseKind metrics_phase() { return {"metrics", check, spawn}; }

} // namespace lab::actors
