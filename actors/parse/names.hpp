#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/scenario_spec.hpp"

namespace lab::actors {

/// The participant that is meant by a name as a model writes it: its id, its
/// display name, or both as prompts show namesakes. Case, blanks, quotes, stars
/// and a leading "the" do not matter; a name that fits two fits nobody.
/// @returns its id, or nothing
std::string participant_named(const ScenarioSpec& scenario,
                              std::string_view name);

/// Those named in the entries of a list, in order, each once. An entry may hold
/// several names ("Isle and Port"), and a name that holds a comma may have been
/// cut in two. Unknown names are left out.
std::vector<std::string>
participants_named(const ScenarioSpec& scenario,
                   const std::vector<std::string>& entries);

} // namespace lab::actors
