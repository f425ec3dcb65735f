#pragma once

#include <optional>

#include "storage/queries.hpp"
#include "sweeps/planner/manifest.hpp"

namespace lab::tools {

/// The manifest of a sweep as the tables keep it. Files that it names are
/// looked for from the folder the program stands in.
/// @returns nothing when there is none, or it can no longer be read
std::optional<sweeps::Manifest> planned_manifest(storage::Queries& tables,
                                                 SweepId sweep);

} // namespace lab::tools
