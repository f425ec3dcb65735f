#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/model/fact.hpp"
#include "runtime/model/overlay.hpp"
#include "runtime/model/run_source.hpp"
#include "sweeps/planner/manifest.hpp"

namespace lab::sweeps {

/// What a plan needs besides the manifest and the scenario.
struct PlanContext {
  std::string user;
  /// `--output`: the folder in which the sweep gets its own. Without it the
  /// manifest's `output.dir` is the sweep's folder, or else "output/<name>".
  std::optional<std::string> output;
  /// `--model [ACTOR=]ID`: win over everything in the manifest.
  std::vector<ModelOverride> models;
  /// `--first N`: only the first N runs of the execution order.
  std::optional<std::int64_t> first;
  /// `--budget-usd`: in place of the manifest's `budget.usd`.
  std::optional<Money> usd;
  /// Names that earlier plans of this sweep gave; they stay.
  std::map<RunId, std::string> names;
};

/// One point of a plan, as people see it.
struct PlannedPoint {
  std::string name;  // "p001"
  std::string label; // of a hand-made point; else empty
  /// Factor -> value, in the manifest's order; only factors in use.
  std::vector<std::pair<std::string, std::string>> factors;
};

/// A sweep that can start: every distinct point was resolved and checked once,
/// every run has its id, name and place in the order. Scenarios are made anew
/// when a run starts, so a waiting run costs a ticket and no more.
///
/// The scenario source that `make_plan` got must outlive the plan.
class SweepPlan {
public:
  virtual ~SweepPlan() = default;

  virtual const Manifest& manifest() const = 0;
  virtual SweepId id() const = 0;

  /// The fact that says so in the journal. Its `runs` are those without a name
  /// in `PlanContext::names`, those beyond `first` too: names are given once
  /// and for all.
  virtual SweepPlanned sweep_fact() const = 0;

  /// Distinct points, in the order of the design.
  virtual std::size_t point_count() const = 0;
  virtual PlannedPoint point(std::size_t index) const = 0;
  /// Turns that each run of the point plays.
  virtual std::int32_t turns_of(std::size_t index) const = 0;
  /// The point's scenario with everything applied.
  virtual Result<ScenarioSpec> scenario_of(std::size_t index) const = 0;

  /// In execution order; at most `PlanContext::first`.
  virtual const std::vector<RunTicket>& tickets() const = 0;

  /// Makes the whole run of a ticket. Runs of one point that live at the same
  /// time share one scenario. One thread at a time.
  /// @errors internal: the scenario came out otherwise than it was planned
  virtual Result<RunSpec> resolve(const RunTicket& ticket) const = 0;

  /// The sweep's ceilings, with the command line's word on top.
  virtual const Limit& budget() const = 0;

  /// The sweep's output folder; a run's is `<folder>/<run name>`.
  virtual const std::string& output() const = 0;

  /// The runs of `tickets()` that are not in `completed`, in the same order.
  /// Whatever halted, failed or never began is handed out again. The source
  /// refers to this plan and must not outlive it.
  virtual std::unique_ptr<RunSource>
  missing(const std::set<RunId>& completed) const = 0;
};

/// Checks the manifest against the scenario and lays out all runs. Findings
/// have their place in the manifest; two points that come out as the same
/// scenario are a warning, and run once.
/// @errors invalid_input; `findings` says what and where
Result<std::unique_ptr<SweepPlan>> make_plan(Manifest manifest,
                                             const ScenarioSource& scenario,
                                             const PlanContext& context,
                                             Findings& findings);

/// The assignments that put `models` into a scenario. For everybody that is
/// every participant, the world and each metric that names a model of its own.
std::vector<Assignment>
model_assignments(const std::vector<ModelOverride>& models,
                  const ScenarioSource& scenario);

} // namespace lab::sweeps
