#pragma once

#include "runtime/protocol/system.hpp"

namespace lab::actors {

/// Makes the phases that scenarios name in `phases`, and the PARTICIPANTs
/// behind them; the names stand in the table of phase_factory.cpp.
/// `persistence` may stand last; it is RUN's own step and makes no actor
/// (docs/adr/0055).
///
/// Everything a scenario can get wrong is checked before the first actor is
/// spawned. The factory may be called from several actors at once.
///
/// @errors invalid_input: no phases, an unknown or repeated one, one out of
///         place; too few participants, or one without a model; an event that
///         cannot be drawn; a metric that nobody can read; a check without what
///         it judges
PhaseFactory make_phase_factory(GatewayActor gateway);

} // namespace lab::actors
