#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/base/diagnostic.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/money.hpp"
#include "runtime/model/price.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "sweeps/planner/history.hpp"
#include "sweeps/planner/plan.hpp"

namespace lab::sweeps {

/// The price of a model as the scenario names it.
/// @errors model_not_priced
using PriceLookup = std::function<Result<PriceRow>(const std::string& model)>;

/// What calls are expected to use, and their ceiling. The ceiling is what the
/// ledger would set aside if every call that can happen happened, every reply
/// were as long as it may be and every one needed its repair. Attempts that
/// fail and may have been billed come on top of it.
/// Sums of money stop at the largest `Money`.
struct EstimateLine {
  std::int64_t calls = 0;
  std::int64_t calls_max = 0; // all that can happen, with every repair
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  Money expected;
  Money worst;
  std::int64_t worst_tokens = 0;

  /// Adds `count` times `one`.
  void add(const EstimateLine& one, std::int64_t count);
  friend bool operator==(const EstimateLine&, const EstimateLine&) = default;
};

/// The name of the world and other helpers in `Estimate::by_participant`.
inline constexpr const char* world_name = "world";

/// What a run, or a sweep, may come to.
struct Estimate {
  EstimateLine total;
  /// The same expectations three ways. Ceilings are each line's own: everybody
  /// may turn to one participant, but not to each of them at once, so these
  /// may add up to more than the total's.
  std::map<std::string, EstimateLine> by_participant; // short name
  std::map<std::string, EstimateLine> by_phase;
  std::map<std::string, EstimateLine> by_model;
  /// The dearest single call. A smaller limit ends the work early, because
  /// that call can never be reserved.
  Money smallest_limit;
  std::int64_t smallest_token_limit = 0;
  /// Models without a price or without room for a call, and why. Their calls
  /// are counted above, their money is not.
  std::map<std::string, Error> refused;
  /// How many completed runs the expectations come from; 0: from the
  /// scenario's texts alone. Of a sum, the most that any part had.
  std::int64_t history_runs = 0;

  /// Adds `runs` runs of what `one` says of a single one.
  void add(const Estimate& one, std::int64_t runs);
};

/// One run of the scenario: every call of every phase that it lists. Prompts
/// are as long as its real texts and what replies add to them turn by turn;
/// replies as long as these models usually write. Where completed runs fit,
/// their means are the expectation; ceilings never come from them. People cost
/// nothing, but for the ceiling of a model that may stand in for them.
/// Pure arithmetic.
/// @param past  completed runs of this scenario
Estimate estimate(const ScenarioSpec& scenario, const PriceLookup& price_of,
                  const std::vector<PastRun>& past = {});

/// Half the width of a 95 % interval, as shares of the expectations.
struct SamplingError {
  double calls = 0;
  double tokens = 0;
  double usd = 0;
};

/// Standard deviations of single runs over their means, by measure.
struct RunSpread {
  std::int64_t runs = 0; // that tell; below two nothing is known
  double calls = 0;
  double tokens = 0;
  double usd = 0;
};

struct SweepEstimate {
  Estimate all;
  std::int64_t runs = 0;
  std::int64_t turns = 0;             // of all these runs together
  std::int64_t runs_from_history = 0; // whose expectation is of earlier runs
  Money run_expected_max;             // the dearest run's expectation
  Money run_worst_max;                // and its ceiling
  /// How many points, chosen at random, speak for all; 0: each was looked at,
  /// and there is no error of this kind. Of a sample the largest amounts
  /// (`*_max`, the smallest limits) are of the points in it.
  std::int64_t points_sampled = 0;
  SamplingError error;
  RunSpread spread;
  /// How many of the runs ask each model, as the scenario names it.
  std::map<std::string, std::int64_t> runs_by_model;
  /// Calls that are sure to be shared and paid once (`SharedCalls`). They are
  /// in `all`. Nothing when only a sample was looked at.
  std::optional<std::int64_t> shared_calls;
};

/// All runs of the plan that are not in `completed`. Of a walked plan from its
/// sample of points: totals are scaled up to all runs, and the error is
/// 1.96 s / sqrt(n) * sqrt(1 - n / N) of the mean of n of N points drawn
/// without replacement.
/// @errors those of `SweepPlan::scenario_of`
/// @source Cochran, Sampling Techniques, 3rd ed. (1977), section 2.6
Result<SweepEstimate> estimate_plan(const SweepPlan& plan,
                                    const std::set<RunId>& completed,
                                    const PriceLookup& price_of,
                                    const std::vector<PastRun>& past = {});

/// Compares the plan's budget with its estimate. A limit that some call can
/// never fit into is an error now rather than a halt at night (B501); one that
/// is likely to end the work early is a warning (B502).
void check_budget(const SweepPlan& plan, const SweepEstimate& estimate,
                  Findings& findings);

} // namespace lab::sweeps
