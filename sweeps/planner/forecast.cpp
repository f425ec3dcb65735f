#include "sweeps/planner/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/model/run_spec.hpp"
#include "sweeps/statistics/distributions.hpp"

namespace lab::sweeps {

namespace {

/// A number of seconds that is not known exactly.
struct Spread {
  double low = 0;
  double mean = 0;
  double high = 0;

  Spread& operator+=(const Spread& more) {
    low += more.low;
    mean += more.mean;
    high += more.high;
    return *this;
  }
  Spread times(double factor) const {
    return {low * factor, mean * factor, high * factor};
  }
};

/// Of the mean latency.
Spread spread_of(const PastLatency& past) {
  constexpr double quantile_975 = 0.975;
  const auto& means = past.run_means;
  const auto count = static_cast<double>(means.size());
  const auto mean = std::accumulate(means.begin(), means.end(), 0.0) / count;
  if (means.size() < 2)
    return {mean / 2, mean, mean * 2};
  double squares = 0;
  for (const auto one : means)
    squares += (one - mean) * (one - mean);
  const auto half = statistics::t_quantile(quantile_975, count - 1)
                    * std::sqrt(squares / (count - 1) / count);
  return {std::max(mean - half, 0.0), mean, mean + half};
}

bool answers_at_once(const std::string& model) {
  return model.starts_with("sim/");
}

} // namespace

TimeForecast forecast_time(const SweepEstimate& estimate,
                           const ForecastInput& input) {
  TimeForecast forecast;
  std::map<std::string, Spread> turns_of_lanes; // work by slots
  Spread work;
  const auto in_runs =
    input.runs_in_flight * std::max<std::int64_t>(input.participants, 1);
  std::map<std::string, std::int64_t> slots; // by lane
  for (const auto& [model, line] : estimate.all.by_model) {
    if (line.calls == 0)
      continue;
    const auto lane = input.lane_of(model);
    const auto width = std::max<std::int64_t>(
      std::min({lane.calls, in_runs, input.calls_max.value_or(lane.calls)}), 1);
    slots[lane.name] = width;
    const auto past = input.latencies.find(without_parameters(model));
    if (past == input.latencies.end() || past->second.run_means.empty()) {
      if (!answers_at_once(model))
        forecast.unknown.push_back(model);
      continue;
    }
    forecast.runs = std::max(forecast.runs, std::ssize(past->second.run_means));
    const auto seconds =
      spread_of(past->second).times(static_cast<double>(line.calls));
    work += seconds;
    turns_of_lanes[lane.name] +=
      seconds.times(1.0 / static_cast<double>(width));
  }
  for (const auto& [name, width] : slots)
    forecast.slots += width;
  forecast.slots = std::min(
    {forecast.slots, in_runs, input.calls_max.value_or(forecast.slots)});
  if (!forecast.unknown.empty())
    return forecast;

  Spread in_turn;
  Spread together;
  for (const auto& [name, lane] : turns_of_lanes) {
    in_turn += lane;
    together.low = std::max(together.low, lane.low);
    together.mean = std::max(together.mean, lane.mean);
  }
  // All slots together are a bound of their own.
  const auto all =
    static_cast<double>(std::max<std::int64_t>(forecast.slots, 1));
  together.low = std::max(together.low, work.low / all);
  together.mean = std::max(together.mean, work.mean / all);
  if (input.order == RunOrder::by_model)
    together = in_turn;
  const auto runs =
    static_cast<double>(std::max<std::int64_t>(estimate.runs, 1));
  const auto chain = work.times(1 / runs); // of a run, one call after another
  const auto shortest =
    1.0 / static_cast<double>(std::max<std::int64_t>(input.participants, 1));
  forecast.low = std::max(together.low, chain.low * shortest);
  forecast.high = in_turn.high + chain.high;
  forecast.seconds = (std::max(together.mean, chain.mean * shortest)
                      + together.mean + chain.mean)
                     / 2;
  return forecast;
}

} // namespace lab::sweeps
