#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "sweeps/statistics/interval.hpp"
#include "sweeps/statistics/observation.hpp"

namespace lab::sweeps::statistics {

/// What is known of a mean when some runs have no number.
struct CensoredMean {
  std::int64_t n = 0;                          // runs, copies counted once
  std::int64_t with_number = 0;                // copies counted once
  std::map<std::string, std::int64_t> missing; // by reason
  double missing_share = 0;
  /// Of the runs that have a number.
  std::optional<double> mean;
  /// Worst and best case of the mean over all runs; nothing: unbounded,
  /// because numbers are missing and the metric declares no range.
  std::optional<Interval> bounds;
  /// Holds the mean over all runs with the confidence asked for, whatever the
  /// missing numbers are.
  std::optional<Interval> interval;

  bool is_unbounded() const { return n > 0 && !bounds; }
  /// "3 of 20 runs have no number (failed 2, refused 1); the mean over all
  /// runs lies between 3.1 and 4.6 whatever they would have been".
  std::string text() const;
};

/// Bounds of Manski (1989): with m of n numbers missing and a range [lo, hi],
///   (sum + m lo) / n  to  (sum + m hi) / n.
/// Interval: lower end of the mean's interval with every missing number at lo,
/// upper end with every one at hi (Horowitz and Manski 2000): conservative.
/// Nothing is assumed of why numbers are missing.
CensoredMean censored_mean(std::span<const Observation> runs,
                           const MetricKind& metric, double confidence = 0.95);

/// Bounds of second minus first, from the bounds of both. Nothing if either is
/// unbounded.
std::optional<Interval> difference_bounds(const CensoredMean& first,
                                          const CensoredMean& second);

} // namespace lab::sweeps::statistics
