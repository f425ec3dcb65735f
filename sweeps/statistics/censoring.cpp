#include "sweeps/statistics/censoring.hpp"

#include <cstdio>
#include <vector>

#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {

namespace {

std::string number(double x) {
  char made[32];
  std::snprintf(made, sizeof made, "%.4g", x);
  return made;
}

/// The metric's range where it declares one that is true.
std::optional<Interval> known_range(const MetricKind& metric,
                                    std::span<const double> values) {
  auto range = metric.range;
  if (!range && metric.is_binary)
    range = Interval{0, 1};
  if (range && fits(values, *range))
    return range;
  return std::nullopt;
}

std::optional<Interval> interval_with(std::vector<double> values,
                                      std::int64_t missing, double at,
                                      const MetricKind& metric,
                                      double confidence) {
  values.insert(values.end(), static_cast<std::size_t>(missing), at);
  return mean_interval(values, metric, confidence).interval;
}

} // namespace

CensoredMean censored_mean(std::span<const Observation> runs,
                           const MetricKind& metric, double confidence) {
  const auto sample = distinct(runs);
  const auto missing = count_of(sample.missing);
  CensoredMean made;
  made.with_number = static_cast<std::int64_t>(sample.values.size());
  made.n = made.with_number + missing;
  made.missing = sample.missing;
  if (made.n == 0)
    return made;
  const auto n = static_cast<double>(made.n);
  made.missing_share = static_cast<double>(missing) / n;
  if (made.with_number > 0)
    made.mean = mean(sample.values);

  if (missing == 0) {
    made.bounds = Interval{*made.mean, *made.mean};
    made.interval = mean_interval(sample.values, metric, confidence).interval;
    return made;
  }
  const auto range = known_range(metric, sample.values);
  if (!range)
    return made;
  const double known =
    made.mean ? *made.mean * static_cast<double>(made.with_number) : 0;
  const auto lost = static_cast<double>(missing);
  made.bounds =
    Interval{(known + lost * range->low) / n, (known + lost * range->high) / n};
  const auto low =
    interval_with(sample.values, missing, range->low, metric, confidence);
  const auto high =
    interval_with(sample.values, missing, range->high, metric, confidence);
  if (low && high)
    made.interval = Interval{low->low, high->high};
  return made;
}

std::optional<Interval> difference_bounds(const CensoredMean& first,
                                          const CensoredMean& second) {
  if (!first.bounds || !second.bounds)
    return std::nullopt;
  return Interval{second.bounds->low - first.bounds->high,
                  second.bounds->high - first.bounds->low};
}

std::string CensoredMean::text() const {
  if (with_number == n)
    return {};
  std::string reasons;
  for (const auto& [reason, count] : missing)
    reasons +=
      (reasons.empty() ? "" : ", ") + reason + " " + std::to_string(count);
  const auto begin = std::to_string(n - with_number) + " of "
                     + std::to_string(n) + " runs have no number (" + reasons
                     + "); ";
  if (!bounds)
    return begin
           + "the metric declares no range, so the mean over all runs is "
             "unbounded";
  return begin + "the mean over all runs lies between " + number(bounds->low)
         + " and " + number(bounds->high) + " whatever they would have been";
}

} // namespace lab::sweeps::statistics
