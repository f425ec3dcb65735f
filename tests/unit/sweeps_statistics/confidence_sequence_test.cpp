// Expected numbers: reference.py. Coverage at all looks together is in
// tests/property/stopping_property_test.cpp.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "sweeps/statistics/confidence_sequence.hpp"
#include "sweeps/statistics/draws.hpp"

namespace lab::sweeps::statistics {
namespace {

const std::vector<double> bounded{0.3, 0.9, 0.5, 0.7, 0.2, 1.0,
                                  0.8, 0.6, 0.4, 0.9, 0.7, 0.6};
const MetricKind zero_to_one{Interval{0, 1}, false};

TEST(BettingSequence, IsTheHedgedCapitalOfTheBook) {
  BettingSequence made{{0, 1}, 0.95};
  for (const double x : bounded)
    made.add(x);
  EXPECT_NEAR(made.interval().low, 0.398, 1e-12);
  EXPECT_NEAR(made.interval().high, 0.818, 1e-12);
  EXPECT_EQ(made.n(), 12);
  EXPECT_NEAR(made.mean(), 7.6 / 12, 1e-12);
}

TEST(BettingSequence, ScalesWithItsRange) {
  BettingSequence made{{-10, 10}, 0.95};
  for (const double x : bounded)
    made.add(20 * x - 10);
  EXPECT_NEAR(made.interval().low, 20 * 0.398 - 10, 1e-9);
  EXPECT_NEAR(made.interval().high, 20 * 0.818 - 10, 1e-9);
}

TEST(BettingSequence, SaysNothingBeforeTheFirstValueAndNeverWidens) {
  BettingSequence made{{2, 4}, 0.95};
  EXPECT_EQ(made.interval(), (Interval{2, 4}));
  const Draws draws{Seed{3}};
  auto last = made.interval();
  for (std::uint64_t i = 0; i < 300; ++i) {
    made.add(2 + 2 * draws.unit(i));
    EXPECT_GE(made.interval().low, last.low);
    EXPECT_LE(made.interval().high, last.high);
    last = made.interval();
  }
  EXPECT_TRUE(last.contains(3));
  EXPECT_LT(last.half_width(), 0.2);
}

TEST(BettingSequence, ADriftLeavesNoMean) {
  BettingSequence made{{0, 1}, 0.95};
  for (int i = 0; i < 100; ++i)
    made.add(0.2);
  EXPECT_FALSE(made.is_empty());
  const auto before = made.interval();
  for (int i = 0; i < 200; ++i)
    made.add(0.9);
  EXPECT_TRUE(made.is_empty());
  EXPECT_LE(made.interval().low, made.interval().high);
  EXPECT_TRUE(before.contains(made.interval().low));
}

TEST(TMixture, EndsWhereTheMixtureOfLikelihoodRatiosReachesOneOverAlpha) {
  const auto made = t_mixture_interval(10, 2, 9, 0.95, 20);
  EXPECT_NEAR(made.half_width(), 2.97910091123, 1e-8);
  EXPECT_DOUBLE_EQ((made.low + made.high) / 2, 10);
}

TEST(TMixture, SaysNothingWhileNothingCanBeSaid) {
  EXPECT_TRUE(std::isinf(t_mixture_interval(0, 1, 1, 0.95, 20).high));
  EXPECT_TRUE(std::isinf(t_mixture_interval(0, 1, 2, 0.95, 20).low));
  EXPECT_TRUE(std::isfinite(t_mixture_interval(0, 1, 6, 0.95, 20).low));
}

TEST(SequentialMean, ChoosesByTheMetric) {
  const auto by_range = sequential_mean(bounded, zero_to_one, {});
  EXPECT_EQ(by_range.method, Method::betting);
  EXPECT_NEAR(by_range.half_width, 0.21, 1e-12);
  EXPECT_TRUE(by_range.may_stop);

  const auto open = sequential_mean(bounded, {}, {});
  EXPECT_EQ(open.method, Method::t_mixture);

  const std::vector<double> shares{1, 0, 1, 1};
  EXPECT_EQ(sequential_mean(shares, {std::nullopt, true}, {}).method,
            Method::betting);

  auto outside = bounded;
  outside.push_back(1.5);
  EXPECT_EQ(sequential_mean(outside, zero_to_one, {}).method,
            Method::t_mixture);
}

TEST(SequentialMean, MeansWatchedTogetherShareTheError) {
  SequentialOptions four;
  four.family = 4;
  SequentialOptions stricter;
  stricter.confidence = 1 - 0.05 / 4;
  const auto together = sequential_mean(bounded, zero_to_one, four);
  EXPECT_EQ(together.interval,
            sequential_mean(bounded, zero_to_one, stricter).interval);
  EXPECT_GT(together.half_width,
            sequential_mean(bounded, zero_to_one, {}).half_width);
}

TEST(SequentialMean, AnUnboundedMetricWaitsForTenValues) {
  const std::vector<double> nine{1, 2, 1, 2, 1, 2, 1, 2, 1};
  auto state = sequential_mean(nine, {}, {});
  EXPECT_FALSE(state.may_stop);
  EXPECT_FALSE(is_precise_enough(state, 1e9));

  auto ten = nine;
  ten.push_back(2);
  state = sequential_mean(ten, {}, {});
  EXPECT_TRUE(is_precise_enough(state, state.half_width));
  EXPECT_FALSE(is_precise_enough(state, state.half_width * 0.99));
}

TEST(SequentialMean, EqualValuesOfAnUnboundedMetricNeverSuffice) {
  const std::vector<double> equal(500, 3.0);
  EXPECT_FALSE(is_precise_enough(sequential_mean(equal, {}, {}), 1e9));
  EXPECT_FALSE(is_precise_enough(sequential_mean({}, {}, {}), 1e9));
}

TEST(Looks, TheirErrorsAddUpToAlpha) {
  double sum = 0;
  for (std::int64_t look = 1; look <= 100000; ++look)
    sum += alpha_of_look(0.05, look);
  EXPECT_LT(sum, 0.05);
  EXPECT_NEAR(sum, 0.05, 1e-6);
}

TEST(FixedSize, IsTheTextbooks) {
  EXPECT_EQ(fixed_size(0.1, 0.5, 0.95), 97);
  EXPECT_EQ(fixed_size(10, 0.5, 0.95), 2);
  EXPECT_EQ(fixed_size_bounded(0.1, {0, 1}, 0.95), 185);
  EXPECT_EQ(fixed_size_bounded(1, {0, 10}, 0.95), 185);
}

} // namespace
} // namespace lab::sweeps::statistics
