#include "sweeps/adaptive/model_holds.hpp"

#include <algorithm>
#include <utility>

#include "sweeps/planner/history.hpp"

namespace lab::sweeps {

namespace {

/// Points that are looked at to learn how many a model is in.
constexpr std::int64_t points_looked_at = 400;

} // namespace

ModelHolds::ModelHolds(const AdaptiveRules& rules)
  : rules_(rules), is_needed_(rules.may_hold_models()) {}

const ModelHolds::Models& ModelHolds::models_at(std::int32_t point) {
  auto& found = models_[point];
  if (found == nullptr)
    found = &*kept_.insert(rules_.models_of(point)).first;
  return *found;
}

void ModelHolds::add(std::int32_t point, std::uint64_t seed,
                     const EndedRun& run, const RunAttempts& attempts,
                     bool is_fresh) {
  if (!is_needed_)
    return;
  ended_.push_back({point, seed, run, attempts, is_fresh});
  count(ended_.back());
}

void ModelHolds::count(const Ended& ended) {
  if (holds_back(ended.point))
    return;
  for (const auto& model : models_at(ended.point)) {
    auto& evidence = evidence_
                       .try_emplace(model, Outcomes{&rules_.metrics,
                                                    without_parameters(model)})
                       .first->second;
    evidence.outcomes.add(ended.run, ended.seed, ended.attempts);
    evidence.is_fresh = evidence.is_fresh || ended.is_fresh;
  }
}

void ModelHolds::decide() {
  if (!is_needed_)
    return;
  for (const auto& model : narrowest_first()) {
    const auto found = evidence_.find(model);
    if (found == evidence_.end() || !found->second.is_fresh)
      continue;
    const OutcomeWords words{found->second.outcomes};
    const auto rule = std::ranges::find_if(rules_.stop, [&](const auto& each) {
      return each.then == StopAction::pause_model
             && each.when.holds(words).value_or(false);
    });
    if (rule == rules_.stop.end())
      continue;
    held_.emplace(model, rule->because);
    evidence_.clear();
    for (const auto& ended : ended_)
      count(ended);
  }
}

bool ModelHolds::holds_back(std::int32_t point) {
  return !held_.empty()
         && std::ranges::any_of(models_at(point), [this](const auto& model) {
              return held_.contains(model);
            });
}

std::vector<std::string> ModelHolds::narrowest_first() {
  std::vector<std::string> models;
  for (const auto& [model, evidence] : evidence_)
    models.push_back(model);
  if (models.size() < 2)
    return models;
  if (!breadth_) {
    breadth_.emplace();
    const auto looks = std::min(rules_.points, points_looked_at);
    for (std::int64_t i = 0; i < looks; ++i)
      for (const auto& model :
           models_at(static_cast<std::int32_t>(i * rules_.points / looks)))
        ++(*breadth_)[model];
  }
  std::ranges::stable_sort(models, {}, [this](const std::string& model) {
    const auto found = breadth_->find(model);
    return found == breadth_->end() ? 0 : found->second;
  });
  return models;
}

} // namespace lab::sweeps
