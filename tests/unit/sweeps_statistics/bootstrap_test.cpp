// Expected numbers: reference.py, scipy.stats.bootstrap with 400,000 resamples.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "sweeps/statistics/bootstrap.hpp"
#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {
namespace {

const std::vector<double> skewed{1.0, 1.2, 0.4, 3.5, 2.2, 9.0,
                                 0.7, 1.9, 4.4, 2.6, 0.1, 6.3};

TEST(Bootstrap, AgreesWithScipy) {
  struct Row {
    Method method;
    double low, high;
  };
  for (const auto& row : {Row{Method::percentile, 1.46666666667, 4.33333333333},
                          Row{Method::bca, 1.63333333333, 4.65833333333}}) {
    const auto made =
      bootstrap_mean(skewed, {}, {Seed{1}, 20000, 0.95, row.method});
    EXPECT_EQ(made.estimate.method, row.method);
    // Monte Carlo error of a quantile of 20,000 resamples.
    EXPECT_NEAR(made.estimate.interval->low, row.low, 0.04);
    EXPECT_NEAR(made.estimate.interval->high, row.high, 0.06);
    EXPECT_NEAR(*made.standard_error, 0.73672433801, 0.015);
  }
}

TEST(Bootstrap, DependsOnSeedAndDataAlone) {
  const BootstrapOptions options{Seed{3}, 500, 0.9, Method::bca};
  const auto once = bootstrap_mean(skewed, {}, options);
  const auto again = bootstrap_mean(skewed, {}, options);
  EXPECT_EQ(once.estimate.interval, again.estimate.interval);

  auto other = options;
  other.seed = Seed{4};
  EXPECT_NE(bootstrap_mean(skewed, {}, other).estimate.interval,
            once.estimate.interval);
}

TEST(Bootstrap, ClustersAreDrawnWhole) {
  // Two values a cluster, equal: as many data as clusters, no more.
  std::vector<double> doubled;
  std::vector<std::uint64_t> cluster;
  for (std::size_t i = 0; i < skewed.size(); ++i)
    for (int copy = 0; copy < 2; ++copy) {
      doubled.push_back(skewed[i]);
      cluster.push_back(100 + i);
    }
  const BootstrapOptions options{Seed{5}, 2000, 0.95, Method::bca};

  const auto clustered = bootstrap_mean(doubled, cluster, options);
  const auto single = bootstrap_mean(skewed, {}, options);

  EXPECT_NEAR(clustered.estimate.interval->low, single.estimate.interval->low,
              1e-12);
  EXPECT_NEAR(*clustered.standard_error, *single.standard_error, 1e-12);
  EXPECT_LT(*bootstrap_mean(doubled, {}, options).standard_error,
            *single.standard_error * 0.8);
}

TEST(Bootstrap, OneClusterHasNoInterval) {
  const std::vector<std::uint64_t> one(skewed.size(), 9);
  const auto made = bootstrap_mean(skewed, one, {});
  EXPECT_NEAR(made.estimate.value, mean(skewed), 1e-12);
  EXPECT_FALSE(made.estimate.interval);
  EXPECT_FALSE(bootstrap_mean({}, {}, {}).estimate.interval);
}

TEST(Bootstrap, UndefinedResamplesAreCountedAndTooManyAreRefused) {
  // Undefined unless cluster 0 is drawn: 1 - (1 - 1/2)^2 of the time.
  const auto statistic = [](std::span<const std::uint32_t> weights) {
    return weights[0] > 0 ? 1.0 : std::numeric_limits<double>::quiet_NaN();
  };
  const auto made = bootstrap(2, statistic, {Seed{1}, 400});
  EXPECT_EQ(made.used + made.dropped, 400);
  EXPECT_NEAR(made.dropped, 100, 30);
  EXPECT_FALSE(made.estimate.interval);
}

TEST(Draws, AreUniformAndFixed) {
  const Draws draws{Seed{11}};
  double sum = 0;
  double squares = 0;
  std::vector<int> hits(10);
  constexpr int n = 100000;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double z = draws.normal(i);
    sum += z;
    squares += z * z;
    ++hits[draws.below(n + i, 10)];
  }
  EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1, 4 * std::sqrt(2.0 / n));
  for (const int hit : hits)
    EXPECT_NEAR(hit, n / 10, 4 * std::sqrt(n * 0.09));
  EXPECT_EQ(Draws{Seed{11}}.bits(12345), draws.bits(12345));
  EXPECT_NE(Draws{Seed{12}}.bits(12345), draws.bits(12345));
}

} // namespace
} // namespace lab::sweeps::statistics
