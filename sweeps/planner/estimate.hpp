#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "runtime/base/diagnostic.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/money.hpp"
#include "runtime/model/price.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "sweeps/planner/plan.hpp"

namespace lab::sweeps {

/// The price of a model as the scenario names it.
/// @errors model_not_priced
using PriceLookup = std::function<Result<PriceRow>(const std::string& model)>;

/// What calls are expected to use, and their ceiling. Expectations are rules
/// of thumb. The ceiling is what the ledger would set aside for the same calls
/// if every reply were as long as it may be and every one needed its repair.
/// Sums of money stop at the largest `Money`.
struct EstimateLine {
  std::int64_t calls = 0;
  std::int64_t calls_max = 0; // with every repair
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  Money expected;
  Money worst;
  std::int64_t worst_tokens = 0;

  friend bool operator==(const EstimateLine&, const EstimateLine&) = default;
};

/// The narrator's name in `Estimate::by_participant`.
inline constexpr const char* world_name = "world";

/// What a run, or a sweep, may come to.
struct Estimate {
  EstimateLine total;
  /// The same numbers three ways.
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

  /// Adds `runs` runs of what `one` says of a single one.
  void add(const Estimate& one, std::int64_t runs);
};

/// One run of the scenario, by rules: sizes of its real texts, growth with the
/// context window, output as a share of the cap. Pure arithmetic.
Estimate estimate(const ScenarioSpec& scenario, const PriceLookup& price_of);

struct SweepEstimate {
  Estimate all;
  std::int64_t runs = 0;
  std::int64_t turns = 0; // of all these runs together
  Money run_expected_max; // the dearest run's expectation
  Money run_worst_max;    // and its ceiling
};

/// All runs of the plan that are not in `completed`.
/// @errors those of `SweepPlan::scenario_of`
Result<SweepEstimate> estimate_plan(const SweepPlan& plan,
                                    const std::set<RunId>& completed,
                                    const PriceLookup& price_of);

/// Compares the plan's budget with its estimate. A limit that some call can
/// never fit into is an error now rather than a halt at night (B501); one that
/// is likely to end the work early is a warning (B502).
void check_budget(const SweepPlan& plan, const SweepEstimate& estimate,
                  Findings& findings);

} // namespace lab::sweeps
