#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "sweeps/planner/plan_base.hpp"
#include "sweeps/planner/plan_checker.hpp"
#include "sweeps/planner/run_layout.hpp"
#include "sweeps/planner/run_walk.hpp"

namespace lab::sweeps {

namespace {

/// The tickets that are not done, in order.
class MissingRuns final : public RunSource {
public:
  MissingRuns(const SweepPlan& plan, const std::set<RunId>& settled)
    : plan_(plan) {
    const auto& tickets = plan.tickets();
    for (std::size_t i = 0; i < tickets.size(); ++i)
      if (!settled.contains(tickets[i].run))
        missing_.push_back(i);
  }

  std::optional<RunTicket> next() override {
    if (next_ == missing_.size())
      return std::nullopt;
    return plan_.tickets()[missing_[next_++]];
  }

  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    return plan_.resolve(ticket);
  }

private:
  const SweepPlan& plan_;
  std::vector<std::size_t> missing_; // indices into the plan's tickets
  std::size_t next_ = 0;
};

/// Every point was made and checked, every run has its ticket.
class ListedPlan final : public PlanBase {
public:
  using PlanBase::PlanBase;

  Result<void> fill(const PlanContext& context, Findings& findings) override {
    PlanChecker checker{manifest(), maker(), findings};
    LAB_TRY(points_, checker.check_all());
    set_duplicates(checker.duplicates());
    turns_ = checker.turns();
    lay_out(context);
    fact_ = fact_of(checker.scenario_id(), checker.simulated());
    names_ = context.names;
    for (const auto& [run, name] : names_)
      taken_.insert(name);
    for (const auto& ticket : tickets_)
      taken_.insert(ticket.name);
    for (const auto& ticket : tickets_)
      if (!context.names.contains(ticket.run))
        fact_.runs.push_back(ticket);
    if (context.first) {
      const auto wanted =
        static_cast<std::size_t>(std::max<std::int64_t>(*context.first, 0));
      tickets_.resize(std::min(tickets_.size(), wanted));
    }
    return {};
  }

  bool listed() const override { return true; }
  SweepPlanned sweep_fact() const override { return fact_; }
  std::int64_t point_count() const override { return std::ssize(points_); }
  std::int64_t run_count() const override { return std::ssize(tickets_); }
  const std::vector<RunTicket>& tickets() const override { return tickets_; }

  PlannedPoint point(std::int64_t index) const override {
    auto point = design_point(index);
    return {point_name(numbers_.at(static_cast<std::size_t>(index))),
            point.label, factors_at(manifest(), point),
            points_.at(static_cast<std::size_t>(index)).index};
  }

  TurnRange turns() const override { return turns_; }

  Result<ScenarioSpec> scenario_of(std::int64_t index,
                                   std::int32_t replicate) const override {
    Findings unused; // the same as when the point was checked
    LAB_TRY(auto scenario,
            maker().make(design_point(index), replicate, unused));
    const auto i = static_cast<std::size_t>(index);
    if (scenario.content != content_of(i, replicate))
      return fail(Errc::internal,
                  "scenario changed since it was planned, point="
                    + point_name(numbers_[i]));
    return scenario;
  }

  std::vector<PointRuns>
  runs_to_do(const std::set<RunId>& settled) const override {
    std::map<std::int32_t, std::int64_t> runs; // by point
    for (const auto& ticket : tickets_)
      if (!settled.contains(ticket.run))
        ++runs[ticket.point_index];
    std::vector<PointRuns> all;
    for (const auto& [point, count] : runs)
      all.push_back({point, count});
    return all;
  }

  std::unique_ptr<RunSource>
  missing(const std::set<RunId>& settled) const override {
    return std::make_unique<MissingRuns>(*this, settled);
  }

  std::unique_ptr<RunSource> every_run() const override { return missing({}); }

  Result<RunTicket> extra_run(std::int64_t index,
                              std::int32_t replicate) const override {
    LAB_TRY(auto ticket, unnamed_extra_run(index, replicate));
    auto& name = names_[ticket.run];
    auto number = numbers_.at(static_cast<std::size_t>(index));
    if (const auto given = numbers_of(name)) {
      std::tie(number, replicate) = *given;
    } else {
      while (taken_.contains(run_name(number, replicate)))
        ++replicate;
      name = run_name(number, replicate);
      taken_.insert(name);
    }
    ticket.name = name;
    ticket.point = point_name(number);
    ticket.replicate = replicate;
    return ticket;
  }

private:
  const Digest256& content_of(std::size_t point, std::int32_t replicate) const {
    return points_[point]
      .contents[static_cast<std::size_t>(maker().wording_of(replicate))];
  }

  DesignPoint design_point(std::int64_t index) const override {
    return manifest().design->point(
      points_.at(static_cast<std::size_t>(index)).index);
  }

  Result<std::shared_ptr<const ScenarioSpec>>
  shared_scenario(std::int64_t index, std::int32_t replicate) const override {
    const auto wording = maker().wording_of(replicate);
    auto& kept = living_[index * maker().wordings() + wording];
    if (auto scenario = kept.lock())
      return scenario;
    LAB_TRY(auto made, scenario_of(index, wording));
    auto scenario = std::make_shared<const ScenarioSpec>(std::move(made));
    kept = scenario;
    return scenario;
  }

  void lay_out(const PlanContext& context) {
    std::vector<std::vector<RunId>> runs;
    std::vector<std::vector<std::uint64_t>> seeds;
    std::vector<OrderedPoint> ordered;
    for (std::size_t p = 0; p < points_.size(); ++p) {
      auto& own = seeds.emplace_back();
      auto& ids = runs.emplace_back();
      for (std::int32_t r = 0; r < manifest().replicates.count; ++r) {
        own.push_back(
          seed_of(manifest().replicates, manifest().seed, content_of(p, r), r));
        ids.push_back(run_id_of(content_of(p, r), own.back()));
      }
      ordered.push_back({points_[p].index, points_[p].models});
    }
    const auto named = name_runs(runs, context.names);
    for (const auto& point : named)
      numbers_.push_back(point.front().point);
    for (const auto& [point, replicate] :
         execution_order(runs, ordered, stretches_of(*manifest().design),
                         manifest().order, manifest().seed)) {
      const auto p = static_cast<std::size_t>(point);
      const auto r = static_cast<std::size_t>(replicate);
      const auto& run = named[p][r];
      tickets_.push_back({run.run, run_name(run.point, run.replicate),
                          point_name(run.point), point, run.replicate,
                          seeds[p][r]});
    }
  }

  std::vector<CheckedPoint> points_;
  std::vector<std::int32_t> numbers_; // of the points' names
  std::vector<RunTicket> tickets_;
  SweepPlanned fact_;
  TurnRange turns_;
  // Of runs that earlier plans named, and of extra ones.
  mutable std::map<RunId, std::string> names_;
  mutable std::set<std::string> taken_;
  mutable std::unordered_map<std::int64_t, std::weak_ptr<const ScenarioSpec>>
    living_; // by point and wording
};

} // namespace

std::unique_ptr<PlanBase> make_listed_plan(Manifest manifest,
                                           const ScenarioSource& scenario,
                                           const PlanContext& context) {
  return std::make_unique<ListedPlan>(std::move(manifest), scenario, context);
}

} // namespace lab::sweeps
