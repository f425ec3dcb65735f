#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// VALIDATION: a model judges what the turn brought, all checks at once. Fills
/// `TurnRecord::checks` and, where the scenario wants it, `halt`. A reply
/// without a verdict is recorded as such, never as a pass.
/// @errors those of its calls
PhaseKind validation_phase();

} // namespace lab::actors
