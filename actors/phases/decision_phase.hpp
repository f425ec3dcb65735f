#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// DECISION: every participant decides on the same state, at the same time,
/// without seeing anyone else's move. Fills `TurnRecord::decisions`.
/// @errors that of the first participant, in scenario order, that failed;
///         answered when all have answered
PhaseKind decision_phase();

} // namespace lab::actors
