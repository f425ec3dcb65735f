#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// SUMMARY: tells what left the context window in short, once a turn and for
/// all participants. While nothing has left it, no model is asked. Fills
/// `TurnRecord::summary`.
/// @errors those of its calls; reply_invalid: a reply without words, even after
///         a repair
PhaseKind summary_phase();

} // namespace lab::actors
