#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

/// Each of n cells of each coordinate holds one of the first n points.
void expect_one_a_cell(const std::vector<std::vector<double>>& points,
                       std::size_t n) {
  for (std::size_t k = 0; k < points.front().size(); ++k) {
    std::set<std::size_t> cells;
    for (std::size_t i = 0; i < n; ++i)
      cells.insert(
        static_cast<std::size_t>(points[i][k] * static_cast<double>(n)));
    EXPECT_EQ(cells.size(), n) << "coordinate " << k << " of " << n;
  }
}

double least_distance(const std::vector<std::vector<double>>& points) {
  double least = 1e9;
  for (std::size_t a = 0; a < points.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      double sum = 0;
      for (std::size_t k = 0; k < points[a].size(); ++k)
        sum += (points[a][k] - points[b][k]) * (points[a][k] - points[b][k]);
      least = std::min(least, std::sqrt(sum));
    }
  return least;
}

TEST(LatinHypercube, EveryCellOfEveryFactorHoldsOnePoint) {
  for (const std::int64_t n : {1, 2, 3, 10, 17, 60, 64, 100, 1000})
    for (const std::uint64_t seed : {1U, 2U, 3U})
      expect_one_a_cell(
        units(*make_latin_hypercube(number_axes(4), n, Seed{seed})),
        static_cast<std::size_t>(n));
}

TEST(LatinHypercube, ItsFirstHalvesAreLatinHypercubesToo) {
  const auto points = units(*make_latin_hypercube(number_axes(3), 96, Seed{7}));

  for (const std::size_t n : {3U, 6U, 12U, 24U, 48U, 96U})
    expect_one_a_cell(points, n);
}

TEST(LatinHypercube, TwiceThePointsKeepTheEarlierOnes) {
  const auto small = units(*make_latin_hypercube(number_axes(3), 20, Seed{7}));
  auto large = units(*make_latin_hypercube(number_axes(3), 40, Seed{7}));

  large.resize(small.size());
  EXPECT_EQ(large, small);
}

TEST(LatinHypercube, EveryOrderOfThreePointsIsEquallyLikely) {
  std::map<std::vector<int>, int> orders;
  constexpr int draws = 3'000;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    const auto points =
      units(*make_latin_hypercube(number_axes(1), 3, Seed{seed}));
    std::vector<int> order;
    for (const auto& point : points)
      order.push_back(static_cast<int>(point[0] * 3));
    ++orders[order];
  }
  ASSERT_EQ(orders.size(), 6U);
  double chi = 0;
  for (const auto& [order, count] : orders)
    chi += (count - draws / 6.0) * (count - draws / 6.0) / (draws / 6.0);
  EXPECT_LT(chi, 20.5); // 99.9 % of five degrees of freedom
}

TEST(LatinHypercube, FactorsAreNotCorrelated) {
  double sum = 0;
  constexpr std::uint64_t seeds = 200;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto points =
      units(*make_latin_hypercube(number_axes(2), 32, Seed{seed}));
    for (const auto& point : points)
      sum += (point[0] - 0.5) * (point[1] - 0.5);
  }
  // The standard error of the correlation is 1 / sqrt(6400).
  EXPECT_NEAR(sum / (32.0 * seeds) * 12, 0, 4 / std::sqrt(32.0 * seeds));
}

TEST(LatinHypercube, IsAsEvenAsScipysOnAverage) {
  std::map<std::string, double> known;
  for (const auto& row : table("discrepancy.txt"))
    known[row[0]] = std::stod(row[1]);
  double sum = 0;
  constexpr std::uint64_t seeds = 200;
  for (std::uint64_t seed = 0; seed < seeds; ++seed)
    sum += centred_discrepancy(
      units(*make_latin_hypercube(number_axes(5), 64, Seed{seed})));
  const double mean = sum / seeds;
  // Ours is a little less even, since its halves must be hypercubes, too.
  EXPECT_LT(mean, known.at("latin-hypercube") * 1.08);
  EXPECT_GT(mean, known.at("sobol"));
  EXPECT_LT(mean, known.at("random") / 3);
}

TEST(LatinHypercube, AMillionPointsAreMadeOneAtATime) {
  const auto leaf = make_latin_hypercube(number_axes(2), 1'000'000, Seed{5});

  EXPECT_EQ(leaf->size(), 1'000'000);
  std::set<std::size_t> cells;
  for (std::int64_t i = 0; i < 1'000'000; i += 1000)
    cells.insert(static_cast<std::size_t>(leaf->unit(i)[1] * 1e6));
  EXPECT_EQ(cells.size(), 1000U);
}

TEST(Maximin, KeepsOnePointACellAndPushesPointsApart) {
  double plain = 0;
  double improved = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    const auto points = units(*make_maximin(number_axes(3), 20, Seed{seed}));
    expect_one_a_cell(points, 20);
    plain += least_distance(
      units(*make_latin_hypercube(number_axes(3), 20, Seed{seed})));
    improved += least_distance(points);
  }
  EXPECT_GT(improved, 2 * plain);
}

TEST(Maximin, IsTheSameForTheSameSeed) {
  EXPECT_EQ(units(*make_maximin(number_axes(2), 12, Seed{4})),
            units(*make_maximin(number_axes(2), 12, Seed{4})));
}

TEST(Random, EachCoordinateHangsOnNameAndNumberAlone) {
  const auto few = units(*make_random(number_axes(2), 10, Seed{3}));
  auto axes = number_axes(3);
  std::swap(axes[0], axes[1]);
  const auto many = units(*make_random(std::move(axes), 20, Seed{3}));

  for (std::size_t i = 0; i < few.size(); ++i) {
    EXPECT_EQ(many[i][1], few[i][0]);
    EXPECT_EQ(many[i][0], few[i][1]);
  }
}

} // namespace
} // namespace lab::sweeps
