#include "actors/phases/metrics_phase.hpp"

#include <utility>

#include "actors/metrics/metric_reader.hpp"
#include "runtime/base/check.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::actors {

namespace {

struct MetricsPhaseState {
  static inline const char* name = "lab.metrics-phase";

  explicit MetricsPhaseState(PhaseActor::pointer pointer) : self(pointer) {}

  PhaseDone on_run(const RunPhase& m) const;

  PhaseActor::pointer self;
  MetricReader reader;
};

PhaseDone MetricsPhaseState::on_run(const RunPhase& m) const {
  TurnState after = *m.state;
  after.current.metrics = reader.read(after.current);
  return {share(std::move(after)), {}};
}

PhaseActor::behavior_type
behaviour(PhaseActor::stateful_pointer<MetricsPhaseState> self,
          const Shared<RunSpec>& spec) {
  harden(self);
  self->set_exit_handler([self](caf::exit_msg& m) { self->quit(m.reason); });
  auto reader = MetricReader::compile(*spec->scenario);
  LAB_CHECK(reader.has_value(), to_string(reader.error()));
  self->state.reader = std::move(*reader);
  return {[self](const RunPhase& m) { return self->state.on_run(m); }};
}

Result<void> check(const ScenarioSpec& scenario) {
  LAB_TRY(const auto reader, MetricReader::compile(scenario));
  static_cast<void>(reader);
  return {};
}

PhaseActor spawn(PhaseParts& parts) {
  return parts.run()->spawn<caf::linked>(behaviour, parts.spec());
}

} // namespace

PhaseKind metrics_phase() { return {"metrics", check, spawn}; }

} // namespace lab::actors
