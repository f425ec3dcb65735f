// Expected numbers: reference.py; bounds by hand.
#include <cmath>

#include <gtest/gtest.h>

#include "sweeps/statistics/censoring.hpp"
#include "sweeps/statistics/missingness.hpp"
#include "tests/unit/sweeps_statistics/samples.hpp"

namespace lab::sweeps::statistics {
namespace {

const MetricKind unbounded{};
const MetricKind zero_to_ten{Interval{0, 10}, false};

std::vector<Observation> six_of_eight() {
  auto runs = runs_of(std::vector<double>{4, 5, 6, 5, 4, 6});
  runs.push_back(without(7, "failed"));
  runs.push_back(without(8, "refused"));
  return runs;
}

TEST(Censoring, BoundsPutMissingNumbersAtBothEndsOfTheRange) {
  const auto made = censored_mean(six_of_eight(), zero_to_ten);

  EXPECT_EQ(made.n, 8);
  EXPECT_EQ(made.with_number, 6);
  EXPECT_DOUBLE_EQ(made.missing_share, 0.25);
  EXPECT_DOUBLE_EQ(*made.mean, 5);
  EXPECT_DOUBLE_EQ(made.bounds->low, 30.0 / 8);
  EXPECT_DOUBLE_EQ(made.bounds->high, 50.0 / 8);
  EXPECT_LT(made.interval->low, made.bounds->low);
  EXPECT_GT(made.interval->high, made.bounds->high);
  EXPECT_EQ(made.text(),
            "2 of 8 runs have no number (failed 1, refused 1); the mean over "
            "all runs lies between 3.75 and 6.25 whatever they would have "
            "been");
}

TEST(Censoring, WithoutARangeNothingBoundsWhatIsMissing) {
  const auto made = censored_mean(six_of_eight(), unbounded);
  EXPECT_TRUE(made.is_unbounded());
  EXPECT_FALSE(made.interval);
  EXPECT_EQ(made.text(),
            "2 of 8 runs have no number (failed 1, refused 1); the metric "
            "declares no range, so the mean over all runs is unbounded");
}

TEST(Censoring, WithNothingMissingTheBoundsAreTheMean) {
  const auto made = censored_mean(runs_of(sample_x), unbounded);
  EXPECT_EQ(made.bounds->low, made.bounds->high);
  EXPECT_EQ(made.text(), "");
  EXPECT_FALSE(made.is_unbounded());
  EXPECT_NEAR(made.interval->low, 3.2460889559, 1e-8);
}

TEST(Censoring, WithEverythingMissingTheRangeIsLeft) {
  const std::vector<Observation> runs{without(1, "failed"),
                                      without(2, "failed")};
  const auto made = censored_mean(runs, zero_to_ten);
  EXPECT_FALSE(made.mean);
  EXPECT_EQ(*made.bounds, (Interval{0, 10}));
  EXPECT_EQ(censored_mean({}, zero_to_ten).n, 0);
}

TEST(Censoring, ADifferenceIsBoundedByTheWorstOfBoth) {
  const auto first = censored_mean(six_of_eight(), zero_to_ten);
  const auto second =
    censored_mean(runs_of(std::vector<double>{8, 8, 8}), zero_to_ten);
  const auto made = difference_bounds(first, second);
  EXPECT_DOUBLE_EQ(made->low, 8 - 6.25);
  EXPECT_DOUBLE_EQ(made->high, 8 - 3.75);
  EXPECT_FALSE(
    difference_bounds(first, censored_mean(six_of_eight(), unbounded)));
}

// --- whether missing numbers depend on a factor ------------------------------

MissingByFactor factor(const std::string& name,
                       std::vector<std::pair<int, int>> missing_of_runs) {
  MissingByFactor made{name, {}};
  for (const auto& [missing, runs] : missing_of_runs)
    made.levels.push_back(
      {"level " + std::to_string(made.levels.size()), missing, runs});
  return made;
}

TEST(Missingness, PIsThatOfTheTestsInTheBooks) {
  struct Row {
    MissingByFactor table;
    MissingTest test;
    double p;
  };
  for (const auto& row : {Row{factor("a", {{1, 10}, {6, 10}}),
                              MissingTest::exact, 0.0572755417957},
                          Row{factor("b", {{0, 20}, {3, 20}}),
                              MissingTest::exact, 0.230769230769},
                          Row{factor("c", {{12, 60}, {20, 60}, {31, 60}}),
                              MissingTest::chi_square, 0.00127263380134},
                          Row{factor("d", {{0, 5}, {4, 6}, {1, 4}}),
                              MissingTest::exact, 0.0959040959041}}) {
    const auto made = missingness(std::vector{row.table}, Seed{1}).front();
    EXPECT_EQ(made.test, row.test) << row.table.factor;
    EXPECT_NEAR(*made.p, row.p, 1e-9) << row.table.factor;
  }
}

TEST(Missingness, TooManyTablesAreSimulated) {
  // Thirty levels of eight runs; expected counts are below five.
  std::vector<std::pair<int, int>> even(30, {1, 8});
  auto lumped = even;
  for (std::size_t i = 0; i < 14; ++i)
    lumped[i] = {0, 8};
  lumped[29] = {8, 8};
  lumped[28] = {8, 8};

  const auto made = missingness(
    std::vector{factor("even", even), factor("lumped", lumped)}, Seed{5});

  EXPECT_EQ(made[0].test, MissingTest::simulated);
  EXPECT_GT(*made[0].p, 0.9);
  EXPECT_LT(*made[1].p, 0.001);
  EXPECT_FALSE(made[0].warns);
  EXPECT_TRUE(made[1].warns);
}

TEST(Missingness, AWarningNamesTheFactorAndItsExtremes) {
  const auto made =
    missingness(std::vector{factor("model", {{0, 20}, {11, 20}}),
                            factor("rule", {{5, 20}, {6, 20}})},
                Seed{1});

  EXPECT_TRUE(made[0].warns);
  EXPECT_EQ(made[0].text(),
            "runs without a number depend on `model`: 55 % at level 1, 0 % at "
            "level 0 (p = 0.00029); means over the runs that are left compare "
            "unlike things");
  EXPECT_FALSE(made[1].warns);
  EXPECT_EQ(made[1].text(), "");
}

TEST(Missingness, NothingToTestIsNotTested) {
  const auto made =
    missingness(std::vector{factor("one level", {{3, 9}}),
                            factor("nothing missing", {{0, 9}, {0, 9}}),
                            factor("all missing", {{4, 4}, {3, 3}}),
                            factor("an empty level", {{2, 4}, {0, 0}})},
                Seed{1});
  for (const auto& each : made) {
    EXPECT_EQ(each.test, MissingTest::none) << each.factor;
    EXPECT_FALSE(each.p);
    EXPECT_FALSE(each.warns);
  }
}

} // namespace
} // namespace lab::sweeps::statistics
