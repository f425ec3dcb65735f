#include "sweeps/statistics/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sweeps/statistics/confidence_sequence.hpp"
#include "sweeps/statistics/distributions.hpp"

namespace lab::sweeps::statistics {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double sum_of(std::span<const double> values) {
  if (values.size() <= 8) {
    double sum = 0;
    for (const double x : values)
      sum += x;
    return sum;
  }
  const auto half = values.size() / 2;
  return sum_of(values.first(half)) + sum_of(values.subspan(half));
}

bool all_equal(std::span<const double> values) {
  return std::ranges::all_of(values,
                             [&](double x) { return x == values.front(); });
}

/// The range of a binary metric whose scenario declares none.
constexpr Interval zero_to_one{0, 1};

bool is_two_valued(std::span<const double> values, const Interval& range) {
  return std::ranges::all_of(
    values, [&](double x) { return x == range.low || x == range.high; });
}

MeanInterval share_interval(std::span<const double> values,
                            const Interval& range, double confidence) {
  const auto successes =
    static_cast<double>(std::ranges::count(values, range.high));
  const auto share =
    wilson_interval(successes, static_cast<double>(values.size()), confidence);
  const double width = range.high - range.low;
  return {
    Interval{range.low + share.low * width, range.low + share.high * width},
    Method::wilson, NoInterval::has_one};
}

MeanInterval betting_interval(std::span<const double> values,
                              const Interval& range, double confidence) {
  BettingSequence sequence{range, confidence};
  for (const double x : values)
    sequence.add(x);
  return {sequence.interval(), Method::betting, NoInterval::has_one};
}

} // namespace

double mean(std::span<const double> values) {
  if (values.empty())
    return nothing;
  return sum_of(values) / static_cast<double>(values.size());
}

double variance(std::span<const double> values) {
  if (values.size() < 2)
    return nothing;
  // Equal values have a variance of zero, not of a rounding error.
  if (all_equal(values))
    return 0;
  const double middle = mean(values);
  double squares = 0;
  for (const double x : values)
    squares += (x - middle) * (x - middle);
  return squares / static_cast<double>(values.size() - 1);
}

double quantile(std::span<const double> sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size())
    return sorted.back();
  const double part = place - static_cast<double>(below);
  return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

std::optional<Interval> t_interval(std::span<const double> values,
                                   double confidence) {
  if (values.size() < 2)
    return std::nullopt;
  const auto n = static_cast<double>(values.size());
  const double half =
    t_quantile((1 + confidence) / 2, n - 1) * std::sqrt(variance(values) / n);
  const double middle = mean(values);
  return Interval{middle - half, middle + half};
}

Interval wilson_interval(double successes, double n, double confidence) {
  const double z = normal_quantile((1 + confidence) / 2);
  const double p = successes / n;
  const double shrink = 1 + z * z / n;
  const double centre = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  // At 0 and n an end is the share itself; rounding must not move it.
  return {successes == 0 ? 0 : (centre - half) / shrink,
          successes == n ? 1 : (centre + half) / shrink};
}

MeanInterval mean_interval(std::span<const double> values,
                           const MetricKind& metric, double confidence) {
  if (values.empty())
    return {{}, Method::none, NoInterval::no_values};
  if (values.size() < 2)
    return {{}, Method::none, NoInterval::one_distinct_run};
  const auto range = metric.range.value_or(zero_to_one);
  if (metric.is_binary && is_two_valued(values, range))
    return share_interval(values, range, confidence);
  const bool bounded = metric.range && fits(values, range);
  if (all_equal(values)) {
    if (bounded)
      return betting_interval(values, range, confidence);
    return {{}, Method::none, NoInterval::no_spread};
  }
  const auto made = t_interval(values, confidence);
  if (bounded)
    return {clipped(*made, range), Method::student_t_clipped,
            NoInterval::has_one};
  return {made, Method::student_t, NoInterval::has_one};
}

Summary summarise(std::span<const Observation> runs, const MetricKind& metric,
                  double confidence) {
  const auto sample = distinct(runs);
  Summary made;
  made.n = sample.numbers;
  made.effective_n = static_cast<std::int64_t>(sample.values.size());
  made.missing = sample.missing;
  const auto ends = mean_interval(sample.values, metric, confidence);
  made.interval = ends.interval;
  made.method = ends.method;
  made.why_none = ends.why_none;
  if (sample.values.empty())
    return made;
  auto sorted = sample.values;
  std::ranges::sort(sorted);
  made.mean = mean(sample.values);
  if (sorted.size() > 1)
    made.sd = std::sqrt(variance(sample.values));
  made.median = quantile(sorted, 0.5);
  made.lower_quartile = quantile(sorted, 0.25);
  made.upper_quartile = quantile(sorted, 0.75);
  made.min = sorted.front();
  made.max = sorted.back();
  return made;
}

} // namespace lab::sweeps::statistics
