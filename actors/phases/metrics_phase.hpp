#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// METRICS: reads the scenario's metrics from the turn's texts; those that are
/// for a model are asked of it, all at once. Fills `TurnRecord::metrics`.
/// @errors those of its calls; a reply that is no value is no error, see
///         `MetricStatus`
PhaseKind metrics_phase();

} // namespace lab::actors
