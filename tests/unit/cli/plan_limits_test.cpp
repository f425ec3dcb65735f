#include <gtest/gtest.h>

#include "tools/cli/plan_limits.hpp"

namespace lab::tools {
namespace {

std::int64_t utc(UnixMs) { return 0; }

sweeps::TimeForecast seven_hours() {
  sweeps::TimeForecast forecast;
  forecast.seconds = 7 * 3'600.0;
  forecast.low = 6 * 3'600.0;
  forecast.high = 8 * 3'600.0;
  return forecast;
}

std::string text_of(const std::vector<PlanLine>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line.label + "|" + line.text + "|" + line.remark + "\n";
  return text;
}

TEST(PlanLimits, AManifestWithoutAnySaysNothing) {
  const auto limits = plan_limits({}, 0, utc);

  EXPECT_TRUE(warning_lines(limits).empty());
  EXPECT_TRUE(time_lines(limits, seven_hours()).empty());
}

TEST(PlanLimits, EachIsALineAndSaysWhetherTheForecastFits) {
  sweeps::Manifest manifest;
  manifest.budget_rules.warn_at = {5'000, 8'250};
  manifest.time.run_seconds = 3'600;
  manifest.time.sweep_seconds = 7 * 3'600;
  manifest.time.window = sweeps::Window{{22 * 60 + 30, 7 * 60 + 30}, false};
  manifest.retry = sweeps::RetryRuns{3};
  // Noon: the whole night lies ahead.
  const auto limits = plan_limits(manifest, 43'200'000, utc);

  EXPECT_EQ(limits.window_seconds, 9 * 3'600);
  EXPECT_EQ(text_of(warning_lines(limits)),
            "warns|at 50 %, 82.5 % of the budget|\n");
  EXPECT_EQ(text_of(time_lines(limits, seven_hours())),
            "window|22:30 to 07:30, then the sweep pauses|fits: yes\n"
            "sweep time|at most 7 h a command|fits: perhaps\n"
            "run time|at most 1 h a run|\n"
            "retries|a run whose call fails is tried up to 3 times|\n");
}

TEST(PlanLimits, OfAnOpenWindowOnlyTheRestCounts) {
  sweeps::Manifest manifest;
  manifest.time.window = sweeps::Window{{22 * 60 + 30, 7 * 60 + 30}, true};
  // 05:30
  const auto limits = plan_limits(manifest, 19'800'000, utc);

  EXPECT_EQ(limits.window_seconds, 2 * 3'600);
  EXPECT_EQ(text_of(time_lines(limits, seven_hours())),
            "window|22:30 to 07:30, then running runs may end|fits: no\n");
}

TEST(PlanLimits, WhetherAnUnknownTimeFitsIsNotKnown) {
  EXPECT_EQ(fit_of({}, 3'600), "not known");
}

} // namespace
} // namespace lab::tools
