#pragma once

#include "actors/phases/phase_kind.hpp"

namespace lab::actors {

/// WORLD UPDATE: a narrator tells what the turn's actions and events did to
/// the world. Fills `world`, `key_changes`, `consequences`, `world_raw`.
/// @errors those of its calls; reply_invalid after one repair
PhaseKind world_update_phase();

} // namespace lab::actors
