#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sweeps/adaptive/attempts.hpp"
#include "sweeps/adaptive/design_outcomes.hpp"
#include "sweeps/adaptive/outcomes.hpp"
#include "sweeps/planner/plan.hpp"
#include "sweeps/planner/rules.hpp"

namespace lab::sweeps {

/// What decides about the runs of a sweep while it runs.
struct AdaptiveRules {
  std::optional<Pilot> pilot;
  std::vector<StopRule> stop;
  std::optional<MoreReplicates> more;
  /// Whether `more` is asked of a point, by its index in the plan.
  std::function<bool(std::int32_t)> may_grow;
  RuleMetrics metrics;
  Forecast forecast; // with the runs of the fixed design
  DesignRules design;
  /// For rules that ask for `provider.error_rate`; null: none does, or nothing
  /// is recorded.
  std::shared_ptr<AttemptRecords> attempts;
  /// The models of a point's runs. For rules of `then: pause-model`.
  std::function<std::set<std::string>(std::int32_t)> models_of;
  std::int64_t points = 0; // of the plan

  bool any() const { return pilot || !stop.empty() || more; }
  /// Whether some rule asks for this function.
  bool ask_for(std::string_view function) const;
  bool may_hold_models() const;
};

/// What the manifest's rules need of a plan, which must outlive them. What
/// this plan cannot keep is a finding (S420, S441).
/// @errors those of `SweepPlan::scenario_of`
Result<AdaptiveRules> adaptive_rules(const SweepPlan& plan, Findings& findings);

} // namespace lab::sweeps
