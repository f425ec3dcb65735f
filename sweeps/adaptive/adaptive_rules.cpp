#include "sweeps/adaptive/adaptive_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/analysis/design_group.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

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

/// A function whose estimator belongs to a kind of leaf.
struct DesignFunction {
  std::string_view name;
  LeafKind leaf;
  std::size_t factor; // which of its parameters names a factor
};

constexpr std::array<DesignFunction, 3> design_functions{{
  {"sobol_ci", LeafKind::saltelli, 3},
  {"morris_mu", LeafKind::morris, 1},
  {"morris_ci", LeafKind::morris, 2},
}};

/// Checks one expression against the plan.
class RuleCheck {
public:
  RuleCheck(const SweepPlan& plan, AdaptiveRules& rules, Findings& findings)
    : manifest_(plan.manifest()), rules_(rules), findings_(findings) {}

  /// @param is_of_one_model  it is asked of each model's runs
  void check(const Expression& rule, const yaml::Node& place,
             const std::string& path, bool is_of_one_model) {
    check_names(rule, place, path);
    for (const auto& use : rule.calls()) {
      for (const auto& function : design_functions)
        if (function.name == use.function)
          check_design(function, use, place, path, is_of_one_model);
      if (use.function == "provider.error_rate" && use.given.at(1))
        warn_of_clock(place, path);
    }
  }

private:
  /// Names of metrics that a rule asks for and nobody measures.
  void check_names(const Expression& rule, const yaml::Node& place,
                   const std::string& path) {
    const auto& derived = rules_.metrics.derived;
    for (const auto& use : rule.names()) {
      if (use.declared || rules_.metrics.kinds.contains(use.name)
          || std::ranges::any_of(derived, [&](const DerivedMetric& one) {
               return expression_name(one.name) == use.name;
             }))
        continue;
      auto& finding = add(place, path, "S420",
                          "the scenario has no metric `" + use.name + "`");
      std::vector<std::string> known;
      for (const auto& [name, kind] : rules_.metrics.kinds)
        known.push_back(name);
      finding.notes.push_back(known.empty()
                                ? "it has no metrics at all"
                                : "its metrics: " + join(known, ", "));
    }
  }

  void check_design(const DesignFunction& function,
                    const Expression::CallUse& use, const yaml::Node& place,
                    const std::string& path, bool is_of_one_model) {
    const auto name = "`" + std::string{function.name} + "`";
    if (is_of_one_model) {
      add(place, path, "S441",
          name
            + " is of the whole sweep, and this rule is asked of one "
              "model's runs at a time")
        .help.emplace_back("write `then: pause`, or a rule on the runs "
                           "themselves, as share(failed) > 20%");
      return;
    }
    const auto groups = groups_of(manifest_, function.leaf);
    if (groups.empty()) {
      const std::string kind{name_of(function.leaf)};
      add(place, path, "S441",
          name + " needs a `" + kind + "` part, and this design has none")
        .help.push_back("add `" + kind
                        + ": {factors: [...]}` to `design`, or ask for "
                          "ci_halfwidth of the metric");
      return;
    }
    if (const auto* metric = std::get_if<std::string>(use.arguments.data()))
      rules_.design.metrics.insert(expression_name(*metric));
    if (const auto* factor =
          std::get_if<std::string>(&use.arguments.at(function.factor)))
      check_factor(*factor, groups, name, place, path);
  }

  void check_factor(const std::string& factor,
                    const std::vector<DesignGroup>& groups,
                    const std::string& function, const yaml::Node& place,
                    const std::string& path) {
    std::vector<std::string> known;
    for (const auto& group : groups)
      for (auto& name : group.names())
        if (std::ranges::count(known, name) == 0)
          known.push_back(std::move(name));
    if (std::ranges::count(known, factor) > 0)
      return;
    auto& finding =
      add(place, path, "S441", function + " has no factor `" + factor + "`");
    finding.help.push_back("write one of its factors: " + join(known, ", "));
  }

  void warn_of_clock(const yaml::Node& place, const std::string& path) {
    auto& finding =
      add(place, path, "S442",
          "`provider.error_rate` counts attempts, not minutes: the length of "
          "time does nothing");
    finding.severity = Severity::warning;
    finding.help.emplace_back(
      "leave it out to count all attempts so far, or write last=20 for those "
      "of the latest 20 runs");
    finding.notes.emplace_back("a rule that went by the clock would decide "
                               "otherwise when the sweep is repeated");
  }

  Diagnostic& add(const yaml::Node& place, const std::string& path,
                  std::string code, std::string message) {
    return error_at(*manifest_.document, place, findings_, std::move(code),
                    std::move(message), path);
  }

  const Manifest& manifest_;
  AdaptiveRules& rules_;
  Findings& findings_;
};

} // namespace

bool AdaptiveRules::ask_for(std::string_view function) const {
  return std::ranges::any_of(
           stop,
           [&](const StopRule& rule) { return rule.when.calls(function); })
         || (more && more->until.calls(function));
}

bool AdaptiveRules::may_hold_models() const {
  return std::ranges::count(stop, StopAction::pause_model, &StopRule::then) > 0;
}

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
  rules.points = plan.point_count();
  RuleCheck check{plan, rules, findings};
  for (std::size_t i = 0; i < rules.stop.size(); ++i) {
    const auto& rule = rules.stop[i];
    check.check(rule.when, rule.place, "stop." + std::to_string(i) + ".when",
                rule.then == StopAction::pause_model);
  }
  if (rules.more)
    check.check(rules.more->until, rules.more->place, "replicates.more.until",
                false);
  rules.may_grow = [&plan](std::int32_t point) {
    const auto& only = plan.manifest().replicates.more->only;
    if (only.empty())
      return true;
    const auto& design = *plan.manifest().design;
    const auto place = design.place_of(plan.point(point).index);
    return design.blocks()[place.block].name == only;
  };
  if (!rules.design.metrics.empty()) {
    rules.design.manifest = &manifest;
    rules.design.index_of = [&plan](std::int32_t point) {
      return plan.point(point).index;
    };
  }
  rules.models_of = [&plan](std::int32_t point) {
    // A point that cannot be made has no runs that could be held back.
    const auto made = plan.scenario_of(point);
    return made ? models_of(*made) : std::set<std::string>{};
  };
  return rules;
}

} // namespace lab::sweeps
