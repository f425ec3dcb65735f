#pragma once

#include "runtime/model/scenario_spec.hpp"

namespace lab::scenarios {

/// The hash of every field of `spec` but `content` itself, and of what stands
/// in the scripts that its models read (`sim/script?file=PATH`). Two scenarios
/// with the same hash are played alike, whatever their files look like. A
/// script that cannot be read counts as empty: the call that needs it fails.
Digest256 content_of(const ScenarioSpec& spec);

} // namespace lab::scenarios
