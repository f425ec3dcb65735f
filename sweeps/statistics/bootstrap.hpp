#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "runtime/base/seed.hpp"
#include "sweeps/statistics/interval.hpp"

namespace lab::sweeps::statistics {

struct BootstrapOptions {
  Seed seed{0};
  std::int32_t resamples = 2000;
  double confidence = 0.95;
  Method method = Method::bca; // or percentile
};

/// A statistic of a weighted sample: `weights[c]` says how often cluster c
/// counts (0: not at all). Must give the estimate itself when all weights are
/// one, and NaN where the sample cannot carry it. Called many times: it should
/// not allocate.
using WeightedStatistic = std::function<double(std::span<const std::uint32_t>)>;

struct Bootstrapped {
  Estimate estimate;
  /// Standard deviation over resamples.
  std::optional<double> standard_error;
  std::int32_t used = 0;    // resamples with a number
  std::int32_t dropped = 0; // resamples where the statistic was undefined
};

/// Resamples whole clusters with replacement (Efron 1979; clusters: Davison and
/// Hinkley 1997, 3.8). The r-th resample depends on seed and r alone.
///
/// percentile: quantiles a/2 and 1 - a/2 of the resamples (type 7).
/// BCa (Efron 1987): the quantiles are moved by z0 = Phi^-1(share of resamples
/// below the estimate, ties half) and by the jackknife's acceleration
///   a = sum (m - t_i)³ / (6 (sum (m - t_i)²)^1.5), leaving one cluster out.
/// BCa falls back to percentile where z0 or a is undefined, and says so.
///
/// No interval below two clusters, or when more than a tenth of the resamples
/// are undefined. Below about ten clusters either interval is too short.
Bootstrapped bootstrap(std::size_t clusters, const WeightedStatistic& statistic,
                       const BootstrapOptions& options);

/// The interval of one statistic from its resamples, as `bootstrap` makes it.
/// @param resamples  sorted here; finite
/// @param left_out   the statistic without each cluster (BCa only)
/// @returns Method::percentile where BCa is undefined
Estimate interval_of_resamples(double value, std::span<double> resamples,
                               std::span<const double> left_out, Method method,
                               double confidence);

/// Of the mean of all values, resampling clusters. Values with equal `cluster`
/// (say, the seed that runs share) are drawn together.
/// @param cluster  one a value, any numbers; empty: each value by itself
Bootstrapped bootstrap_mean(std::span<const double> values,
                            std::span<const std::uint64_t> cluster,
                            const BootstrapOptions& options);

} // namespace lab::sweeps::statistics
