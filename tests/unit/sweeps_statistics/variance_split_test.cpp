// Expected numbers: reference.py; balanced data by the textbook's mean squares.
#include <cmath>

#include <gtest/gtest.h>

#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/variance_split.hpp"
#include "tests/unit/sweeps_statistics/unbalanced.hpp"

namespace lab::sweeps::statistics {
namespace {

const std::vector<SplitTerm> a_and_b{{"a", TermRole::factor, 3},
                                     {"b", TermRole::model, 2}};

SplitOptions quick(LevelsAre levels = LevelsAre::all, bool paired = false) {
  SplitOptions made;
  made.levels = levels;
  made.paired = paired;
  made.bootstrap.resamples = 200;
  made.bootstrap.seed = Seed{1};
  return made;
}

double sum_of_shares(const VarianceSplit& split) {
  double sum = 0;
  for (const auto& part : split.parts)
    sum += part.share.value;
  return sum;
}

TEST(VarianceSplit, FollowsItsFormulasOnUnbalancedData) {
  struct Row {
    LevelsAre levels;
    double a, b, interaction;
  };
  for (const auto& row :
       {Row{LevelsAre::all, 0.866611796982, 1.15944444444, 0.036049382716},
        Row{LevelsAre::sampled, 1.30397660819, 2.27833333333,
            0.121666666667}}) {
    const auto made =
      split_variance(unbalanced_rows(), a_and_b, quick(row.levels));
    ASSERT_EQ(made.parts.size(), 4U);
    EXPECT_EQ(made.n, 9);
    EXPECT_EQ(made.points, 6);
    EXPECT_EQ(made.noise_freedom, 3);
    EXPECT_NEAR(made.parts[0].variance, row.a, 1e-9);
    EXPECT_NEAR(made.parts[1].variance, row.b, 1e-9);
    EXPECT_NEAR(made.parts[2].variance, row.interaction, 1e-9);
    EXPECT_NEAR(made.parts[3].variance, 0.113333333333, 1e-9);
    EXPECT_NEAR(sum_of_shares(made), 1, 1e-12);
    EXPECT_EQ(made.parts[1].role, TermRole::model);
    EXPECT_EQ(made.parts[2].name, "interaction");
    EXPECT_EQ(made.parts[3].name, "replicate noise");
  }
}

/// a x b x 2 runs with y = effect_a + effect_b + interaction +- 0.5.
std::vector<LevelRow> balanced() {
  std::vector<LevelRow> rows;
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 2; ++b)
      for (std::uint64_t r = 0; r < 2; ++r)
        rows.push_back(
          {{a, b},
           4.0 * static_cast<double>(a) + 3.0 * static_cast<double>(b)
             + (a == 2 && b == 1 ? 1.2 : 0) + (r == 0 ? 0.5 : -0.5),
           r,
           2 * a + b});
  return rows;
}

TEST(VarianceSplit, BalancedDataGiveTheTextbooksMeanSquares) {
  // Point means: a 0 4 8.6 (mean over b, less 1.5), b ...
  const double means[3][2] = {{0, 3}, {4, 7}, {8, 12.2}};
  double grand = 0;
  double of_a[3] = {};
  double of_b[2] = {};
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 2; ++b) {
      grand += means[a][b] / 6;
      of_a[a] += means[a][b] / 2;
      of_b[b] += means[a][b] / 3;
    }
  double ms_a = 0;
  double ms_b = 0;
  double ms_ab = 0;
  for (int a = 0; a < 3; ++a)
    ms_a += 4 * std::pow(of_a[a] - grand, 2) / 2;
  for (int b = 0; b < 2; ++b)
    ms_b += 6 * std::pow(of_b[b] - grand, 2);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 2; ++b)
      ms_ab += 2 * std::pow(means[a][b] - of_a[a] - of_b[b] + grand, 2) / 2;
  const double ms_e = 0.5; // two runs, +-0.5

  const auto random =
    split_variance(balanced(), a_and_b, quick(LevelsAre::sampled));
  EXPECT_NEAR(random.parts[0].variance, (ms_a - ms_ab) / 4, 1e-9);
  EXPECT_NEAR(random.parts[1].variance, (ms_b - ms_ab) / 6, 1e-9);
  EXPECT_NEAR(random.parts[2].variance, (ms_ab - ms_e) / 2, 1e-9);
  EXPECT_NEAR(random.parts[3].variance, ms_e, 1e-12);

  const auto finite = split_variance(balanced(), a_and_b, quick());
  EXPECT_NEAR(finite.parts[0].variance, 2 * (ms_a - ms_e) / 12, 1e-9);
  EXPECT_NEAR(finite.parts[1].variance, (ms_b - ms_e) / 12, 1e-9);
  EXPECT_NEAR(finite.parts[2].variance, 2 * (ms_ab - ms_e) / 12, 1e-9);
}

