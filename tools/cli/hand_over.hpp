#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/model/overlay.hpp"
#include "tools/cli/planned_run.hpp"

namespace lab::tools {

using ActorIds = std::vector<std::string>;

/// Of a new run: who decides is part of what the run is.
std::vector<Assignment> control_assignments(const ActorIds& human,
                                            const ActorIds& ai);

/// Of a run that goes on: from its next turn, or, where a participant was asked
/// in that turn already, from the one after. Those for whom nothing changes are
/// left out.
/// @errors exit 3: no such participant; the run belongs to a sweep, whose plan
///         would no longer be what it is; no turn is left
Outcome<std::vector<ControlChange>>
hand_over(const PlannedRun& planned, const ActorIds& human, const ActorIds& ai);

/// Of a branch: from the first turn of its own.
/// @errors exit 3: no such participant
Outcome<std::vector<ControlChange>>
hand_over_after(const ScenarioSpec& scenario, std::int32_t turn,
                const ActorIds& human, const ActorIds& ai);

/// The id of a branch in which others decide than in another branch at the same
/// place.
RunId with_controls(RunId id, const std::vector<ControlChange>& controls);

/// The hand-overs that the run had in this workspace, so that the words which
/// began it go on with it, too.
Outcome<std::vector<ControlChange>> known_controls(const Context& context,
                                                   RunId run);

/// A person decides for somebody in some turn.
bool has_people(const RunSpec& spec);

/// "eu: a person decides from turn 4 on", a line.
std::string hand_over_text(const ControlChange& change);

} // namespace lab::tools
