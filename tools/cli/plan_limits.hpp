#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sweeps/planner/forecast.hpp"
#include "sweeps/planner/manifest.hpp"

namespace lab::tools {

/// What a manifest sets beside the limits of the whole sweep's money.
struct PlanLimits {
  sweeps::BudgetRules budget;
  sweeps::TimeLimits time;
  /// How long the window stays open: from now, or from when it opens.
  std::int64_t window_seconds = 0;
  std::int32_t tries_max = 1; // of a run that fails
};

PlanLimits plan_limits(const sweeps::Manifest& manifest, UnixMs now,
                       const UtcOffset& offset = local_utc_offset);

/// Whether the forecast is within so many seconds: "yes", "no", "perhaps" or
/// "not known".
std::string fit_of(const sweeps::TimeForecast& forecast, std::int64_t seconds);

/// A line of `sweep plan`.
struct PlanLine {
  std::string label;
  std::string text;
  std::string remark;
};

/// When the sweep warns of its money.
std::vector<PlanLine> warning_lines(const PlanLimits& limits);
/// Ceilings of time, each with whether the forecast stays within it, and how
/// often a run is tried.
std::vector<PlanLine> time_lines(const PlanLimits& limits,
                                 const sweeps::TimeForecast& forecast);

} // namespace lab::tools
