// A rule that stops when an interval is narrow enough must not make the
// interval wrong: 10,000 synthetic sweeps for each kind of metric.
// bench/statistics.cpp prints the same as figures.
#include <cmath>
#include <iostream>

#include <gtest/gtest.h>

#include "sweeps/statistics/confidence_sequence.hpp"
#include "tests/property/synthetic_sweeps.hpp"

namespace lab::sweeps::statistics {
namespace {

constexpr std::int64_t sweeps = 10000;
constexpr double alpha = 0.05;
/// Three standard errors of a share of `alpha` among the sweeps.
const double slack = 3 * std::sqrt(alpha * (1 - alpha) / sweeps);

TEST(Stopping, AnytimeValidIntervalsHoldWhereTheRuleStops) {
  for (const auto& metric : synthetic_metrics()) {
    const auto made = stop_valid(metric, sweeps);
    std::cout << metric.name << ": held " << 100 * (1 - made.missed) << " %, "
              << made.runs << " runs of " << careful_size(metric) << " saved "
              << 100
                   * (1 - made.runs / static_cast<double>(careful_size(metric)))
              << " %\n";
    EXPECT_GT(made.stopped, 0.99) << metric.name;
    EXPECT_LE(made.missed, alpha + slack) << metric.name;
    if (metric.holds_at_all_looks) {
      EXPECT_LE(made.ever_missed, alpha + slack) << metric.name;
    }
    EXPECT_LT(made.runs, static_cast<double>(careful_size(metric)))
      << metric.name;
  }
}

TEST(Stopping, ATIntervalLookedAtAgainAndAgainDoesNot) {
  for (const auto& metric : synthetic_metrics())
    EXPECT_GT(stop_by_t(metric, sweeps).missed, alpha + slack) << metric.name;
}

TEST(Stopping, TheRuleOfTheProductStopsAtTheSameLook) {
  // `sequential_mean` uses a finer grid than the trials, so it may stop a
  // little earlier and never later.
  for (const auto& metric : synthetic_metrics()) {
    const Draws draws{Seed{2026}.child(metric.name).child(0)};
    const auto trial = stop_valid(metric, 1);
    std::vector<double> values;
    SequentialState state;
    do {
      values.push_back(metric.draw(draws, values.size()));
      state = sequential_mean(values, {metric.range, false}, {});
    } while (!is_precise_enough(state, metric.half_width)
             && state.n < metric.at_most);
    EXPECT_LE(static_cast<double>(state.n), trial.runs) << metric.name;
    EXPECT_GE(static_cast<double>(state.n), trial.runs * 0.8) << metric.name;
  }
}

} // namespace
} // namespace lab::sweeps::statistics
