#include "runtime/model/run_spec.hpp"

#include <algorithm>
#include <array>

#include "runtime/model/chat.hpp"

namespace lab {

namespace {

/// Raised when the engine's meaning changes, so that old runs are not taken
/// for new ones.
constexpr std::int64_t semantics_version = 1;

constexpr std::array<std::string_view, 7> status_names{
  "planned", "running", "completed", "halted", "failed", "cancelled", "paused"};

} // namespace

RunId run_id_of(const Digest256& scenario_content, std::uint64_t seed) {
  return RunId{Hasher{}
                 .add("run")
                 .add(semantics_version)
                 .add(scenario_content)
                 .add(static_cast<std::int64_t>(seed))
                 .finish128()
                 .high};
}

RunId branch_id_of(RunId parent, std::int32_t turn,
                   const Digest256& scenario_content, std::uint64_t seed) {
  return RunId{Hasher{}
                 .add("branch")
                 .add(semantics_version)
                 .add(static_cast<std::int64_t>(parent.value))
                 .add(turn)
                 .add(scenario_content)
                 .add(static_cast<std::int64_t>(seed))
                 .finish128()
                 .high};
}

Control RunSpec::control_of(const ParticipantSpec& participant,
                            std::int32_t turn) const {
  auto control = participant.control;
  for (const auto& change : controls)
    if (change.participant == participant.id && change.from_turn <= turn)
      control = change.control;
  return control;
}

InheritedTurns RunSpec::source_of(std::int32_t turn) const {
  if (!branch_from || turn > branch_turn)
    return {id, 0, seed};
  for (const auto& root : branch_roots)
    if (turn <= root.last_turn)
      return root;
  return {branch_from, branch_turn, branch_seed};
}

std::string without_parameters(const std::string& model) {
  return model.substr(0, model.find('?'));
}

std::set<std::string> models_of(const ScenarioSpec& scenario) {
  std::set<std::string> models{scenario.world_state_model};
  for (const auto& participant : scenario.participants)
    if (!participant.model.empty())
      models.insert(participant.model);
  if (!scenario.summary_model.empty())
    models.insert(scenario.summary_model);
  if (scenario.validation)
    models.insert(scenario.validation->model);
  for (const auto& metric : scenario.metrics)
    if (metric.extraction == Extraction::llm && !metric.model.empty())
      models.insert(metric.model);
  models.erase("");
  return models;
}

bool uses_simulation(const ScenarioSpec& scenario) {
  return std::ranges::any_of(models_of(scenario), [](const auto& model) {
    return provider_of(model) == "sim";
  });
}

std::string_view to_string(RunStatus status) {
  return status_names.at(static_cast<std::size_t>(status));
}

RunStatus run_status_from(std::string_view name) {
  for (std::size_t i = 0; i < status_names.size(); ++i)
    if (status_names[i] == name)
      return static_cast<RunStatus>(i);
  return RunStatus::failed;
}

} // namespace lab
