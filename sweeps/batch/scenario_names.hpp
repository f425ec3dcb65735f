#pragma once

#include <string>

// Internal to this folder.

namespace lab::sweeps {

/// The id of the participant that a batch file calls `name`: the name of a file
/// in the scenario's `actors`, its `short_name`, or what it is called in prose
/// when it has no `short_name`. `name` itself when none is found; the scenario
/// then says that it has no such participant.
/// @param scenario  folder
std::string actor_id(const std::string& scenario, const std::string& name);

} // namespace lab::sweeps
