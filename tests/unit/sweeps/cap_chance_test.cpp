#include <cmath>

#include <gtest/gtest.h>

#include "runtime/base/seed.hpp"
#include "sweeps/planner/cap_chance.hpp"
#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps {
namespace {

Money usd(double amount) {
  return Money{static_cast<std::int64_t>(amount * 1e12)};
}

SweepEstimate estimate(std::int64_t runs, double a_run, std::int64_t past,
                       double variation) {
  SweepEstimate made;
  made.runs = made.runs_from_history = runs;
  made.all.total.expected = usd(static_cast<double>(runs) * a_run);
  made.all.total.calls = runs * 10;
  made.all.total.input_tokens = runs * 900;
  made.all.total.output_tokens = runs * 100;
  made.spread = {past, variation, variation, variation};
  return made;
}

Limit cap(double amount) {
  Limit limit;
  limit.usd = usd(amount);
  return limit;
}

TEST(CapChance, ACapAtTheExpectationIsReachedEveryOtherTime) {
  const auto chances = cap_chances(estimate(100, 1, 10, 0.3), cap(100), {});
  ASSERT_TRUE(chances.usd);
  EXPECT_NEAR(*chances.usd, 0.5, 1e-9);
  EXPECT_FALSE(chances.calls) << "there is no such cap";
}

TEST(CapChance, ItIsTheUpperTailOfStudentsT) {
  // sd = 100 * 0.3 * sqrt(1/100 + 1/10) = 9.9499; t = 1.5 with 9 degrees.
  const auto chances =
    cap_chances(estimate(100, 1, 10, 0.3), cap(100 + 1.5 * 9.94987), {});
  EXPECT_NEAR(*chances.usd, 0.08392, 1e-4) << "scipy.stats.t.sf(1.5, 9)";
}

TEST(CapChance, WhatWasSpentIsNoLongerThere) {
  Charge spent;
  spent.usd = usd(50);
  const auto chances = cap_chances(estimate(50, 1, 10, 0.3), cap(100), spent);
  EXPECT_NEAR(*chances.usd, 0.5, 1e-9);
}

TEST(CapChance, EveryCapHasItsOwn) {
  Limit limit;
  limit.calls = 1'000;
  limit.tokens = 200'000;
  const auto chances = cap_chances(estimate(100, 1, 10, 0.3), limit, {});
  EXPECT_FALSE(chances.usd);
  EXPECT_NEAR(*chances.calls, 0.5, 1e-9);
  EXPECT_LT(*chances.tokens, 0.01);
}

TEST(CapChance, RunsThatNeverDifferAreCertain) {
  EXPECT_EQ(*cap_chances(estimate(10, 1, 5, 0), cap(9.99), {}).usd, 1);
  EXPECT_EQ(*cap_chances(estimate(10, 1, 5, 0), cap(10), {}).usd, 0);
}

TEST(CapChance, NothingIsSaidWithoutEarlierRunsOfAllThatIsToDo) {
  EXPECT_FALSE(cap_chances(estimate(10, 1, 1, 0), cap(5), {}).usd);
  EXPECT_FALSE(cap_chances(estimate(0, 1, 5, 0.1), cap(5), {}).usd);
  auto partly = estimate(10, 1, 5, 0.1);
  partly.runs_from_history = 9;
  EXPECT_FALSE(cap_chances(partly, cap(5), {}).usd);
}

TEST(CapChance, TheErrorOfASampleWidensIt) {
  auto sampled = estimate(100'000, 1, 10'000, 0.1);
  const auto narrow = *cap_chances(sampled, cap(101'000), {}).usd;
  sampled.error.usd = 0.0392; // 2 % standard error
  const auto wide = *cap_chances(sampled, cap(101'000), {}).usd;
  EXPECT_LT(narrow, 0.01);
  EXPECT_NEAR(wide, 0.309, 0.01) << "half a standard error above";
}

TEST(CapChance, TheSpreadOfRunsIsByTurn) {
  const auto run = [](std::int32_t turns, std::int64_t calls) {
    PastRun made;
    made.turns = turns;
    auto& sum = made.sites[{"decision", "eu", "fake/one"}];
    sum.calls = calls;
    sum.usage.input = 100 * calls;
    return made;
  };
  const PriceLookup none = [](const std::string&) -> Result<PriceRow> {
    return fail(Errc::model_not_priced, "");
  };
  const auto alike = run_spread({run(2, 8), run(4, 16)}, none);
  EXPECT_EQ(alike.runs, 2);
  EXPECT_EQ(alike.calls, 0);
  const auto differ = run_spread({run(1, 8), run(1, 12)}, none);
  EXPECT_NEAR(differ.calls, std::sqrt(8.0) / 10, 1e-12);
  EXPECT_NEAR(differ.tokens, std::sqrt(8.0) / 10, 1e-12);
  EXPECT_EQ(differ.usd, 0);
  EXPECT_EQ(run_spread({run(1, 8)}, none).calls, 0);
}

/// How often ten thousand sweeps of 50 runs reach a cap that their own 20
/// earlier runs call a matter of ten percent.
template <class Draw>
double reached_at_ten_percent(const Draw& draw) {
  constexpr std::int64_t sweeps = 10'000;
  constexpr std::int64_t past = 20;
  constexpr std::int64_t runs = 50;
  constexpr double stated = 0.1;
  double reached = 0;
  for (std::int64_t s = 0; s < sweeps; ++s) {
    const auto seed = Seed{11}.child(s);
    std::vector<double> earlier;
    for (std::uint64_t i = 0; i < past; ++i)
      earlier.push_back(draw(seed.child("past").unit(i)));
    const auto mean = statistics::mean(earlier);
    const auto sd = std::sqrt(statistics::variance(earlier));
    const auto ceiling = runs * mean
                         + statistics::t_quantile(1 - stated, past - 1) * runs
                             * sd * std::sqrt(1.0 / runs + 1.0 / past);
    const auto chances =
      cap_chances(estimate(runs, mean, past, sd / mean), cap(ceiling), {});
    EXPECT_NEAR(*chances.usd, stated, 1e-6);
    double total = 0;
    for (std::uint64_t i = 0; i < runs; ++i)
      total += draw(seed.child("new").unit(i));
    reached += total > ceiling ? 1 : 0;
  }
  return reached / sweeps;
}

TEST(CapChance, AStatedChanceComesTrueAsOftenAsItSays) {
  EXPECT_NEAR(reached_at_ten_percent([](double u) { return 0.5 + u; }), 0.1,
              0.01);
}

/// Most runs cheap and a few dear: then it comes true more often, docs/cli.md.
TEST(CapChance, WhereCostsAreSkewedTheChanceIsStatedTooLow) {
  EXPECT_NEAR(
    reached_at_ten_percent([](double u) { return 0.5 - 0.5 * std::log1p(-u); }),
    0.155, 0.02);
}

} // namespace
} // namespace lab::sweeps
