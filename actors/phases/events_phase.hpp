#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// EVENTS: draws what happens to the world from outside in this turn. Asks no
/// model. Fills `TurnRecord::events`.
PhaseKind events_phase();

} // namespace lab::actors
