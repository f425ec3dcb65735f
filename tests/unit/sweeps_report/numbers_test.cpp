#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "sweeps/report/axis.hpp"
#include "sweeps/report/binomial.hpp"
#include "sweeps/report/numbers.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::Interval;

constexpr double infinite = std::numeric_limits<double>::infinity();

TEST(ReportNumbers, DigitsFollowTheWidthOfTheInterval) {
  EXPECT_EQ(estimate_text(4.4213, Interval{3.9, 4.9}), "4.42 (3.90 to 4.90)");
  EXPECT_EQ(estimate_text(4421.3, Interval{4000, 4900}), "4421 (4000 to 4900)");
  EXPECT_EQ(estimate_text(0.00442, Interval{0.0040, 0.0048}),
            "0.00442 (0.00400 to 0.00480)");
  EXPECT_EQ(estimate_text(4.4213, std::nullopt), "4.42");
  EXPECT_EQ(estimate_text(std::nullopt, std::nullopt), "-");
  EXPECT_EQ(interval_text(Interval{-infinite, 3}), "no bound to 3.00");
}

TEST(ReportNumbers, NothingIsEverMinusZero) {
  EXPECT_EQ(fixed_text(-0.001, 1), "0.0");
  EXPECT_EQ(significant_text(-0.0), "0");
  EXPECT_EQ(fixed_text(-0.06, 1), "-0.1");
}

TEST(ReportNumbers, SignificantDigitsNeedNoExponent) {
  EXPECT_EQ(significant_text(12'345.6), "12346");
  EXPECT_EQ(significant_text(0.012'345), "0.0123");
  EXPECT_EQ(significant_text(2.0), "2");
  EXPECT_EQ(significant_text(9.999, 2), "10");
  EXPECT_EQ(significant_text(1e-9, 2), "1e-09");
  EXPECT_EQ(significant_text(infinite), "-");
}

TEST(ReportNumbers, SharesAndPValuesAreShort) {
  EXPECT_EQ(percent_text(0.124), "12 %");
  EXPECT_EQ(percent_text(0.0042), "0.4 %");
  EXPECT_EQ(percent_text(0), "0 %");
  EXPECT_EQ(p_text(0.0004), "< 0.001");
  EXPECT_EQ(p_text(0.0342), "0.034");
  EXPECT_EQ(p_text(0.34), "0.34");
  EXPECT_EQ(p_text(std::nullopt), "-");
  EXPECT_EQ(grouped_text(-1'234'567), "-1,234,567");
  EXPECT_EQ(grouped_text(999), "999");
  EXPECT_EQ(counted(1, "run"), "1 run");
  EXPECT_EQ(counted(1'000, "run"), "1,000 runs");
}

TEST(ReportAxis, TicksAreEasyNumbersThatHoldTheRange) {
  const std::vector<std::tuple<double, double, int>> ranges{
    {0, 10, 8},      {3.13, 3.19, 6}, {-7, 12, 5},      {1e-7, 3e-7, 6},
    {1e9, 1.5e9, 6}, {0.1, 0.3, 8},   {-0.02, 0.98, 8}, {99.999, 100.001, 4}};
  for (const auto& [low, high, wanted] : ranges) {
    const auto ticks = nice_ticks(low, high, wanted);
    ASSERT_GE(ticks.at.size(), 2u);
    EXPECT_LE(ticks.at.front(), low * (1 + 1e-9) + 1e-12);
    EXPECT_GE(ticks.at.back(), high * (1 - 1e-9) - 1e-12);
    EXPECT_LE(ticks.at.size(), static_cast<std::size_t>(wanted) + 2);
    // Labels are all different: the decimals carry the step.
    for (std::size_t i = 1; i < ticks.at.size(); ++i)
      EXPECT_NE(fixed_text(ticks.at[i - 1], ticks.decimals),
                fixed_text(ticks.at[i], ticks.decimals))
        << low << " to " << high;
  }
}

TEST(ReportAxis, AnEmptyRangeIsWidened) {
  const auto at_five = nice_ticks(5, 5, 4);
  EXPECT_LT(at_five.at.front(), 5);
  EXPECT_GT(at_five.at.back(), 5);
  const auto at_zero = nice_ticks(0, 0, 4);
  EXPECT_LE(at_zero.at.front(), -1);
  EXPECT_GE(at_zero.at.back(), 1);
}

TEST(ReportAxis, AScaleMapsItsEndsToItsPixels) {
  const Scale scale{0, 10, 100, 300, 5};
  EXPECT_DOUBLE_EQ(scale.pixel(0), 100);
  EXPECT_DOUBLE_EQ(scale.pixel(10), 300);
  EXPECT_DOUBLE_EQ(scale.pixel(5), 200);
  const Scale upside_down{0, 10, 300, 100, 5};
  EXPECT_DOUBLE_EQ(upside_down.pixel(10), 100);
}

// 8 of 10 at 1/2: (45 + 10 + 1) / 1024.
TEST(ReportBinomial, TheTailIsExact) {
  EXPECT_NEAR(binomial_tail(8, 10, 0.5), 56.0 / 1024, 1e-12);
  EXPECT_EQ(binomial_tail(0, 10, 0.5), 1);
  EXPECT_EQ(binomial_tail(11, 10, 0.5), 0);
  EXPECT_EQ(binomial_tail(3, 10, 0), 0);
  EXPECT_EQ(binomial_tail(3, 10, 1), 1);
  EXPECT_NEAR(binomial_tail(1, 3, 0.1), 1 - 0.9 * 0.9 * 0.9, 1e-12);
}

} // namespace

} // namespace lab::sweeps::report
