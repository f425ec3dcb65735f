#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// COALITION: everybody may propose one, all at the same time; the proposed
/// members of all proposals answer at the same time; a coalition stands when
/// all its members accept, and each then says one word to the others, one after
/// the other. Coalitions run side by side. Fills `TurnRecord::coalitions` and
/// `messages`.
/// @errors that of the first participant, in scenario order, whose proposal
///         failed, else of the first coalition; answered when all have ended
PhaseKind coalition_phase();

} // namespace lab::actors
