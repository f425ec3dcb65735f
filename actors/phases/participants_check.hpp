#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/model/scenario_spec.hpp"

namespace lab::actors {

/// What phases need that speak with participants: enough of them, and somebody
/// who answers for each. A person needs no model unless it may have to stand
/// in.
/// @param least  how many make sense of the phase
/// @errors invalid_input
Result<void> check_participants(const ScenarioSpec& scenario,
                                const std::string& phase, std::size_t least);

std::vector<std::string> ids_of(const ScenarioSpec& scenario);

} // namespace lab::actors
