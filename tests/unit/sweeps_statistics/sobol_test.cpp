// Expected numbers: reference.py. Coverage on Ishigami's function is in
// tests/property/ishigami_property_test.cpp and bench/statistics.cpp.
#include <cmath>
#include <functional>
#include <span>

#include <gtest/gtest.h>

#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/sobol.hpp"

namespace lab::sweeps::statistics {
namespace {

using Row = std::vector<double>;
using Function = std::function<double(const Row&)>;

SaltelliTable evaluated(const std::vector<Row>& a, const std::vector<Row>& b,
                        const Function& f) {
  SaltelliTable made;
  made.factors = a.front().size();
  made.base = a.size();
  for (std::size_t j = 0; j < a.size(); ++j) {
    made.a.push_back(f(a[j]));
    made.b.push_back(f(b[j]));
    for (std::size_t i = 0; i < made.factors; ++i) {
      auto mixed = a[j];
      mixed[i] = b[j][i];
      made.ab.push_back(f(mixed));
      mixed = b[j];
      mixed[i] = a[j][i];
      made.ba.push_back(f(mixed));
    }
  }
  return made;
}

SaltelliTable random_table(std::size_t base, std::size_t factors,
                           const Function& f, std::int64_t seed = 1) {
  const Draws draws{Seed{1}.child(seed)};
  std::uint64_t counter = 0;
  std::vector<Row> a(base, Row(factors));
  auto b = a;
  for (std::size_t j = 0; j < base; ++j)
    for (std::size_t i = 0; i < factors; ++i) {
      a[j][i] = draws.unit(counter++);
      b[j][i] = draws.unit(counter++);
    }
  return evaluated(a, b, f);
}

/// The table of reference.py.
SaltelliTable small_table() {
  const auto u = [](double i) {
    return std::fmod(i * 0.6180339887498949, 1.0);
  };
  std::vector<Row> a;
  std::vector<Row> b;
  for (int j = 0; j < 6; ++j) {
    a.push_back({u(1 + 6 * j), u(2 + 6 * j), u(3 + 6 * j)});
    b.push_back({u(4 + 6 * j), u(5 + 6 * j), u(6 + 6 * j)});
  }
  return evaluated(
    a, b, [](const Row& x) { return x[0] + 2 * x[1] * x[1] + x[0] * x[2]; });
}

TEST(Sobol, FollowsItsFormulas) {
  const auto made = sobol(small_table(), {});

  EXPECT_EQ(made.used, 6);
  EXPECT_NEAR(made.variance, 0.243176705815, 1e-11);
  const std::vector<double> first{0.160684185852, 1.05840953326,
                                  0.0138683744525};
  const std::vector<double> total{0.509923280775, 1.1821921421,
                                  0.00926160867094};
  const std::vector<double> second{0.557884938533, 0.192810953226,
                                   -0.065781152202};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(made.first[i].value, first[i], 1e-10);
    EXPECT_NEAR(made.total[i].value, total[i], 1e-10);
    EXPECT_NEAR(made.second[i].index.value, second[i], 1e-10);
  }
  EXPECT_EQ(made.second[1].first, 0U);
  EXPECT_EQ(made.second[1].second, 2U);
  EXPECT_EQ(made.first[0].method, Method::delta);
  EXPECT_NEAR(made.first[0].interval->low, -0.542652951412, 1e-9);
  EXPECT_NEAR(made.first[0].interval->high, 0.864021323116, 1e-9);
}

TEST(Sobol, ALinearFunctionsIndicesAreItsSquaredWeights) {
  const auto table = random_table(
    4000, 3, [](const Row& x) { return 3 * x[0] - 2 * x[1] + x[2]; });
  const auto made = sobol(table, {});
  const std::vector<double> expected{9.0 / 14, 4.0 / 14, 1.0 / 14};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(made.first[i].value, expected[i], 0.06);
    EXPECT_NEAR(made.total[i].value, expected[i], 0.03);
  }
  for (const auto& pair : made.second)
    EXPECT_NEAR(pair.index.value, 0, 0.1);
}

TEST(Sobol, AFactorWithoutEffectHasATotalOfZeroExactly) {
  const auto made = sobol(
    random_table(64, 2, [](const Row& x) { return x[0] > 0.3 ? 1 : 0; }), {});
  EXPECT_EQ(made.total[1].value, 0);
  EXPECT_EQ(made.first[1].value, 0);
  EXPECT_NEAR(made.total[0].value, 1, 0.4);
}