TEST(VarianceSplit, IsExactWithoutNoise) {
  auto rows = balanced();
  for (auto& row : rows)
    row.value = 2.0 * static_cast<double>(row.levels[0])
                - 5.0 * static_cast<double>(row.levels[1]);
  const auto made = split_variance(rows, a_and_b, quick());
  // Variance of 0 2 4 over three levels: 8/3; of 0 -5 over two: 25/4.
  EXPECT_NEAR(made.parts[0].variance, 8.0 / 3, 1e-9);
  EXPECT_NEAR(made.parts[1].variance, 6.25, 1e-9);
  EXPECT_NEAR(made.parts[2].variance, 0, 1e-9);
  EXPECT_NEAR(made.parts[3].variance, 0, 1e-9);
  EXPECT_NEAR(made.parts[0].share.interval->high, 8.0 / 3 / (8.0 / 3 + 6.25),
              1e-6);
}

TEST(VarianceSplit, CommonSeedsAreNoiseButNotError) {
  auto rows = balanced();
  for (auto& row : rows) // what a seed does to all points is all there is
    row.value += row.seed == 0 ? 0 : -0.0;
  const auto paired =
    split_variance(rows, a_and_b, quick(LevelsAre::all, true));
  ASSERT_TRUE(paired.seed_variance);
  EXPECT_NEAR(*paired.seed_variance, 0.5, 1e-9);
  EXPECT_NEAR(paired.parts[3].variance, 0.5, 1e-9);
  EXPECT_EQ(paired.noise_freedom, 5);
  // Effects are then free of error, and nothing is subtracted from them.
  const auto apart = split_variance(rows, a_and_b, quick());
  EXPECT_GT(paired.parts[0].variance, apart.parts[0].variance);
}

TEST(VarianceSplit, WithoutReplicatesInteractionAndNoiseAreOnePart) {
  auto rows = balanced();
  std::erase_if(rows, [](const LevelRow& row) { return row.seed == 1; });
  const auto made = split_variance(rows, a_and_b, quick());
  EXPECT_FALSE(made.is_noise_known);
  ASSERT_EQ(made.parts.size(), 3U);
  EXPECT_EQ(made.parts[2].name, "interaction and noise");
  EXPECT_NEAR(sum_of_shares(made), 1, 1e-12);
}

TEST(VarianceSplit, SaysWhenItCannotTell) {
  std::vector<LevelRow> rows{
    {{0, 0}, 1, 0, 0}, {{1, 1}, 2, 0, 1}, {{0, 0}, 3, 1, 0}};
  EXPECT_TRUE(split_variance(rows, a_and_b, quick()).is_confounded);

  for (auto& row : rows)
    row.value = 5;
  const auto constant = split_variance(rows, a_and_b, quick());
  EXPECT_TRUE(constant.is_constant);
  EXPECT_TRUE(constant.parts.empty());

  const std::vector<LevelRow> single{{{0}, 1, 0, 0}, {{1}, 2, 0, 1}};
  EXPECT_TRUE(
    split_variance(single, std::vector{a_and_b[1]}, quick()).is_confounded)
    << "one run a level: all of it might be noise";
  EXPECT_TRUE(split_variance({}, a_and_b, quick()).is_constant);
}

TEST(VarianceSplit, IntervalsHoldTheTruthAndTheSameSeedGivesTheSame) {
  const Draws noise{Seed{21}};
  std::uint64_t counter = 0;
  int held = 0;
  constexpr int trials = 60;
  // Finite variances 8/3, 9/4 and noise 4.
  const double truth = (8.0 / 3) / (8.0 / 3 + 2.25 + 4);
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<LevelRow> rows;
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 2; ++b)
        for (std::uint64_t r = 0; r < 5; ++r)
          rows.push_back({{a, b},
                          2.0 * static_cast<double>(a)
                            + 3.0 * static_cast<double>(b)
                            + 2 * noise.normal(counter++),
                          r,
                          2 * a + b});
    const auto made = split_variance(rows, a_and_b, quick());
    held += made.parts[0].share.interval->contains(truth) ? 1 : 0;
    if (trial == 0) {
      const auto again = split_variance(rows, a_and_b, quick());
      EXPECT_EQ(again.parts[0].share.interval, made.parts[0].share.interval);
    }
  }
  EXPECT_GE(held, trials * 85 / 100);
}

} // namespace
} // namespace lab::sweeps::statistics
