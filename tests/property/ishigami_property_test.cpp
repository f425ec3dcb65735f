// Intervals of Sobol' indices hold the truth in 93 to 97 of 100 trials, on
// Ishigami's function with noise: 1,000 trials of each design.
// bench/statistics.cpp prints the same for 10,000 as figures.
#include <array>
#include <cmath>
#include <iostream>

#include <gtest/gtest.h>

#include "sweeps/statistics/comparison.hpp"
#include "sweeps/statistics/draws.hpp"
#include "tests/property/ishigami.hpp"

namespace lab::sweeps::statistics {
namespace {

constexpr int trials = 1000;

void expect_right(const std::string& what, const IshigamiTrial& trial) {
  const auto made = coverage_of(trial, trials);
  const auto check = [&](const std::string& index, double coverage,
                         double bias) {
    std::cout << what << " " << index << ": held " << 100 * coverage
              << " %, bias " << bias << " standard errors\n";
    EXPECT_GE(coverage, 0.93) << what << " " << index;
    EXPECT_LE(coverage, 0.97) << what << " " << index;
    // Of the mean of 1,000 estimates.
    EXPECT_LT(std::abs(bias), 4) << what << " " << index;
  };
  for (std::size_t i = 0; i < 3; ++i) {
    check("S" + std::to_string(i + 1), made.first[i], made.first_bias[i]);
    check("ST" + std::to_string(i + 1), made.total[i], made.total_bias[i]);
  }
}

TEST(Ishigami, IndicesOfSingleRunsAreInsideTheirIntervals) {
  expect_right("single runs", {});
}

TEST(Ishigami, ReplicatesUnderCommonSeedsTakeTheNoiseOut) {
  IshigamiTrial trial;
  trial.replicates = 2;
  trial.seed_sd = 2;
  expect_right("two common seeds", trial);
}

TEST(Ishigami, FivePercentOfFailedRunsBiasNothing) {
  IshigamiTrial trial;
  trial.failing = 0.05;
  expect_right("5 % failed", trial);
}

TEST(Ishigami, SeveralShiftedSobolSequencesAreBatches) {
  IshigamiTrial trial;
  trial.batches = 16;
  expect_right("16 x 64 Sobol'", trial);
}

TEST(Failures, AtRandomDoNotBiasADifference) {
  constexpr int sweeps = 2000;
  constexpr double truth = 1.5;
  constexpr std::size_t seeds = 10;
  double sum = 0;
  double squares = 0;
  int held = 0;
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    const Draws draws{Seed{5}.child("sweep").child(sweep)};
    std::array<std::vector<Observation>, 2> sides;
    for (std::size_t side = 0; side < 2; ++side)
      for (std::size_t seed = 0; seed < seeds; ++seed) {
        const auto place = 100 * side + 2 * seed;
        Observation run;
        run.seed = seed;
        if (draws.unit(1000 + place) < 0.05)
          run.reason = "failed";
        else
          run.value = (side == 1 ? truth : 0) + 3 * draws.normal(2000 + seed)
                      + draws.normal(place);
        sides[side].push_back(run);
      }
    const auto made =
      compare(sides[0], sides[1], {Seed{1}, 0, 0.95, Method::percentile});
    const double error = *made.difference - truth;
    sum += error;
    squares += error * error;
    held += made.interval->contains(truth) ? 1 : 0;
  }
  const double mean = sum / sweeps;
  EXPECT_LT(std::abs(mean), 4 * std::sqrt(squares / sweeps / sweeps));
  EXPECT_NEAR(held, 0.95 * sweeps, 3 * std::sqrt(0.95 * 0.05 * sweeps));
}

} // namespace
} // namespace lab::sweeps::statistics