TEST(Sobol, AnIndexThatLostARowIsDroppedWhole) {
  auto table = small_table();
  table.ab[2 * 3 + 1] = std::nullopt;
  table.a[4] = std::nullopt;
  table.a[5] = std::nullopt;
  EXPECT_TRUE(sobol(table, {}).first.empty()) << "three are too few";

  table = small_table();
  table.ab[2 * 3 + 1] = std::nullopt;
  const auto made = sobol(table, {});

  EXPECT_EQ(made.base, 6);
  EXPECT_EQ(made.used, 5);
  EXPECT_EQ(made.dropped, 1);
  EXPECT_EQ(made.runs_missing, 1);
  auto without = small_table();
  without.a.erase(without.a.begin() + 2);
  without.b.erase(without.b.begin() + 2);
  without.ab.erase(without.ab.begin() + 6, without.ab.begin() + 9);
  without.ba.erase(without.ba.begin() + 6, without.ba.begin() + 9);
  without.base = 5;
  EXPECT_EQ(sobol(without, {}).first[0].value, made.first[0].value);
}

TEST(Sobol, ReplicatesTakeTheNoiseOutOfTheIndices) {
  // y = x0, noise of variance 1/12 as large as the signal's: a single run's
  // total index of the idle x1 is 1/2, that of the mean response 0.
  const Draws noise{Seed{9}};
  std::uint64_t counter = 0;
  const auto single = random_table(1500, 2, [&](const Row& x) {
    return x[0] + noise.normal(counter++) / std::sqrt(12);
  });
  const auto raw = sobol(single, {});
  EXPECT_FALSE(raw.is_noise_removed);
  EXPECT_NEAR(raw.total[1].value, 0.5, 0.06);

  auto table = random_table(1500, 2, [](const Row& x) { return x[0]; });
  table.ba.clear();
  table.replicates = 3;
  const auto repeat = [&](std::vector<std::optional<double>>& values) {
    std::vector<std::optional<double>> out;
    for (const auto& y : values)
      for (const double seed : {5.0, -3.0, 0.5})
        out.push_back(*y + seed + noise.normal(counter++) / std::sqrt(12));
    values = std::move(out);
  };
  repeat(table.a);
  repeat(table.b);
  repeat(table.ab);
  for (std::size_t lost = 0; lost < table.ab.size(); lost += 17)
    table.ab[lost] = std::nullopt;

  const auto made = sobol(table, {});

  EXPECT_TRUE(made.is_noise_removed);
  EXPECT_EQ(made.dropped, 0) << "two replicates of each row are left";
  EXPECT_NEAR(*made.noise, 1.0 / 12, 0.005);
  EXPECT_NEAR(made.variance, 1.0 / 12, 0.008);
  EXPECT_NEAR(made.first[0].value, 1, 0.12);
  EXPECT_NEAR(made.total[0].value, 1, 0.08);
  EXPECT_NEAR(made.total[1].value, 0, 0.03);
}

TEST(Sobol, IntervalsMayComeFromTheBootstrap) {
  auto table =
    random_table(300, 2, [](const Row& x) { return x[0] + 0.5 * x[1]; });
  const auto theory = sobol(table, {});
  for (const auto method : {Method::percentile, Method::bca}) {
    SobolOptions options;
    options.method = method;
    options.bootstrap.seed = Seed{2};
    const auto made = sobol(table, options);
    EXPECT_EQ(made.total[0].method, method);
    EXPECT_EQ(made.total[0].value, theory.total[0].value);
    EXPECT_NEAR(made.total[0].interval->half_width(),
                theory.total[0].interval->half_width(), 0.02);
    EXPECT_EQ(sobol(table, options).first[1].interval, made.first[1].interval);
  }
}

TEST(Sobol, BatchesAreTheUnitsOfError) {
  auto table = random_table(64, 2, [](const Row& x) { return x[0] + x[1]; });
  for (std::size_t j = 0; j < 64; ++j)
    table.batch.push_back(j % 8);
  const auto made = sobol(table, {});
  EXPECT_EQ(made.first[0].method, Method::delta);
  EXPECT_TRUE(made.first[0].interval);

  // Sums by hand are the same whatever the batches.
  table.batch.clear();
  EXPECT_NEAR(sobol(table, {}).first[0].value, made.first[0].value, 1e-12);

  table.batch.assign(64, 3);
  EXPECT_FALSE(sobol(table, {}).first[0].interval) << "one batch tells none";
}

TEST(Sobol, AConstantOutcomeHasNoIndices) {
  const auto made =
    sobol(random_table(16, 2, [](const Row&) { return 4.0; }), {});
  EXPECT_TRUE(made.first.empty());
  EXPECT_EQ(made.variance, 0);
}

} // namespace
} // namespace lab::sweeps::statistics
