#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sweeps/statistics/interval.hpp"

namespace lab::sweeps::statistics {

/// One run (a copy counted once) of a design over levels.
struct LevelRow {
  std::vector<std::size_t> levels; // one a factor
  double value = 0;
  std::uint64_t seed = 0;
  std::size_t point = 0; // runs of one combination share it
};

struct LevelEffect {
  std::int64_t n = 0;         // runs at the level
  std::optional<double> mean; // raw
  /// Mean as if all other factors (and seeds) were balanced.
  std::optional<Estimate> adjusted;
  /// adjusted less the mean over the factor's levels.
  std::optional<Estimate> effect;
};

struct MainEffect {
  std::vector<LevelEffect> levels;
  /// Largest less smallest adjusted mean.
  std::optional<double> range;
  /// F test of "all levels alike" in the additive model.
  std::optional<double> p;
};

struct MainEffects {
  std::vector<MainEffect> factors;
  std::int64_t n = 0;
  double residual_sd = 0;
  double freedom = 0; // residual degrees of freedom
  /// Levels that were never run with others so that effects cannot be told
  /// apart: the additive model has no unique solution.
  bool is_confounded = false;
};

/// Main effects of every level by least squares on the additive model
///   y = mu + sum_f alpha_f[level] + seed + e,  sum over levels of alpha_f = 0,
/// the block `seed` only when `paired`. Adjusted means of unbalanced data are
/// the "least-squares means" of Searle, Speed and Milliken (1980). Intervals:
/// t with the residual variance, which holds interactions too, so they are too
/// long rather than too short when factors interact.
MainEffects main_effects(std::span<const LevelRow> rows,
                         std::span<const std::size_t> level_counts, bool paired,
                         double confidence = 0.95);

/// One value of the outcome over a number.
struct CurveRow {
  double x = 0;
  double value = 0;
  std::size_t point = 0;
};

struct CurveBin {
  double x = 0; // mean of the bin's x
  double low = 0;
  double high = 0;
  std::int64_t n = 0;           // runs
  std::int64_t effective_n = 0; // points, or runs where there is one point
  double mean = 0;
  std::optional<Interval> interval;
};

/// Mean outcome along one factor: a bin for every value of x if there are at
/// most `bins` of them, else `bins` of about equal numbers of points, never
/// splitting equal x. In a bin runs are averaged by point first, because
/// replicates of a point share all that the point does; t interval over points
/// (over runs in a bin of one point).
std::vector<CurveBin> response_curve(std::span<const CurveRow> rows,
                                     std::size_t bins,
                                     double confidence = 0.95);

} // namespace lab::sweeps::statistics
