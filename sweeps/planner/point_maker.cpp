#include "sweeps/planner/point_maker.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "runtime/base/text.hpp"

namespace lab::sweeps {

namespace {

/// Places besides participants and the world where a scenario names a model.
bool is_other_model(const std::string& path) {
  return path == "summary_model" || path == "validation.validation_model"
         || path == "features.context_management.summarization_model"
         || (path.starts_with("metrics.")
             && (path.ends_with(".model") || path.ends_with(".llm_model")));
}

} // namespace

PointMaker::PointMaker(const Manifest& manifest, const ScenarioSource& scenario,
                       const std::vector<ModelOverride>& models)
  : manifest_(manifest), scenario_(scenario), base_(manifest.set),
    top_(model_assignments(models, scenario)) {
  for (const auto& model : manifest.models)
    for (auto& assignment : model_assignments({model}, scenario)) {
      take_place(assignment.value, model.first);
      base_.push_back(std::move(assignment));
    }
}

std::int32_t PointMaker::wordings() const {
  return std::max(static_cast<std::int32_t>(manifest_.wording.variants.size()),
                  1);
}

Result<ScenarioSpec> PointMaker::make(const DesignPoint& point,
                                      std::int32_t replicate,
                                      Findings& findings) const {
  auto assignments = base_;
  if (const auto& variants = manifest_.wording.variants; !variants.empty())
    for (const auto& [path, text] :
         variants[static_cast<std::size_t>(wording_of(replicate))].writes)
      assignments.push_back({path, text});
  for (std::size_t i = 0; i < point.values.size(); ++i)
    if (point.values[i])
      for (auto& assignment :
           assignments_of(manifest_.factors[i], *point.values[i]))
        assignments.push_back(std::move(assignment));
  assignments.insert(assignments.end(), top_.begin(), top_.end());
  return scenario_.resolve(assignments, findings, manifest_.document.get());
}

/// Gives a value made from `models` the place where it stands.
void PointMaker::take_place(yaml::Node& value, const std::string& whom) const {
  const auto* written = manifest_.document->root.find("models");
  if (written != nullptr && written->kind == yaml::Kind::map)
    written = written->find(whom.empty() ? "*" : whom);
  if (written == nullptr)
    return;
  value.mark = written->mark;
  value.end = written->end;
}

std::vector<std::pair<std::string, std::string>>
factors_at(const Manifest& manifest, const DesignPoint& point) {
  std::vector<std::pair<std::string, std::string>> named;
  for (std::size_t i = 0; i < point.values.size(); ++i)
    if (point.values[i])
      named.emplace_back(manifest.factors[i].name, point.values[i]->text);
  return named;
}

std::string spoken(const Manifest& manifest, const DesignPoint& point) {
  if (!point.label.empty())
    return point.label;
  std::vector<std::string> parts;
  for (const auto& [name, value] : factors_at(manifest, point))
    parts.push_back(name + "=" + value);
  return join(parts, ", ");
}

std::vector<Assignment>
model_assignments(const std::vector<ModelOverride>& models,
                  const ScenarioSource& scenario) {
  std::vector<Assignment> made;
  for (const auto& [whom, model] : models) {
    const auto value = yaml::Node::text(model);
    if (whom == "world") {
      made.push_back({"world_state_model", value});
    } else if (!whom.empty()) {
      made.push_back({"actors." + whom + ".llm_model", value});
    } else {
      made.push_back({"actors.*.llm_model", value});
      made.push_back({"world_state_model", value});
      for (const auto& place : scenario.paths())
        if (is_other_model(place.path))
          made.push_back({place.path, value});
    }
  }
  return made;
}

} // namespace lab::sweeps
