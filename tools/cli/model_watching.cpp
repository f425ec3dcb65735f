#include "tools/cli/model_watching.hpp"

#include <utility>

#include "sweeps/adaptive/canaries.hpp"
#include "sweeps/adaptive/model_sentinel.hpp"
#include "tools/cli/data_files.hpp"
#include "tools/cli/stored_runs.hpp"

namespace lab::tools {

Outcome<std::shared_ptr<ModelWatch>> watch_of(const PlannedSweep& planned,
                                              const Context& context) {
  const auto& rules = planned.plan->manifest().sentinel;
  if (!rules)
    return std::shared_ptr<ModelWatch>{};
  auto models = sweeps::watched_models(planned.view.estimate);
  if (models.empty())
    return std::shared_ptr<ModelWatch>{};
  auto watch =
    std::make_shared<sweeps::ModelSentinel>(*rules, std::move(models));
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (*tables) {
    const auto checks = (*tables)->model_checks(planned.plan->id());
    if (!checks)
      return give_up(checks.error(), "the earlier checks of the models");
    for (const auto& one : *checks)
      watch->judge(one.check);
  }
  return std::shared_ptr<ModelWatch>{std::move(watch)};
}

} // namespace lab::tools
