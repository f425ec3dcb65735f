#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sweeps/planner/estimate.hpp"

namespace lab::sweeps {

/// How likely the runs to do pass each ceiling of a sweep, in [0, 1]. Nothing
/// where there is no such ceiling, or where nothing is known of how runs
/// differ.
struct CapChances {
  std::optional<double> usd;
  std::optional<double> calls;
  std::optional<double> tokens;
};

/// How completed runs differed, turn by turn of the same length.
/// @param past  of the plan's models
RunSpread run_spread(const std::vector<PastRun>& past,
                     const PriceLookup& price_of);

/// The total of n runs to do is about normal around its expectation E, with
///   sd = E sqrt(c² (1/n + 1/m) + s²),
/// c the coefficient of variation of single runs, known from m earlier ones
/// (1/m: their mean is not exact either), s the error of the sample that a
/// walked plan is estimated from. The chance of passing what is left of a
/// ceiling is the upper tail of Student's t with m - 1 degrees of freedom.
/// Nothing below two earlier runs, or when some run's expectation is not of
/// earlier runs.
/// @param spent  by the sweep so far
/// @source prediction of a future mean: Hahn and Meeker, Statistical Intervals
///         (1991), section 4.7
CapChances cap_chances(const SweepEstimate& estimate, const Limit& caps,
                       const Charge& spent);

} // namespace lab::sweeps
