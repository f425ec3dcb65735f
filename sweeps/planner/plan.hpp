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
#include "sweeps/planner/known_runs.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/planner/point_maker.hpp"

namespace lab::sweeps {

/// Plans of at most so many points and runs are listed: every point is made
/// and checked, every run named beforehand. Longer ones are walked: each run is
/// made when its turn comes, so that a million points take no more memory than
/// ten.
inline constexpr std::int64_t points_listed_max = 2'000;
inline constexpr std::int64_t runs_listed_max = 20'000;
/// Points of a walked plan that are made beforehand, chosen at random, to check
/// and to estimate from.
inline constexpr std::int64_t points_sampled = 400;

/// Whether the manifest's plan will be listed.
bool is_listed(const Manifest& manifest);

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
  /// Names that earlier plans of this sweep gave; they stay. Of listed plans.
  std::map<RunId, std::string> names;
  /// What walked plans ask instead; null: nothing ran yet.
  std::shared_ptr<KnownRuns> known;
  /// Of a walked plan: how many of its runs are done, as far as one can tell
  /// without making them.
  std::int64_t settled = 0;
};

/// One point of a plan, as people see it.
struct PlannedPoint {
  std::string name;  // "p001"
  std::string label; // of a hand-made point; else empty
  /// Factor -> value, in the manifest's order; only factors in use.
  std::vector<std::pair<std::string, std::string>> factors;
  std::int64_t index = 0; // in the design
};

/// Runs of one point.
struct PointRuns {
  std::int64_t point = 0; // index in the plan
  std::int64_t runs = 0;
};

/// Fewest and most turns of the runs of some points.
struct TurnRange {
  std::int32_t least = 0;
  std::int32_t most = 0;
};

/// Points that came out as the same scenario as others.
struct Duplicates {
  std::int64_t count = 0;
  /// The first few: "(m=b) is the same as (m=a)".
  std::vector<std::string> examples;
};

/// A sweep that can start. Scenarios are made anew when a run starts, so a
/// waiting run costs a ticket at most.
///
/// A listed plan made and checked every distinct point once; every run has its
/// id, name and place in the order. A walked plan checked every level of every
/// factor and a sample of points; ids and names come as the runs start.
///
/// The scenario source that `make_plan` got must outlive the plan.
class SweepPlan {
public:
  virtual ~SweepPlan() = default;

  virtual const Manifest& manifest() const = 0;
  virtual SweepId id() const = 0;
  virtual bool listed() const = 0;

  /// The fact that says so in the journal. Its `runs` are those without a name
  /// in `PlanContext::names`, those beyond `first` too: names are given once
  /// and for all. Of a walked plan it has none; `RunPlanned` gives them.
  virtual SweepPlanned sweep_fact() const = 0;

  /// Points, in the order of the design: distinct ones of a listed plan, all of
  /// a walked one.
  virtual std::int64_t point_count() const = 0;
  virtual PlannedPoint point(std::int64_t index) const = 0;
  /// The point's scenario with everything applied, in the wording of a
  /// replicate (index).
  /// @errors invalid_input: a walked plan's point is faulty;
  ///         internal: the scenario came out otherwise than it was planned
  virtual Result<ScenarioSpec>
  scenario_of(std::int64_t index, std::int32_t replicate = 0) const = 0;

  /// Of all points; of a walked plan, of those that were made to check it.
  virtual TurnRange turns() const = 0;

  /// At most `PlanContext::first`.
  virtual std::int64_t run_count() const = 0;
  /// In execution order. Of a listed plan only; see `missing`.
  virtual const std::vector<RunTicket>& tickets() const = 0;

  /// How many runs of which points are to be done. Of a walked plan: as many as
  /// are left, spread evenly over the points of its sample.
  virtual std::vector<PointRuns>
  runs_to_do(const std::set<RunId>& settled) const = 0;

  /// Makes the whole run of a ticket. Runs of one point that live at the same
  /// time share one scenario. One thread at a time.
  /// @errors those of `scenario_of`
  virtual Result<RunSpec> resolve(const RunTicket& ticket) const = 0;

  /// One more run of a point than the plan has, with the seed that a larger
  /// `replicates.count` would give; behind a list of seeds it is drawn as for
  /// `paired`. Named as others are: a name that was given stays, and no other
  /// run has it.
  /// @param replicate  counts from 1
  /// @errors those of `scenario_of` and of `PlanContext::known`
  virtual Result<RunTicket> extra_run(std::int64_t point,
                                      std::int32_t replicate) const = 0;

  /// The sweep's ceilings, with the command line's word on top.
  virtual const Limit& budget() const = 0;

  /// The sweep's output folder; a run's is `<folder>/<run name>`.
  virtual const std::string& output() const = 0;

  /// The runs in execution order without those in `settled` and those that
  /// `PlanContext::known` calls so; those that had no name in this sweep yet
  /// get one (`RunSource::take_named`). Whatever halted, failed or never began
  /// is handed out again. The source refers to this plan and must not outlive
  /// it.
  virtual std::unique_ptr<RunSource>
  missing(const std::set<RunId>& settled) const = 0;

  /// The same with those that are done.
  virtual std::unique_ptr<RunSource> every_run() const = 0;

  /// Points that run once because they are the same scenario as others: all of
  /// a listed plan; of a walked one those that its sources have met. Read it
  /// when they have come to rest.
  virtual const Duplicates& duplicates() const = 0;
};

/// The warning that some points are the same scenario as others (S419).
Diagnostic duplicates_finding(const Manifest& manifest,
                              const Duplicates& duplicates);

/// Checks the manifest against the scenario and lays out all runs. Findings
/// have their place in the manifest; two points that come out as the same
/// scenario are a warning, and run once.
/// @errors invalid_input; `findings` says what and where
Result<std::unique_ptr<SweepPlan>> make_plan(Manifest manifest,
                                             const ScenarioSource& scenario,
                                             const PlanContext& context,
                                             Findings& findings);

} // namespace lab::sweeps
