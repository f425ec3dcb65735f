#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/interval.hpp"

namespace lab::sweeps::statistics {

/// A metric of known mean whose runs are stopped by precision.
struct SyntheticMetric {
  std::string name;
  std::optional<Interval> range;
  double mean = 0;
  double sd = 0;
  std::function<double(const Draws&, std::uint64_t)> draw;
  double half_width = 0; // the rule stops at this
  std::int64_t at_most = 0;
  /// False where the interval leans on normality that the values do not have.
  bool holds_at_all_looks = true;
};

/// Bounded (uniform, skewed, binary) and unbounded (normal, skewed) ones.
std::vector<SyntheticMetric> synthetic_metrics();

struct StoppingTally {
  std::int64_t sweeps = 0;
  double missed = 0; // share whose interval at the stop misses the mean
  /// Share that misses at any look at which the rule might have stopped.
  double ever_missed = 0;
  double stopped = 0; // share stopped by precision before `at_most`
  double runs = 0;    // mean runs at the stop
};

/// Stops each of many sweeps at the first look at which the anytime-valid
/// interval of `sequential_mean` is precise enough.
StoppingTally stop_valid(const SyntheticMetric& metric, std::int64_t sweeps);

/// The same with a t interval, looked at after every run from the third on:
/// what the rule must not do.
StoppingTally stop_by_t(const SyntheticMetric& metric, std::int64_t sweeps);

/// Runs of a fixed design that is sure of the half-width without knowing the
/// distribution: Hoeffding's for a range, else for a standard deviation of
/// twice the true one, as a careful plan would take it.
std::int64_t careful_size(const SyntheticMetric& metric);

} // namespace lab::sweeps::statistics
