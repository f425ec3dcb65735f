#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "sweeps/designs/sobol_sequence.hpp"
#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

TEST(Sobol, NotScrambledItIsScipysToTheLastBit) {
  const SobolSequence sequence{40};

  const auto rows = table("sobol.txt");
  ASSERT_EQ(rows.size(), 42U);
  for (const auto& row : rows) {
    const auto index = std::stoull(row[0]);
    for (std::size_t k = 0; k < 40; ++k)
      ASSERT_EQ(sequence.at(index, k), std::stod(row[k + 1]))
        << "index " << index << " dimension " << k;
  }
}

TEST(Sobol, ItBeginsWithTheZeroPoint) {
  const auto points = units(*make_sobol(number_axes(2), 4, false, Seed{1}));

  EXPECT_EQ(points, (std::vector<std::vector<double>>{
                      {0, 0}, {0.5, 0.5}, {0.75, 0.25}, {0.25, 0.75}}));
}

/// Every box of 2^-a by 2^-b with a + b = 6 holds one of 64 points.
void expect_net(const std::vector<std::vector<double>>& points) {
  for (int a = 0; a <= 6; ++a) {
    std::set<std::pair<int, int>> boxes;
    for (const auto& point : points)
      boxes.emplace(static_cast<int>(std::ldexp(point[0], a)),
                    static_cast<int>(std::ldexp(point[1], 6 - a)));
    EXPECT_EQ(boxes.size(), 64U) << "2^-" << a;
  }
}

TEST(Sobol, ScrambledPointsFillEveryBoxOfTheirNet) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U})
    expect_net(units(*make_sobol(number_axes(2), 64, true, Seed{seed})));
}

TEST(Sobol, TheFormulaOfDiscrepancyIsScipys) {
  const auto row = table("discrepancy.txt").back();
  ASSERT_EQ(row[0], "unscrambled");
  EXPECT_NEAR(
    centred_discrepancy(units(*make_sobol(number_axes(5), 64, false, Seed{1}))),
    std::stod(row[1]), 1e-12);
}

TEST(Sobol, ScrambledItIsAsEvenAsScipys) {
  double scipy = 0;
  double random = 0;
  for (const auto& row : table("discrepancy.txt")) {
    if (row[0] == "sobol")
      scipy = std::stod(row[1]);
    if (row[0] == "random")
      random = std::stod(row[1]);
  }
  double ours = 0;
  double chance = 0;
  constexpr std::uint64_t seeds = 200;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    ours += centred_discrepancy(
      units(*make_sobol(number_axes(5), 64, true, Seed{seed})));
    chance +=
      centred_discrepancy(units(*make_random(number_axes(5), 64, Seed{seed})));
  }
  EXPECT_NEAR(ours / seeds, scipy, 0.02 * scipy);
  EXPECT_NEAR(chance / seeds, random, 0.1 * random);
}

TEST(Sobol, EachScrambledPointIsUniformByItself) {
  // Kolmogorov and Smirnov's distance of the first and third point's second
  // coordinate over seeds; the limit is that of one in a thousand.
  constexpr std::size_t seeds = 1'000;
  for (const std::int64_t point : {0, 2}) {
    std::vector<double> values;
    for (std::uint64_t seed = 0; seed < seeds; ++seed)
      values.push_back(
        make_sobol(number_axes(2), 4, true, Seed{seed})->unit(point)[1]);
    std::ranges::sort(values);
    double distance = 0;
    for (std::size_t i = 0; i < seeds; ++i)
      distance = std::max(
        distance, std::abs(values[i] - (static_cast<double>(i) + 0.5) / seeds));
    EXPECT_LT(distance, 1.95 / std::sqrt(static_cast<double>(seeds)));
  }
}

TEST(Sobol, MorePointsKeepTheEarlierOnes) {
  const auto few = units(*make_sobol(number_axes(3), 16, true, Seed{9}));
  auto many = units(*make_sobol(number_axes(3), 64, true, Seed{9}));

  many.resize(few.size());
  EXPECT_EQ(many, few);
}

TEST(Sobol, OneMoreFactorKeepsTheOthers) {
  const auto two = make_sobol(number_axes(2), 16, true, Seed{9});
  const auto three = make_sobol(number_axes(3), 16, true, Seed{9});

  for (std::int64_t i = 0; i < 16; ++i) {
    EXPECT_EQ(three->unit(i)[0], two->unit(i)[0]);
    EXPECT_EQ(three->unit(i)[1], two->unit(i)[1]);
  }
}

TEST(Sobol, IntegratesBetterThanChance) {
  // The product of 1 + 0.5 (x - 1/2) over six factors has the mean 1.
  double sum = 0;
  const auto leaf = make_sobol(number_axes(6), 1024, true, Seed{2});
  for (const auto& point : units(*leaf)) {
    double product = 1;
    for (const auto x : point)
      product *= 1 + 0.5 * (x - 0.5);
    sum += product;
  }
  // Random points would be off by about 0.011.
  EXPECT_NEAR(sum / 1024, 1, 1e-3);
}

} // namespace
} // namespace lab::sweeps
