#pragma once

#include <string>
#include <vector>

#include "sweeps/expression/expression.hpp"

// The scopes of a manifest's expressions. `where` has the factors and is made
// by the reader of designs. docs/formats/expression.md lists all of this.

namespace lab::sweeps {

/// `measure.derived`: metrics are numbers, those of one run at one turn.
Scope derived_scope();

/// `replicates.more.until`, asked of one point: metrics are samples over the
/// completed runs of the point, `replicates` their number. Beside the
/// sample functions:
///
///   ci_halfwidth(METRIC, level = 0.95)   half the width of the interval of
///                                        the mean
///
/// and those that `stop_scope` has of the sweep as a whole.
Scope until_scope();

/// `stop[].when`, asked of the sweep: metrics are samples over all completed
/// runs. Names: the groups of runs `finished`, `failed`, `halted`, `refused`
/// (out of all that ended); `elapsed` (duration); the numbers `spent.usd`,
/// `spent.calls`, `spent.tokens`. Functions, beside the sample functions:
///
///   ci_halfwidth(METRIC, level = 0.95)         of the mean over all runs
///   sobol_ci(METRIC, first|total, level = 0.95, factor = all)
///                                              half widths, one a factor
///   morris_mu(METRIC, factor = all)            mu*, one a factor
///   morris_ci(METRIC, level = 0.95, factor = all)  its half widths
///   provider.error_rate('NAME', last = all)    failed attempts, 0 to 1; of the
///                                              latest runs
///
/// A length of time behind the provider's name is read and does nothing.
Scope stop_scope();

/// `schedule.pilot.then`, asked when the pilot ended: `forecast.end`,
/// `window.close` (moments), `forecast.time` (duration), `forecast.usd`,
/// `forecast.calls`, `forecast.tokens` (numbers, of the whole sweep), and the
/// groups of runs and metrics of `stop_scope`.
Scope pilot_scope();

/// Words that `then` of a stop rule can be.
/// pause, finish (what runs may end), stop, pause-model.
const std::vector<std::string>& stop_actions();
/// Words that `then` of a pilot can be.
/// continue, ask, pause, stop.
const std::vector<std::string>& pilot_actions();

} // namespace lab::sweeps
