#pragma once

#include <memory>
#include <unordered_map>

#include "sweeps/adaptive/controller.hpp"
#include "sweeps/planner/plan.hpp"

namespace lab::sweeps {

/// What the manifest's rules need of a plan.
/// @errors invalid_input: a rule that this plan cannot keep
Result<AdaptiveRules> adaptive_rules(const SweepPlan& plan, Findings& findings);

/// The runs of a plan, as long as its rules want them. The plan must outlive
/// the source.
/// @param known  runs that ended before and count: completed ones, and those
///               that their own checks halted
std::unique_ptr<RunSource>
adaptive_runs(const SweepPlan& plan, AdaptiveRules rules,
              std::unordered_map<RunId, EndedRun> known);

} // namespace lab::sweeps
