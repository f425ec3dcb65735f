// Expected numbers: reference.py.
#include <cmath>

#include <gtest/gtest.h>

#include "sweeps/statistics/effects.hpp"
#include "tests/unit/sweeps_statistics/unbalanced.hpp"

namespace lab::sweeps::statistics {
namespace {

TEST(MainEffects, AreLeastSquaresMeansOfUnbalancedData) {
  const auto made =
    main_effects(unbalanced_rows(), std::vector<std::size_t>{3, 2}, false);

  ASSERT_FALSE(made.is_confounded);
  const auto& a = made.factors[0].levels;
  const auto& b = made.factors[1].levels;
  EXPECT_NEAR(a[0].effect->value, -0.151851851852, 1e-11);
  EXPECT_NEAR(a[1].effect->value, 1.22592592593, 1e-11);
  EXPECT_NEAR(a[2].effect->value, -1.07407407407, 1e-11);
  EXPECT_NEAR(b[0].effect->value, -1.08333333333, 1e-11);
  EXPECT_NEAR(b[0].effect->interval->low, -1.4670117492, 1e-9);
  EXPECT_NEAR(b[0].effect->interval->high, -0.699654917464, 1e-9);
  EXPECT_NEAR(b[1].adjusted->value, 4.3462962963 + 1.08333333333, 1e-9);
  EXPECT_NEAR(made.residual_sd, 0.42216373864, 1e-10);
  EXPECT_EQ(made.freedom, 5);
  EXPECT_NEAR(*made.factors[0].p, 0.00315484751093, 1e-12);
  EXPECT_NEAR(*made.factors[1].range, 2.16666666667, 1e-10);
  EXPECT_EQ(a[0].n, 3);
  EXPECT_NEAR(*a[0].mean, 11.5 / 3, 1e-12);
}

TEST(MainEffects, AreExactForAnAdditiveFunction) {
  std::vector<LevelRow> rows;
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 2; ++b)
      rows.push_back(
        {{a, b}, 10.0 * static_cast<double>(a) + (b ? 1 : 0), 1, rows.size()});
  rows.erase(rows.begin() + 3); // and unbalanced

  const auto made = main_effects(rows, std::vector<std::size_t>{3, 2}, false);

  EXPECT_NEAR(*made.factors[0].range, 20, 1e-11);
  EXPECT_NEAR(*made.factors[1].range, 1, 1e-11);
  EXPECT_NEAR(made.residual_sd, 0, 1e-11);
}

TEST(MainEffects, CommonSeedsAreABlock) {
  std::vector<LevelRow> rows;
  for (std::size_t a = 0; a < 2; ++a)
    for (std::uint64_t seed = 0; seed < 4; ++seed)
      rows.push_back({{a},
                      5.0 * static_cast<double>(a)
                        + 100.0 * static_cast<double>(seed)
                        + (a == 1 && seed == 3 ? 0.1 : 0.0),
                      seed,
                      a});
  const std::vector<std::size_t> counts{2};

  const auto paired = main_effects(rows, counts, true);
  const auto apart = main_effects(rows, counts, false);

  EXPECT_NEAR(*paired.factors[0].range, 5.025, 1e-9);
  EXPECT_NEAR(*apart.factors[0].range, 5.025, 1e-9);
  EXPECT_LT(*paired.factors[0].p, 1e-4);
  EXPECT_GT(*apart.factors[0].p, 0.9);
}

TEST(MainEffects, FactorsThatMoveTogetherCannotBeToldApart) {
  const std::vector<LevelRow> rows{
    {{0, 0}, 1, 1, 0}, {{1, 1}, 2, 1, 1}, {{0, 0}, 1.5, 2, 0}};
  const auto made = main_effects(rows, std::vector<std::size_t>{2, 2}, false);
  EXPECT_TRUE(made.is_confounded);
  EXPECT_FALSE(made.factors[0].range);
  EXPECT_EQ(*made.factors[0].levels[0].mean, 1.25);
}

TEST(MainEffects, ALevelWithoutRunsHasNoEffect) {
  const std::vector<LevelRow> rows{
    {{0}, 1, 1, 0}, {{2}, 2, 1, 2}, {{0}, 3, 2, 0}, {{2}, 4, 2, 2}};
  const auto made = main_effects(rows, std::vector<std::size_t>{3}, false);
  EXPECT_FALSE(made.factors[0].levels[1].effect);
  EXPECT_EQ(made.factors[0].levels[1].n, 0);
  EXPECT_NEAR(*made.factors[0].range, 1, 1e-12);
  EXPECT_TRUE(
    main_effects({}, std::vector<std::size_t>{3}, false).factors[0].levels[0].n
    == 0);
}

TEST(ResponseCurve, HasABinForEveryValueWhenTheyAreFew) {
  // x = 1: one point of three runs; x = 2: two points of two runs.
  const std::vector<CurveRow> rows{{2, 5, 7}, {1, 3, 4}, {1, 4, 4}, {2, 7, 7},
                                   {2, 9, 8}, {1, 5, 4}, {2, 9, 8}};
  const auto made = response_curve(rows, 5);

  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].x, 1);
  EXPECT_EQ(made[0].n, 3);
  EXPECT_EQ(made[0].effective_n, 3);
  EXPECT_DOUBLE_EQ(made[0].mean, 4);
  EXPECT_EQ(made[1].n, 4);
  EXPECT_EQ(made[1].effective_n, 2) << "runs of a point are not independent";
  EXPECT_DOUBLE_EQ(made[1].mean, 7.5);
  EXPECT_TRUE(made[1].interval->contains(7.5));
}

TEST(ResponseCurve, BinsHoldEqualNumbersOfPoints) {
  std::vector<CurveRow> rows;
  for (std::size_t i = 0; i < 103; ++i) {
    const double x = static_cast<double>((i * 37) % 103) / 103;
    rows.push_back({x, 2 * x, i});
  }
  const auto made = response_curve(rows, 10);

  ASSERT_EQ(made.size(), 10U);
  std::int64_t n = 0;
  for (const auto& bin : made) {
    EXPECT_GE(bin.effective_n, 10);
    EXPECT_LE(bin.effective_n, 11);
    EXPECT_NEAR(bin.mean, 2 * bin.x, 1e-12);
    EXPECT_LE(bin.low, bin.high);
    n += bin.n;
  }
  EXPECT_EQ(n, 103);
  EXPECT_TRUE(response_curve({}, 10).empty());
}

TEST(ResponseCurve, EqualValuesOfXAreNeverSplit) {
  std::vector<CurveRow> rows;
  for (std::size_t i = 0; i < 40; ++i)
    rows.push_back({i < 30 ? 0.5 : static_cast<double>(i), 1.0, i});
  const auto made = response_curve(rows, 3);
  EXPECT_EQ(made[0].n, 30);
  EXPECT_EQ(made[0].low, made[0].high);
  EXPECT_FALSE(made[0].interval) << "no spread";
}

} // namespace
} // namespace lab::sweeps::statistics
