#include "tools/cli/plan_limits.hpp"

#include <algorithm>
#include <chrono>

#include "runtime/base/text.hpp"
#include "runtime/engine/sweep_clock.hpp"

namespace lab::tools {

namespace {

std::string length(std::int64_t seconds) {
  return runtime::length_text(std::chrono::seconds{seconds});
}

} // namespace

PlanLimits plan_limits(const sweeps::Manifest& manifest, UnixMs now,
                       const UtcOffset& offset) {
  constexpr UnixMs ms_per_second = 1'000;
  PlanLimits limits;
  limits.budget = manifest.budget_rules;
  limits.time = manifest.time;
  if (manifest.time.window) {
    const auto opening = opening_at(manifest.time.window->hours, now, offset);
    limits.window_seconds =
      (opening.close - std::max(opening.open, now)) / ms_per_second;
  }
  limits.tries_max = manifest.retry ? manifest.retry->attempts : 1;
  return limits;
}

std::string fit_of(const sweeps::TimeForecast& forecast, std::int64_t seconds) {
  if (!forecast.seconds)
    return "not known";
  const auto limit = static_cast<double>(seconds);
  if (forecast.high <= limit)
    return "yes";
  return forecast.low > limit ? "no" : "perhaps";
}

std::vector<PlanLine> warning_lines(const PlanLimits& limits) {
  std::vector<std::string> shares;
  for (const auto share : limits.budget.warn_at)
    shares.push_back(share_text(share));
  if (shares.empty())
    return {};
  return {{"warns", "at " + join(shares, ", ") + " of the budget", ""}};
}

std::vector<PlanLine> time_lines(const PlanLimits& limits,
                                 const sweeps::TimeForecast& forecast) {
  const auto fits = [&](std::int64_t seconds) {
    return "fits: " + fit_of(forecast, seconds);
  };
  const auto& time = limits.time;
  std::vector<PlanLine> lines;
  if (time.window)
    lines.push_back({"window",
                     to_string(time.window->hours) + ", then "
                       + (time.window->finish_running ? "running runs may end"
                                                      : "the sweep pauses"),
                     fits(limits.window_seconds)});
  if (time.sweep_seconds)
    lines.push_back({"sweep time",
                     "at most " + length(*time.sweep_seconds) + " a command",
                     fits(*time.sweep_seconds)});
  if (time.run_seconds)
    lines.push_back(
      {"run time", "at most " + length(*time.run_seconds) + " a run", ""});
  if (limits.tries_max > 1)
    lines.push_back({"retries",
                     "a run whose call fails is tried up to "
                       + std::to_string(limits.tries_max) + " times",
                     ""});
  return lines;
}

} // namespace lab::tools
