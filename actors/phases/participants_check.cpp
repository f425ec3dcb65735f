#include "actors/phases/participants_check.hpp"

namespace lab::actors {

Result<void> check_participants(const ScenarioSpec& scenario,
                                const std::string& phase, std::size_t least) {
  const auto count = scenario.participants.size();
  if (count == 0)
    return fail(Errc::invalid_input, "phase " + phase + ": nobody takes part");
  if (count < least)
    return fail(Errc::invalid_input,
                "phase " + phase + " needs at least " + std::to_string(least)
                  + " participants; there "
                  + (count == 1 ? "is 1" : "are " + std::to_string(count)));
  for (const auto& participant : scenario.participants) {
    const bool needs_model = participant.control != Control::human
                             || participant.on_timeout == OnTimeout::ai;
    if (participant.model.empty() && needs_model)
      return fail(Errc::invalid_input,
                  "participant '" + participant.id + "' has no model");
  }
  return {};
}

std::vector<std::string> ids_of(const ScenarioSpec& scenario) {
  std::vector<std::string> ids;
  for (const auto& participant : scenario.participants)
    ids.push_back(participant.id);
  return ids;
}

} // namespace lab::actors
