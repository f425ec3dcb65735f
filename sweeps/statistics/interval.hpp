#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lab::sweeps::statistics {

/// How an interval was made. A report names it beside the interval.
enum class Method : std::uint8_t {
  none,
  student_t,         // mean and t quantile
  student_t_clipped, // the same, cut to the metric's declared range
  welch,             // two samples of unequal variance
  wilson,            // a share
  percentile,        // bootstrap quantiles
  bca,               // bootstrap, bias-corrected and accelerated
  delta,             // normal theory on the influence of each sample
  jackknife,         // leaving one out, on the log scale
  least_squares,     // additive linear model, residual variance
  betting,           // valid at every look, bounded metrics
  t_mixture,         // valid at every look, normal metrics
};

/// "t", "Wilson", "BCa bootstrap": as a methods paragraph names it.
std::string_view to_string(Method method);

/// From `low` to `high`, both included. Ends may be infinite: then the data
/// say nothing on that side.
struct Interval {
  double low = 0;
  double high = 0;

  double half_width() const { return (high - low) / 2; }
  bool contains(double x) const { return low <= x && x <= high; }

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// The part of `interval` inside `bounds`; never turned inside out.
Interval clipped(Interval interval, const Interval& bounds);

/// A number with what is known of its error.
struct Estimate {
  double value = 0;
  /// Nothing where the data cannot carry one; see each estimator.
  std::optional<Interval> interval;
  Method method = Method::none;
};

} // namespace lab::sweeps::statistics
