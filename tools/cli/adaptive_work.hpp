#pragma once

#include <memory>

#include "runtime/protocol/messages.hpp"
#include "sweeps/adaptive/adaptive_runs.hpp"
#include "tools/cli/context.hpp"

namespace lab::tools {

/// What the manifest says about how the sweep may go on, checked against what
/// the engine can do. Findings go to the console.
/// @errors exit 3
Outcome<sweeps::AdaptiveRules> rules_of(const sweeps::SweepPlan& plan,
                                        const Context& context);

/// The plan's runs under these rules: what earlier commands of this sweep did
/// counts. Runs that another sweep did are handed out; they read their replies
/// back.
/// @param counts  `existing` and `halted` of a listed plan become what the
///                source takes as done
/// @errors exit 74: tables that cannot be read
Outcome<std::unique_ptr<RunSource>> runs_by_rules(const sweeps::SweepPlan& plan,
                                                  sweeps::AdaptiveRules rules,
                                                  const Context& context,
                                                  RunCounts& counts);

/// Asks whoever sits at the terminal whether a sweep shall go on that its pilot
/// left to them. No without a terminal.
bool wants_to_go_on(const Context& context, const RuledEnd& end);

} // namespace lab::tools
