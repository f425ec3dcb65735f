#pragma once

#include <string_view>
#include <vector>

#include "runtime/model/run_spec.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::actors {

/// What the actors of one run are made from. PARTICIPANTs are shared by all
/// phases that speak with them, and made when the first one asks.
class PhaseParts {
public:
  PhaseParts(caf::scheduled_actor* run, Shared<RunSpec> spec,
             GatewayActor gateway)
    : run_(run), spec_(std::move(spec)), gateway_(std::move(gateway)) {}

  caf::scheduled_actor* run() const { return run_; }
  const Shared<RunSpec>& spec() const { return spec_; }
  const GatewayActor& gateway() const { return gateway_; }
  /// In scenario order.
  const std::vector<ParticipantActor>& participants();

private:
  caf::scheduled_actor* run_;
  Shared<RunSpec> spec_;
  GatewayActor gateway_;
  std::vector<ParticipantActor> participants_;
};

/// One kind of phase: a new kind is a file pair that defines these two
/// functions, and a line in the table of phase_factory.cpp.
struct PhaseKind {
  std::string_view name; // in scenarios, coordinates and tables
  /// What a scenario must have for this phase.
  Result<void> (*check)(const ScenarioSpec& scenario);
  /// Spawns the PHASE, linked to RUN. The check has passed.
  PhaseActor (*spawn)(PhaseParts& parts);
};

} // namespace lab::actors
