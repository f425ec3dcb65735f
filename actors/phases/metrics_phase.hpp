#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// METRICS: reads the scenario's metrics from the turn's texts. Asks no model.
/// Fills `TurnRecord::metrics`.
PhaseKind metrics_phase();

} // namespace lab::actors
