#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sweeps/statistics/interval.hpp"

namespace lab::sweeps::statistics {

/// A Morris design with its outcomes.
struct MorrisTable {
  std::size_t factors = 0;    // k
  std::size_t replicates = 1; // R
  /// Rows of each trajectory; k + 1 for single factors, groups + 1 for groups.
  std::size_t trajectory_rows = 0;
  /// rows x k, row-major, in the unit cube; rows of a trajectory in sequence.
  std::vector<double> coordinates;
  /// rows x R, row-major. Nothing: the run gave no number.
  std::vector<std::optional<double>> values;
  /// Group of each factor, from 0; empty: each factor by itself. Factors of
  /// one group move in the same step.
  std::vector<std::size_t> groups;
};

struct MorrisEffect {
  std::int64_t effects = 0; // elementary effects used: at most the trajectories
  std::int64_t lost = 0;    // steps with no number before or after
  /// Mean, with sign. Nothing for groups of several factors: their steps have
  /// no common sign.
  std::optional<Estimate> mu;
  /// Mean of absolute values: what to rank by.
  std::optional<Estimate> mu_star;
  /// Standard deviation between trajectories: curvature, interaction, noise.
  std::optional<Estimate> sigma;
};

struct MorrisResult {
  std::vector<MorrisEffect> effects; // one a group (or factor), in order
  std::int64_t rows = 0;
  std::int64_t rows_missing = 0; // rows where no replicate has a number
  std::int64_t runs_missing = 0; // replicates without a number, all rows
};

/// Elementary effects, Morris (1991):
///   EE_i = (y(x + step in i) - y(x)) / step, in units of y per unit cube edge.
/// mu = mean(EE), sigma = sd(EE) with divisor r - 1, mu* = mean |EE|
/// (Campolongo, Cariboni and Saltelli 2007); groups as in the same paper, with
/// |y' - y| / step.
/// With replicates, a step's effect is the mean of its differences under equal
/// seeds, so what a seed does to both rows cancels.
///
/// A row without a number loses the steps into and out of it, two at most, and
/// no other; losses are counted by factor.
///
/// Intervals take trajectories as independent draws: t for mu and mu* (cut at
/// 0), jackknife of log sigma² with t quantiles for sigma (Miller 1968). None
/// below two effects (sigma: three), none for sigma at zero spread.
/// @pre  sizes agree; every step moves exactly the factors of one group, by the
///       same absolute step, each group once a trajectory
MorrisResult morris(const MorrisTable& table, double confidence = 0.95);

} // namespace lab::sweeps::statistics
