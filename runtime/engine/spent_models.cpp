#include "runtime/engine/spent_models.hpp"

#include <algorithm>

#include "runtime/model/run_spec.hpp"

namespace lab::runtime {

SpentModels::Models SpentModels::asked_by(const ScenarioSpec& scenario) const {
  Models asked;
  if (limited_.empty())
    return asked;
  for (const auto& model : models_of(scenario))
    if (auto name = without_parameters(model); limited_.contains(name))
      asked.insert(std::move(name));
  return asked;
}

void SpentModels::refused(Models asked) {
  if (asked.empty() || holds_back(asked))
    return;
  std::erase_if(refused_, [&](const Models& known) {
    return std::ranges::includes(known, asked);
  });
  refused_.push_back(std::move(asked));
}

bool SpentModels::holds_back(const Models& asked) const {
  return std::ranges::any_of(refused_, [&](const Models& lacking) {
    return std::ranges::includes(asked, lacking);
  });
}

} // namespace lab::runtime
