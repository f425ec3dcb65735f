#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "sweeps/statistics/interval.hpp"
#include "sweeps/statistics/observation.hpp"

namespace lab::sweeps::statistics {

/// Mean of `values`, pairwise summed. NaN when empty.
double mean(std::span<const double> values);
/// Sample variance, divisor n - 1, two passes. NaN below two values.
double variance(std::span<const double> values);
/// The p-quantile, linear between order statistics at (n - 1) p: type 7 of
/// Hyndman and Fan (1996), numpy's default.
/// @param sorted  ascending, not empty
/// @param p       in [0, 1]
double quantile(std::span<const double> sorted, double p);

/// mean ± t(1 - a/2, n - 1) s / sqrt(n), a = 1 - confidence. Student (1908).
/// Nothing below two values.
std::optional<Interval> t_interval(std::span<const double> values,
                                   double confidence);

/// Score interval of a share, Wilson (1927):
///   (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n).
/// Keeps its coverage near 0 and 1, where the Wald interval has none
/// (Brown, Cai and DasGupta 2001).
/// @param successes  0 to n; @param n  above 0
Interval wilson_interval(double successes, double n, double confidence);

/// Why a summary has no interval.
enum class NoInterval : std::uint8_t {
  has_one,
  no_values,
  /// Only one distinct value: one run, or copies of one run.
  one_distinct_run,
  /// All values are equal and no range bounds what was not seen.
  no_spread,
};

/// The interval of a mean.
struct MeanInterval {
  std::optional<Interval> interval;
  Method method = Method::none;
  NoInterval why_none = NoInterval::has_one;
};

/// By the metric's kind:
///  - binary: Wilson, mapped to the two values;
///  - bounded: t, cut to the range (the mean cannot lie outside). When all
///    values are equal, t would claim certainty; then the betting interval,
///    which holds for any distribution on the range (confidence_sequence.hpp);
///  - unbounded: t; none when all values are equal.
/// None below two values.
/// Assumes that values are independent draws of one distribution; t also that
/// their mean is near normal (approximate for skewed metrics at small n).
MeanInterval mean_interval(std::span<const double> values,
                           const MetricKind& metric, double confidence);

/// One point, one metric.
struct Summary {
  std::int64_t n = 0; // runs with a number
  /// Runs with a number, copies counted once. All figures below use these.
  std::int64_t effective_n = 0;
  std::map<std::string, std::int64_t> missing; // by reason
  std::optional<double> mean;
  std::optional<double> sd; // sample, divisor n - 1; from effective n = 2
  std::optional<double> median;
  std::optional<double> lower_quartile;
  std::optional<double> upper_quartile;
  std::optional<double> min;
  std::optional<double> max;
  /// Of the mean (binary metrics: of the share, in the metric's own units).
  std::optional<Interval> interval;
  Method method = Method::none;
  NoInterval why_none = NoInterval::has_one;
};

/// Summarises the runs of one point: copies counted once, then order
/// statistics and `mean_interval`. No interval below two distinct values,
/// whatever n is.
Summary summarise(std::span<const Observation> runs, const MetricKind& metric,
                  double confidence = 0.95);

} // namespace lab::sweeps::statistics
