#include <gtest/gtest.h>

#include "sweeps/expression/sweep_scopes.hpp"

namespace lab::sweeps {
namespace {

void expect_readable(const char* text, const Scope& scope,
                     const Wanted& wanted) {
  const auto made = Expression::parse(text, scope, wanted);
  EXPECT_TRUE(made) << text << ": " << made.error().message;
}

TEST(SweepScopes, ReadWhatStopRulesSay) {
  for (const auto* text :
       {"share(failed) > 0.05 and count(finished) >= 20",
        "mean(qa_score, last=10) < 0.6",
        "max(sobol_ci(cooperation_level, total)) < 0.10",
        "max(sobol_ci(cooperation_level, first, level=0.9)) < 0.10",
        "max(sobol_ci(gap, total, factor='us_caution')) < 0.10",
        "provider.error_rate('anthropic', 10m) > 0.3",
        "provider.error_rate('anthropic', last=20) > 30%",
        "max(morris_ci(tension, 0.9)) < 0.1",
        "max(morris_mu(tension)) < 0.1 and elapsed > 2h",
        "ci_halfwidth(trust) < 0.5 or spent.usd > 3"})
    expect_readable(text, stop_scope(), {Type::truth});
}

TEST(SweepScopes, ReadWhatPilotsSay) {
  for (const auto* text :
       {"continue", "continue if forecast.usd <= 60, else ask",
        "continue if forecast.end <= window.close + 30m, else ask",
        "stop if share(failed) > 50% else continue if forecast.time < 8h "
        "else pause"})
    expect_readable(text, pilot_scope(), {Type::word, pilot_actions()});
}

TEST(SweepScopes, ReadWhenReplicatesAreEnough) {
  expect_readable("ci_halfwidth(cooperation_level, 0.95) <= 0.8", until_scope(),
                  {Type::truth});
  expect_readable("sd(trust) < 1 and replicates >= 5", until_scope(),
                  {Type::truth});
  expect_readable("max(sobol_ci(trust, total)) < 0.1", until_scope(),
                  {Type::truth});
  expect_readable("provider.error_rate('openai') < 1%", until_scope(),
                  {Type::truth});
}

TEST(SweepScopes, ReadDerivedMetrics) {
  expect_readable("abs(eu_support - us_support)", derived_scope(),
                  {Type::number});
  expect_readable("max(a, b) if a > 0 else 0", derived_scope(), {Type::number});
}

TEST(SweepScopes, ADerivedMetricKnowsNoSample) {
  EXPECT_FALSE(
    Expression::parse("mean(trust)", derived_scope(), {Type::number}));
}

} // namespace
} // namespace lab::sweeps
