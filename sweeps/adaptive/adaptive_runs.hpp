#pragma once

#include <memory>
#include <unordered_map>

#include "sweeps/adaptive/adaptive_rules.hpp"
#include "sweeps/planner/plan.hpp"

namespace lab::sweeps {

/// The runs of a plan, as long as its rules want them. The plan must outlive
/// the source.
/// @param known  runs that ended before and count: completed ones, and those
///               that their own checks halted
std::unique_ptr<RunSource>
adaptive_runs(const SweepPlan& plan, AdaptiveRules rules,
              std::unordered_map<RunId, EndedRun> known);

} // namespace lab::sweeps
