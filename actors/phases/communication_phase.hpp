#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// COMMUNICATION: in each of the turn's rounds everybody may open one private
/// talk, all at the same time and on the same state; whoever is addressed
/// answers. What was said in a round is known to its two parties in the next.
/// Fills `TurnRecord::talks` and `messages`. An answer is asked for as soon as
/// its offer is there (docs/adr/0065).
/// @errors that of the first initiator, in scenario order, whose talk failed;
///         answered when all talks of the round have ended
PhaseKind communication_phase();

} // namespace lab::actors
