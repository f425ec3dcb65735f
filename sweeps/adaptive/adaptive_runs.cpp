#include "sweeps/adaptive/adaptive_runs.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/run_layout.hpp"

namespace lab::sweeps {

namespace {

/// A plan's runs, done or not, and further replicates of its points.
class PlanTickets final : public Tickets {
public:
  explicit PlanTickets(const SweepPlan& plan)
    : plan_(plan), runs_(plan.every_run()) {}

  std::optional<RunTicket> next() override { return runs_->next(); }

  Result<RunTicket> another(std::int32_t point_index,
                            std::int32_t replicate) override {
    const auto& manifest = plan_.manifest();
    // Another replicate may speak in another wording, and its seed hangs on
    // what it says.
    LAB_TRY(const auto scenario, plan_.scenario_of(point_index, replicate - 1));
    auto replicates = manifest.replicates;
    // A list of seeds ends; what comes behind it is drawn like paired ones.
    if (replicates.mode == SeedMode::listed)
      replicates.mode = SeedMode::paired;
    RunTicket ticket;
    ticket.seed =
      seed_of(replicates, manifest.seed, scenario.content, replicate - 1);
    ticket.run = run_id_of(scenario.content, ticket.seed);
    ticket.point = plan_.point(point_index).name;
    ticket.point_index = point_index;
    ticket.replicate = replicate;
    ticket.name = ticket.point + ".r" + std::to_string(replicate);
    return ticket;
  }

private:
  const SweepPlan& plan_;
  std::unique_ptr<RunSource> runs_;
};

class AdaptiveRuns final : public RunSource {
public:
  AdaptiveRuns(const SweepPlan& plan, AdaptiveRules rules,
               std::unordered_map<RunId, EndedRun> known)
    : plan_(plan), tickets_(plan),
      controller_(std::move(rules), tickets_, std::move(known)) {}

  std::optional<RunTicket> next() override { return controller_.next(); }
  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    return plan_.resolve(ticket);
  }
  bool waits() const override { return controller_.waits(); }
  void ended(const EndedRun& run) override { controller_.ended(run); }
  bool wants_charges() const override { return true; }
  std::optional<SourceStop> stop() const override { return controller_.stop(); }
  std::int64_t added() const override { return controller_.added(); }

private:
  const SweepPlan& plan_;
  PlanTickets tickets_;
  Controller controller_;
};

RuleMetrics metrics_of(const Manifest& manifest, const ScenarioSpec& scenario) {
  RuleMetrics metrics;
  metrics.derived = manifest.measure.derived;
  for (const auto& metric : scenario.metrics) {
    auto& kind = metrics.kinds[expression_name(metric.name)];
    kind.is_binary = metric.type == MetricType::boolean;
    if (kind.is_binary)
      kind.range = {0, 1};
    else if (metric.range)
      kind.range = {metric.range->first, metric.range->second};
  }
  return metrics;
}

/// Names of metrics that a rule asks for and nobody measures.
void check_names(const SweepPlan& plan, const RuleMetrics& metrics,
                 const Expression& rule, const yaml::Node& place,
                 const std::string& path, Findings& findings) {
  for (const auto& use : rule.names()) {
    if (use.declared || metrics.kinds.contains(use.name))
      continue;
    const auto& derived = metrics.derived;
    if (std::ranges::any_of(derived, [&](const DerivedMetric& one) {
          return expression_name(one.name) == use.name;
        }))
      continue;
    auto& finding =
      error_at(*plan.manifest().document, place, findings, "S420",
               "the scenario has no metric `" + use.name + "`", path);
    std::vector<std::string> known;
    for (const auto& [name, kind] : metrics.kinds)
      known.push_back(name);
    finding.notes.push_back(known.empty()
                              ? "it has no metrics at all"
                              : "its metrics: " + join(known, ", "));
  }
}

} // namespace

Result<AdaptiveRules> adaptive_rules(const SweepPlan& plan,
                                     Findings& findings) {
  const auto& manifest = plan.manifest();
  AdaptiveRules rules;
  rules.pilot = manifest.pilot;
  rules.stop = manifest.stop;
  rules.more = manifest.replicates.more;
  if (!rules.any())
    return rules;
  LAB_TRY(const auto scenario, plan.scenario_of(0));
  rules.metrics = metrics_of(manifest, scenario);
  rules.forecast.runs_planned = plan.run_count();
  for (std::size_t i = 0; i < rules.stop.size(); ++i) {
    const auto path = "stop." + std::to_string(i) + ".when";
    const auto& rule = rules.stop[i];
    check_names(plan, rules.metrics, rule.when, rule.place, path, findings);
  }
  if (rules.more)
    check_names(plan, rules.metrics, rules.more->until, rules.more->place,
                "replicates.more.until", findings);
  rules.may_grow = [&plan](std::int32_t point) {
    const auto& only = plan.manifest().replicates.more->only;
    if (only.empty())
      return true;
    const auto& design = *plan.manifest().design;
    const auto place = design.place_of(plan.point(point).index);
    return design.blocks()[place.block].name == only;
  };
  return rules;
}

std::unique_ptr<RunSource>
adaptive_runs(const SweepPlan& plan, AdaptiveRules rules,
              std::unordered_map<RunId, EndedRun> known) {
  return std::make_unique<AdaptiveRuns>(plan, std::move(rules),
                                        std::move(known));
}

} // namespace lab::sweeps
