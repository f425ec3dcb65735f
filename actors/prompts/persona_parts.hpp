#pragma once

#include <string>

#include "runtime/model/scenario_spec.hpp"

namespace lab::actors {

/// Who a participant is, as a judge reads it: in the third person, what it
/// keeps to itself included.
/// @param name  how prompts name it
std::string profile_of(const ParticipantSpec& own, const std::string& name);

} // namespace lab::actors
