#pragma once

#include "runtime/model/scenario_spec.hpp"

namespace lab::scenarios {

/// The hash of every field of `spec` but `content` itself. Two scenarios with
/// the same hash are played alike, whatever their files look like.
Digest256 content_of(const ScenarioSpec& spec);

} // namespace lab::scenarios
