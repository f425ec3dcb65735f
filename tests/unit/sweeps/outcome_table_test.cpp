#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "sweeps/planner/outcome_table.hpp"

namespace lab::sweeps {
namespace {

/// rule x start with two seeds each.
std::vector<OutcomeRow> full_table() {
  return {
    {{"none", "calm"}, 1, 4.0},     {{"none", "calm"}, 2, 5.0},
    {{"none", "tense"}, 1, 3.0},    {{"none", "tense"}, 2, 3.0},
    {{"binding", "calm"}, 1, 7.0},  {{"binding", "calm"}, 2, 8.0},
    {{"binding", "tense"}, 1, 5.5}, {{"binding", "tense"}, 2, 6.5},
  };
}

const std::vector<std::string> factors{"rule", "start"};

TEST(OutcomeTable, APointIsTheMeanOfItsReplicates) {
  const auto table = tabulate(factors, full_table());

  ASSERT_EQ(table.cells.size(), 4U);
  EXPECT_EQ(table.cells[0].values, (std::vector<std::string>{"none", "calm"}));
  EXPECT_EQ(table.cells[0].n, 2);
  EXPECT_DOUBLE_EQ(*table.cells[0].mean, 4.5);
  EXPECT_DOUBLE_EQ(*table.cells[0].deviation, std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(*table.cells[0].standard_error, 0.5);
  EXPECT_EQ(table.n, 8);
}

TEST(OutcomeTable, AnEffectIsTheRangeOfLevelMeans) {
  const auto table = tabulate(factors, full_table());

  ASSERT_EQ(table.effects.size(), 2U);
  EXPECT_EQ(table.effects[0].factor, "rule");
  EXPECT_EQ(table.effects[0].combinations, 2);
  EXPECT_DOUBLE_EQ(table.effects[0].levels[0].mean, 3.75);
  EXPECT_DOUBLE_EQ(table.effects[0].levels[1].mean, 6.75);
  EXPECT_DOUBLE_EQ(*table.effects[0].range, 3.0);
  EXPECT_DOUBLE_EQ(*table.effects[1].range, 1.5);
}

TEST(OutcomeTable, SeedNoiseIsPooledOverPoints) {
  // Squares about the means: 0.5, 0, 0.5, 0.5, with one freedom each.
  const auto table = tabulate(factors, full_table());

  EXPECT_DOUBLE_EQ(*table.seed_noise, std::sqrt(1.5 / 4));
}

TEST(OutcomeTable, RunsWithoutANumberAreCountedAndNothingElse) {
  auto rows = full_table();
  rows[1].number.reset();
  rows[3].number = std::numeric_limits<double>::quiet_NaN();

  const auto table = tabulate(factors, rows);

  EXPECT_EQ(table.n, 6);
  EXPECT_EQ(table.missing, 2);
  EXPECT_DOUBLE_EQ(*table.cells[0].mean, 4.0);
  EXPECT_EQ(table.cells[0].missing, 1);
  EXPECT_FALSE(table.cells[0].deviation);
}

TEST(OutcomeTable, ASecondRowOfTheSameReplicateIsNoData) {
  auto rows = full_table();
  rows.push_back({{"none", "calm"}, 1, 100.0});

  const auto table = tabulate(factors, rows);

  EXPECT_EQ(table.cells[0].n, 2);
  EXPECT_DOUBLE_EQ(*table.cells[0].mean, 4.5);
}

TEST(OutcomeTable, AnEffectComparesLikeWithLike) {
  // Without its one run, "binding, tense" says nothing; then rules may be
  // compared under the calm start alone.
  const std::vector<OutcomeRow> rows{{{"none", "calm"}, 1, 4.0},
                                     {{"none", "tense"}, 1, 1.0},
                                     {{"binding", "calm"}, 1, 6.0},
                                     {{"binding", "tense"}, 1, std::nullopt}};

  const auto table = tabulate(factors, rows);

  EXPECT_EQ(table.effects[0].combinations, 1);
  EXPECT_DOUBLE_EQ(*table.effects[0].range, 2.0);
}

TEST(OutcomeTable, WithoutACommonCombinationThereIsNoEffect) {
  const std::vector<OutcomeRow> rows{{{"none", "calm"}, 1, 4.0},
                                     {{"binding", "tense"}, 1, 6.0}};

  const auto table = tabulate(factors, rows);

  EXPECT_EQ(table.effects[0].combinations, 0);
  EXPECT_FALSE(table.effects[0].range);
  EXPECT_FALSE(table.seed_noise);
}

TEST(OutcomeTable, IsEmptyWithoutRows) {
  const auto table = tabulate(factors, {});

  EXPECT_TRUE(table.cells.empty());
  EXPECT_EQ(table.n, 0);
  EXPECT_FALSE(table.effects[0].range);
}

TEST(OutcomeTable, ACellShowsMeanAndStandardError) {
  OutcomeCell cell;
  EXPECT_EQ(cell_text(cell), "-");

  cell.mean = 4.44;
  EXPECT_EQ(cell_text(cell), "4.4");

  cell.standard_error = 0.46;
  EXPECT_EQ(cell_text(cell), "4.4 ±0.5");

  cell.mean = -0.01;
  EXPECT_EQ(cell_text(cell), "0.0 ±0.5");
}

} // namespace
} // namespace lab::sweeps
