// Expected numbers: reference.py.
#include <cmath>

#include <gtest/gtest.h>

#include "sweeps/statistics/comparison.hpp"
#include "sweeps/statistics/multiplicity.hpp"
#include "tests/unit/sweeps_statistics/samples.hpp"

namespace lab::sweeps::statistics {
namespace {

const BootstrapOptions options{Seed{7}, 2000, 0.95, Method::bca};

TEST(Comparison, RunsWithCommonSeedsArePaired) {
  const auto made = compare(runs_of(sample_x), runs_of(sample_y), options);

  EXPECT_TRUE(made.is_paired);
  EXPECT_EQ(made.pairs, 7);
  EXPECT_EQ(made.unpaired, 0);
  EXPECT_EQ(made.effective_n, 7);
  EXPECT_NEAR(*made.difference, 1.11428571429, 1e-11);
  EXPECT_NEAR(made.interval->low, 0.231346870852, 1e-8);
  EXPECT_NEAR(made.interval->high, 1.99722455772, 1e-8);
  EXPECT_NEAR(*made.p, 0.0214412181098, 1e-11);
  EXPECT_NEAR(*made.pairing_gain, 0.86800910282, 1e-10);
  ASSERT_TRUE(made.bootstrap);
  EXPECT_TRUE(made.bootstrap->contains(*made.difference));
}

TEST(Comparison, APairThatLostASideIsLeftOutAndCounted) {
  auto second = runs_of(sample_y);
  second[3] = without(4, "refused");

  const auto made = compare(runs_of(sample_x), second, options);

  EXPECT_EQ(made.pairs, 6);
  EXPECT_EQ(made.unpaired, 1);
  EXPECT_EQ(made.second_missing.at("refused"), 1);
  double sum = 0;
  for (std::size_t i = 0; i < 7; ++i)
    if (i != 3)
      sum += sample_y[i] - sample_x[i];
  EXPECT_NEAR(*made.difference, sum / 6, 1e-12);
}

TEST(Comparison, WithoutCommonSeedsItIsWelchs) {
  auto second = runs_of(std::span{sample_y}.first(5));
  for (auto& run : second)
    run.seed += 100;

  const auto made = compare(runs_of(sample_x), second, options);

  EXPECT_FALSE(made.is_paired);
  EXPECT_EQ(made.method, Method::welch);
  EXPECT_NEAR(*made.difference, 1.08285714286, 1e-11);
  EXPECT_NEAR(made.interval->low, -1.80357585669, 1e-9);
  EXPECT_NEAR(made.interval->high, 3.96929014241, 1e-9);
  EXPECT_NEAR(*made.p, 0.408784191648, 1e-10);
}

TEST(Comparison, CopiesOnEitherSideAreOneDifference) {
  std::vector<Observation> first;
  std::vector<Observation> second;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    first.push_back(reading(seed, 4, "one text"));
    second.push_back(
      reading(seed, 5 + static_cast<double>(seed), std::to_string(seed)));
  }

  const auto made = compare(first, second, options);

  EXPECT_EQ(made.pairs, 8);
  EXPECT_EQ(made.effective_n, 1);
  EXPECT_FALSE(made.interval);
  EXPECT_FALSE(made.p);
  EXPECT_TRUE(made.difference);
}

TEST(Comparison, EqualDifferencesAreNotCertainty) {
  const std::vector<double> before{1, 2, 4};
  const std::vector<double> after{2, 3, 5};
  const auto made = compare(runs_of(before), runs_of(after), options);
  EXPECT_EQ(*made.difference, 1);
  EXPECT_FALSE(made.interval);
  EXPECT_FALSE(made.p);
}

TEST(Comparison, NothingComparesToNothing) {
  const std::vector<Observation> none{without(1, "failed")};
  const auto made = compare(none, {}, options);
  EXPECT_FALSE(made.difference);
  EXPECT_EQ(made.first_missing.at("failed"), 1);
}

TEST(OneAtATime, EveryChangeIsComparedAndAdjusted) {
  const std::vector<OneChange> changes{
    {"rule", "binding", runs_of(sample_y)},
    {"rule", "none", runs_of(sample_x)},
    {"start", "tense", runs_of(std::vector<double>{4, 6, 2, 8, 5, 6, 4})}};

  const auto made = one_at_a_time(runs_of(sample_x), changes, options);

  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].level, "binding");
  EXPECT_NEAR(*made[0].against_baseline.difference, 1.11428571429, 1e-11);
  // The unchanged level has no p, so two tests remain.
  EXPECT_EQ(*made[1].against_baseline.difference, 0);
  EXPECT_FALSE(made[1].adjusted_p);
  EXPECT_NEAR(*made[0].adjusted_p, 2 * 0.0214412181098, 1e-11);
  EXPECT_GE(*made[2].adjusted_p, *made[2].against_baseline.p);
}

TEST(Multiplicity, AdjustedValuesAreTheTextbooks) {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005, 0.2};
  const std::vector<double> by_holm{0.04, 0.09, 0.09, 0.025, 0.2};
  const std::vector<double> by_bh{0.025, 0.05, 0.05, 0.025, 0.2};
  for (std::size_t i = 0; i < p.size(); ++i) {
    EXPECT_NEAR(holm(p)[i], by_holm[i], 1e-15) << i;
    EXPECT_NEAR(benjamini_hochberg(p)[i], by_bh[i], 1e-15) << i;
  }
}

TEST(Multiplicity, TheNoteCountsWhatSurvives) {
  const auto note =
    multiplicity_note(std::vector<double>{0.01, 0.04, 0.03, 0.005, 0.2});
  EXPECT_EQ(note.text(),
            "5 comparisons were made. If nothing had any effect, about 0.25 of "
            "them would still fall below p = 0.05 by chance; 4 did. After "
            "Holm's adjustment, which bounds the chance of any false claim, 2 "
            "remain; after Benjamini and Hochberg's, which bounds the share of "
            "false claims, 4.");
  EXPECT_EQ(multiplicity_note(std::vector<double>{0.01}).text(), "");
}

} // namespace
} // namespace lab::sweeps::statistics
