#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>

#include <gtest/gtest.h>

#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/morris.hpp"

namespace lab::sweeps::statistics {
namespace {

using Function = std::function<double(std::span<const double>)>;

/// Trajectories as Morris draws them: a start on the lower half of the grid of
/// `levels`, factors in random order, each up or down by levels / 2 steps.
MorrisTable sample(std::size_t factors, std::size_t trajectories,
                   const Seed& seed) {
  constexpr std::uint64_t levels = 6;
  constexpr double step = static_cast<double>(levels / 2) / (levels - 1);
  MorrisTable made;
  made.factors = factors;
  made.trajectory_rows = factors + 1;
  for (std::size_t t = 0; t < trajectories; ++t) {
    const Draws draws{seed.child(static_cast<std::int64_t>(t))};
    std::vector<double> at(factors);
    for (std::size_t i = 0; i < factors; ++i)
      at[i] = static_cast<double>(draws.below(i, levels / 2)) / (levels - 1);
    std::vector<std::size_t> order(factors);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < factors; ++i)
      std::swap(order[i], order[i + draws.below(100 + i, factors - i)]);
    made.coordinates.insert(made.coordinates.end(), at.begin(), at.end());
    for (const auto i : order) {
      at[i] += at[i] < 0.5 ? step : -step;
      made.coordinates.insert(made.coordinates.end(), at.begin(), at.end());
    }
  }
  return made;
}

void evaluate(MorrisTable& table, const Function& f) {
  table.values.clear();
  for (std::size_t at = 0; at < table.coordinates.size(); at += table.factors)
    table.values.push_back(
      f(std::span{table.coordinates}.subspan(at, table.factors)));
}

TEST(Morris, IsExactForALinearFunction) {
  auto table = sample(3, 5, Seed{1});
  evaluate(table, [](auto x) { return 7 + 3 * x[0] - 2 * x[1]; });

  const auto made = morris(table);

  const std::vector<double> slopes{3, -2, 0};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& effect = made.effects[i];
    EXPECT_EQ(effect.effects, 5);
    EXPECT_NEAR(effect.mu->value, slopes[i], 1e-12);
    EXPECT_NEAR(effect.mu_star->value, std::abs(slopes[i]), 1e-12);
    EXPECT_NEAR(effect.sigma->value, 0, 1e-12);
  }
}

TEST(Morris, IsExactForAStep) {
  // The step of 0.6 always crosses one half: every effect is 1 / 0.6.
  auto table = sample(2, 6, Seed{2});
  evaluate(table, [](auto x) { return x[1] > 0.5 ? 1.0 : 0.0; });
  const auto made = morris(table);
  EXPECT_NEAR(made.effects[1].mu->value, 1 / 0.6, 1e-12);
  EXPECT_EQ(made.effects[0].mu_star->value, 0);
}

TEST(Morris, FollowsItsFormulas) {
  // Two trajectories by hand over the function x0 * x1.
  MorrisTable table;
  table.factors = 2;
  table.trajectory_rows = 3;
  table.coordinates = {0, 0.5, 0.5, 0.5, 0.5, 0, //
                       1, 0,   1,   0.5, 0.5, 0.5};
  evaluate(table, [](auto x) { return x[0] * x[1]; });

  const auto made = morris(table);

  // Effects of x0: +0.25 / 0.5 and -0.25 / -0.5; of x1: -0.25 / -0.5, 0.5 / 0.5
  EXPECT_DOUBLE_EQ(made.effects[0].mu->value, 0.5);
  EXPECT_DOUBLE_EQ(made.effects[0].sigma->value, 0);
  EXPECT_DOUBLE_EQ(made.effects[1].mu->value, 0.75);
  EXPECT_DOUBLE_EQ(made.effects[1].sigma->value, std::sqrt(0.125));
}

