#pragma once

#include <string>
#include <vector>

#include "sweeps/planner/manifest.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Reports (S420) every metric that the measures of a manifest name and the
/// scenario does not have.
/// @param metrics  of the scenario
/// @returns false after a finding
bool check_metrics(const Manifest& manifest,
                   const std::vector<std::string>& metrics, Findings& findings);

} // namespace lab::sweeps
