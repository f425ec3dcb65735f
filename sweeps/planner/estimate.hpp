#pragma once

#include <cstdint>
#include <functional>
#include <map>
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

/// Expected use and its ceiling. Expectations are rules of thumb for people;
/// the worst case is the bound that the ledger sets aside.
struct EstimateLine {
  std::int64_t calls = 0;
  std::int64_t calls_max = 0; // with every repair attempt
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  Money expected;
  Money worst;

  EstimateLine& operator+=(const EstimateLine& other);
};

/// What a run, or a sweep, may come to.
struct Estimate {
  EstimateLine total;
  /// The same numbers three ways; "world" and "metrics" are participants here.
  std::map<std::string, EstimateLine> by_participant;
  std::map<std::string, EstimateLine> by_phase;
  std::map<std::string, EstimateLine> by_model;
  /// The largest worst case of a single call: no smaller limit lets the work
  /// come to its end, since that call could never be reserved.
  Money smallest_limit;
  /// Models without a price or with no room for a call, and why. Their calls
  /// are counted above, their money is not.
  std::map<std::string, Error> refused;
};

/// One run of the scenario, by rules: sizes of its real texts, growth with the
/// context window, output as a share of the cap. Pure arithmetic.
Estimate estimate(const ScenarioSpec& scenario, const PriceLookup& price_of);

/// `runs` runs of what `one` says of a single one.
/// @errors invalid_input when the amount leaves the range of `Money`
Result<void> add_runs(Estimate& sum, const Estimate& one, std::int64_t runs);

struct SweepEstimate {
  Estimate all;
  std::int64_t runs = 0;
  Money run_expected_max; // the dearest run's expectation
  Money run_worst_min;    // the cheapest run's ceiling
  Money run_worst_max;    // the dearest run's
};

/// All runs of the plan that are not in `completed`.
/// @errors invalid_input as `resolve`, or when the sum leaves Money's range
Result<SweepEstimate> estimate_plan(const SweepPlan& plan,
                                    const std::set<RunId>& completed,
                                    const PriceLookup& price_of);

/// Compares the plan's budget with its estimate. A limit that one call's worst
/// case cannot fit into is an error now rather than a halt at night; one that
/// is likely to end the sweep early is a warning.
void check_budget(const SweepPlan& plan, const SweepEstimate& estimate,
                  Findings& findings);

} // namespace lab::sweeps
