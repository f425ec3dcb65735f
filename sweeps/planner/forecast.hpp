#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/planner/estimate.hpp"

namespace lab::sweeps {

/// How long a model took to answer in this workspace, from sending to the last
/// byte: the mean of each run that asked it, in seconds.
struct PastLatency {
  std::vector<double> run_means;
};

/// The queue that a model's calls go through.
struct LaneWidth {
  std::string name;       // models of one name share it
  std::int64_t calls = 1; // in flight at once
};

/// What a forecast is made from.
struct ForecastInput {
  /// By model without its parameters.
  std::map<std::string, PastLatency> latencies;
  /// Of a model as the scenario names it.
  std::function<LaneWidth(const std::string& model)> lane_of;
  std::int64_t runs_in_flight = 1;
  std::optional<std::int64_t> calls_max; // over all lanes
  std::int64_t participants = 1;         // who may be asked at once in a run
  RunOrder order = RunOrder::blocks;
};

/// How long the runs to do may take.
struct TimeForecast {
  /// Nothing when some model's latency is not known; see `unknown`.
  std::optional<double> seconds;
  double low = 0;
  double high = 0;
  std::int64_t slots = 0; // calls in flight at once, at most
  std::int64_t runs = 0;  // that the latencies are of; 0: built-in models alone
  std::vector<std::string> unknown; // models, and people
};

/// From the expected calls and how long such calls took. Built-in models
/// answer at once.
///
/// A lane with P slots and work W needs at least W / P, and at most W / P and
/// the longest chain of calls, however calls are dealt out. Lanes work at the
/// same time at best; by-model order, and the upper bound, take them in turn.
/// Means of latencies are taken as 95 % Student intervals over runs, a single
/// run's as half to twice. `low` and `high` combine both; `seconds` is their
/// middle at the mean latencies.
/// @source Graham, Bounds on multiprocessing timing anomalies (1969)
TimeForecast forecast_time(const SweepEstimate& estimate,
                           const ForecastInput& input);

} // namespace lab::sweeps
