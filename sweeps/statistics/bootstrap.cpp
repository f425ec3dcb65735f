#include "sweeps/statistics/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {

namespace {

/// Where BCa reads the sorted resamples; nothing where it is undefined.
struct Levels {
  double low = 0;
  double high = 0;
};

double acceleration(std::span<const double> left_out) {
  const double middle = mean(left_out);
  double squares = 0;
  double cubes = 0;
  for (const double t : left_out) {
    const double d = middle - t;
    squares += d * d;
    cubes += d * d * d;
  }
  return cubes / (6 * std::pow(squares, 1.5)); // NaN at no spread
}

std::optional<Levels> bca_levels(double value, std::span<const double> sorted,
                                 std::span<const double> left_out,
                                 double alpha) {
  const auto [first, last] = std::ranges::equal_range(sorted, value);
  const auto below = static_cast<double>(first - sorted.begin());
  const auto equal = static_cast<double>(last - first);
  const double share = (below + equal / 2) / static_cast<double>(sorted.size());
  const double a = acceleration(left_out);
  if (share <= 0 || share >= 1 || !std::isfinite(a))
    return std::nullopt;
  const double z0 = normal_quantile(share);
  const auto level = [&](double p) {
    const double z = z0 + normal_quantile(p);
    return normal_cdf(z0 + z / (1 - a * z));
  };
  const Levels made{level(alpha / 2), level(1 - alpha / 2)};
  if (!std::isfinite(made.low) || !std::isfinite(made.high)
      || made.low >= made.high)
    return std::nullopt;
  return made;
}

} // namespace

Estimate interval_of_resamples(double value, std::span<double> resamples,
                               std::span<const double> left_out, Method method,
                               double confidence) {
  std::ranges::sort(resamples);
  const double alpha = 1 - confidence;
  Levels levels{alpha / 2, 1 - alpha / 2};
  auto used = Method::percentile;
  if (method == Method::bca)
    if (const auto bca = bca_levels(value, resamples, left_out, alpha)) {
      levels = *bca;
      used = Method::bca;
    }
  return {
    value,
    Interval{quantile(resamples, levels.low), quantile(resamples, levels.high)},
    used};
}

Bootstrapped bootstrap(std::size_t clusters, const WeightedStatistic& statistic,
                       const BootstrapOptions& options) {
  Bootstrapped made;
  std::vector<std::uint32_t> weights(clusters, 1);
  made.estimate.value = statistic(weights);
  if (clusters < 2 || options.resamples < 2
      || !std::isfinite(made.estimate.value))
    return made;

  std::vector<double> left_out;
  if (options.method == Method::bca)
    for (std::size_t c = 0; c < clusters; ++c) {
      weights[c] = 0;
      left_out.push_back(statistic(weights));
      weights[c] = 1;
    }

  const Draws draws{options.seed};
  std::vector<double> resamples;
  resamples.reserve(static_cast<std::size_t>(options.resamples));
  for (std::int32_t r = 0; r < options.resamples; ++r) {
    draws.resample(static_cast<std::uint64_t>(r), weights);
    const double value = statistic(weights);
    if (std::isfinite(value))
      resamples.push_back(value);
  }
  made.used = static_cast<std::int32_t>(resamples.size());
  made.dropped = options.resamples - made.used;
  if (made.used < 2 || made.dropped > options.resamples / 10)
    return made;
  made.standard_error = std::sqrt(variance(resamples));
  made.estimate =
    interval_of_resamples(made.estimate.value, resamples, left_out,
                          options.method, options.confidence);
  return made;
}

Bootstrapped bootstrap_mean(std::span<const double> values,
                            std::span<const std::uint64_t> cluster,
                            const BootstrapOptions& options) {
  struct Sum {
    double sum = 0;
    double n = 0;
  };
  std::vector<Sum> sums;
  std::unordered_map<std::uint64_t, std::size_t> places;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto place = sums.size();
    if (!cluster.empty())
      place = places.emplace(cluster[i], place).first->second;
    if (place == sums.size())
      sums.emplace_back();
    sums[place].sum += values[i];
    sums[place].n += 1;
  }
  const auto weighted_mean = [&](std::span<const std::uint32_t> weights) {
    double sum = 0;
    double n = 0;
    for (std::size_t c = 0; c < sums.size(); ++c) {
      sum += weights[c] * sums[c].sum;
      n += weights[c] * sums[c].n;
    }
    return sum / n;
  };
  return bootstrap(sums.size(), weighted_mean, options);
}

} // namespace lab::sweeps::statistics
