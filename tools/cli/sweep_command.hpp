#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "sweeps/adaptive/adaptive_rules.hpp"
#include "sweeps/planner/plan.hpp"
#include "tools/cli/arguments.hpp"
#include "tools/cli/context.hpp"
#include "tools/cli/result_report.hpp"

namespace lab::tools {

/// A manifest that is planned against what the workspace holds.
struct PlannedSweep {
  // The plan refers to the source.
  std::unique_ptr<ScenarioSource> source;
  std::unique_ptr<sweeps::SweepPlan> plan;
  /// Of a listed plan; a walked one asks run by run.
  std::set<RunId> completed;
  /// By a phase of their own, validation for one: no data, and not to be run
  /// again unless `run --resume` asks.
  std::set<RunId> halted;
  sweeps::AdaptiveRules rules; // refer to the plan
  PlanView view;

  /// Nothing is to be done for these.
  std::set<RunId> settled() const {
    auto all = completed;
    all.insert(halted.begin(), halted.end());
    return all;
  }
};

/// Reads, plans and estimates. Findings go to the console.
/// @errors exit 3 and 4; also when the budget cannot carry a single call, or
///         a model cannot be called
Outcome<PlannedSweep> plan_sweep(const SweepCommand& command,
                                 const Context& context);

/// Does what is missing of the plan.
Outcome<SweepResult> execute_sweep(PlannedSweep& planned,
                                   const SweepCommand& command,
                                   const Context& context, int& signal);

/// A table for each metric that the manifest asks for.
Outcome<std::string> outcome_tables(const PlannedSweep& planned,
                                    const Context& context);

} // namespace lab::tools
