#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sweeps/statistics/interval.hpp"
#include "sweeps/statistics/observation.hpp"

namespace lab::sweeps::statistics {

// Intervals that may be looked at after every run and acted on at any time:
// with probability `confidence` they hold the mean at ALL looks together, so
// they also hold it at whatever look a rule stops at. A t interval does not:
// looked at again and again until it is narrow, it misses more often than it
// says.

/// Interval for the mean of values on a known range, for any distribution:
/// hedged capital of Waudby-Smith and Ramdas (2024), theorem 3. For each m,
///   K+_t(m) = prod (1 + l+_i (x_i - m)),  K-_t(m) = prod (1 - l-_i (x_i - m)),
/// are what bettors own who bet that the mean is above or below m; under the
/// mean m neither can be expected to grow, so by Ville (1939)
///   max(K+, K-) / 2 < 1 / a at all t  with probability 1 - a.
/// Values may depend on earlier ones as long as their conditional mean is m.
/// Bets: l_t = sqrt(2 log(2/a) / (v_{t-1} t log(1 + t))), cut to c / m and
/// c / (1 - m), c = 3/4; v the regularised running variance. Ends are rounded
/// outwards to a grid of m, and intersected over looks.
class BettingSequence {
public:
  /// @param range  holds every value
  /// @param cells  grid cells over the range: ends are within range / cells
  BettingSequence(Interval range, double confidence, std::size_t cells = 1000);

  /// @pre  value within the range
  void add(double value);

  std::int64_t n() const { return n_; }
  double mean() const;
  /// The range itself before the first value.
  Interval interval() const;
  /// No m is left: the values cannot come from one mean (a drift), or the
  /// rare miss.
  bool is_empty() const { return empty_; }

private:
  double next_bet() const;
  Interval open_ends() const;

  Interval range_;
  double log_twice_over_alpha_;
  double limit_; // 2 / a: both bettors start with half of the capital
  std::size_t cells_;
  std::vector<double> above_; // K+ at each grid point
  std::vector<double> below_; // K- at each grid point
  std::size_t first_ = 0;     // first grid point not ruled out by K+
  std::size_t last_;          // last not ruled out by K-
  Interval ends_{0, 1};       // of values scaled to [0, 1]
  bool empty_ = false;
  std::int64_t n_ = 0;
  double sum_ = 0;     // of scaled values
  double squares_ = 0; // sum (x_i - mean_i)²
};

/// Interval for the mean of normal values of unknown variance: mixture of t
/// likelihood ratios over effect sizes N(0, rho²) (Lai 1976; Wang and Ramdas
/// 2025). With g = 1 + n rho² and q = (sqrt(g) / a)^(2/n),
///   mean ± s sqrt((n - 1) / n) sqrt((q - 1) / (1 - q / g)),
/// infinite while q >= g. Exact for normal values at every n; for others with a
/// finite variance it holds in the long run, not at small n: use `start`.
/// @param best_at  rho² is chosen so that the interval is narrow near this n:
///                 (-2 log a + log(-2 log a) + 1) / best_at
/// @returns infinite ends below two values or while nothing can be said
Interval t_mixture_interval(double mean, double sd, std::int64_t n,
                            double confidence, double best_at);

struct SequentialOptions {
  double confidence = 0.95;
  /// Means watched at the same time: each gets (1 - confidence) / family, so
  /// that all hold together.
  std::int64_t family = 1;
  /// Narrowest near this n (unbounded metrics).
  double best_at = 20;
  /// No stop before this many distinct values. Nothing: 2 for bounded metrics,
  /// 10 for unbounded ones, whose interval leans on normality.
  std::optional<std::int64_t> start;
};

/// What is known after the values so far.
struct SequentialState {
  std::int64_t n = 0; // distinct values
  double mean = 0;
  Interval interval; // valid at every look; may be infinite
  Method method = Method::none;
  /// Half the interval; infinite while nothing can be said.
  double half_width = 0;
  /// May a rule act on it yet (n at least `start`)?
  bool may_stop = false;
  /// The interval is empty: values drifted, or the rare miss.
  bool is_contradicted = false;
};

/// The anytime-valid interval of a mean: betting for metrics with a range
/// (binary: 0 to 1 unless a range is declared), t mixture otherwise.
/// @param values  in the order of replicates; copies counted once
///                (observation.hpp, distinct)
SequentialState sequential_mean(std::span<const double> values,
                                const MetricKind& metric,
                                const SequentialOptions& options);

/// "Stop when the half-width is at most w": the rule of `more: until`.
bool is_precise_enough(const SequentialState& state, double half_width);

/// Error left for the k-th look, k from 1, when any fixed-size interval (Sobol'
/// and Morris indices) is looked at again and again: a 6 / (pi² k²). The sum
/// over all looks is a, so by Bonferroni all looks hold together.
double alpha_of_look(double alpha, std::int64_t look);

/// Runs that a design of fixed size needs for the half-width: n = (z s / w)²,
/// rounded up, at least 2. What `calls saved` compares with.
std::int64_t fixed_size(double half_width, double sd, double confidence);

/// The same for a metric of which only the range is known, without relying on
/// normality: Hoeffding (1963), n = range² log(2/a) / (2 w²).
std::int64_t fixed_size_bounded(double half_width, const Interval& range,
                                double confidence);

} // namespace lab::sweeps::statistics