TEST(Morris, RanksTheFactorsOfSobolsGFunction) {
  // prod (|4 x_i - 2| + a_i) / (1 + a_i): the smaller a_i, the more x_i does.
  const std::vector<double> a{99, 1, 99, 0, 9, 99, 4.5, 99};
  auto table = sample(a.size(), 30, Seed{4});
  const Draws noise{Seed{5}};
  std::uint64_t counter = 0;
  evaluate(table, [&](auto x) {
    double y = 1;
    for (std::size_t i = 0; i < a.size(); ++i)
      y *= (std::abs(4 * x[i] - 2) + a[i]) / (1 + a[i]);
    return y + 0.005 * noise.normal(counter++);
  });

  const auto made = morris(table);

  std::vector<std::size_t> ranked(a.size());
  std::iota(ranked.begin(), ranked.end(), std::size_t{0});
  std::ranges::sort(ranked, std::greater{}, [&](std::size_t i) {
    return made.effects[i].mu_star->value;
  });
  ranked.resize(4);
  EXPECT_EQ(ranked, (std::vector<std::size_t>{3, 1, 6, 4}));
}

TEST(Morris, ARowWithoutANumberLosesTwoStepsAndNoOther) {
  auto table = sample(3, 4, Seed{6});
  evaluate(table, [](auto x) { return x[0] + 2 * x[1] + 3 * x[2]; });
  table.values[5] = std::nullopt; // second row of the second trajectory

  const auto made = morris(table);

  std::int64_t lost = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    lost += made.effects[i].lost;
    EXPECT_EQ(made.effects[i].effects + made.effects[i].lost, 4);
    EXPECT_NEAR(made.effects[i].mu->value, static_cast<double>(i + 1), 1e-12);
  }
  EXPECT_EQ(lost, 2);
  EXPECT_EQ(made.rows_missing, 1);
  EXPECT_EQ(made.runs_missing, 1);
}

TEST(Morris, WhatASeedDoesToBothRowsCancels) {
  auto table = sample(2, 5, Seed{7});
  evaluate(table, [](auto x) { return 4 * x[0] + x[1]; });
  const auto single = table.values;
  table.values.clear();
  table.replicates = 3;
  for (const auto& y : single)
    for (const double seed : {-20.0, 1.0, 300.0})
      table.values.push_back(*y + seed);
  table.values[4] = std::nullopt; // one replicate of the second row

  const auto made = morris(table);

  EXPECT_NEAR(made.effects[0].mu->value, 4, 1e-12);
  EXPECT_NEAR(made.effects[1].mu->value, 1, 1e-12);
  EXPECT_NEAR(made.effects[0].sigma->value, 0, 1e-11);
  EXPECT_EQ(made.rows_missing, 0);
  EXPECT_EQ(made.runs_missing, 1);
  EXPECT_EQ(made.effects[0].lost + made.effects[1].lost, 0);
}

TEST(Morris, AGroupHasOnlyMuStar) {
  MorrisTable table;
  table.factors = 3;
  table.trajectory_rows = 3;
  table.groups = {0, 0, 1};
  table.coordinates = {0, 0.5, 0, 0.5, 0, 0, 0.5, 0, 0.5};
  evaluate(table, [](auto x) { return x[0] + x[1] + 4 * x[2]; });

  const auto made = morris(table);

  ASSERT_EQ(made.effects.size(), 2U);
  EXPECT_FALSE(made.effects[0].mu);
  EXPECT_FALSE(made.effects[0].sigma);
  EXPECT_DOUBLE_EQ(made.effects[0].mu_star->value, 0); // they cancel
  EXPECT_DOUBLE_EQ(made.effects[1].mu->value, 4);
}

TEST(Morris, IntervalsNeedTrajectories) {
  auto table = sample(2, 1, Seed{8});
  evaluate(table, [](auto x) { return x[0] * x[0]; });
  const auto one = morris(table);
  EXPECT_FALSE(one.effects[0].mu->interval);
  EXPECT_FALSE(one.effects[0].sigma);

  table = sample(2, 12, Seed{8});
  evaluate(table, [](auto x) { return x[0] * x[1]; });
  const auto twelve = morris(table);
  EXPECT_TRUE(twelve.effects[0].mu->interval);
  EXPECT_GE(twelve.effects[0].mu_star->interval->low, 0);
  ASSERT_TRUE(twelve.effects[0].sigma->interval);
  EXPECT_TRUE(twelve.effects[0].sigma->interval->contains(
    twelve.effects[0].sigma->value));
}

} // namespace
} // namespace lab::sweeps::statistics
