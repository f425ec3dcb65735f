#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::testing {

/// A scenario in the middle of a turn, made from a seed. Every text that is not
/// for all holds a word that stands nowhere else, so that a prompt which holds
/// it proves a leak.
struct RandomScenario {
  ScenarioSpec scenario;
  TurnState state;
  /// Word -> the ids of those who may read it; everybody else may not.
  std::map<std::string, std::vector<std::string>> canaries;
};

/// Word that stands for the narrator in `canaries`.
inline constexpr const char* narrator = "(narrator)";

RandomScenario random_scenario(std::uint64_t seed);

/// Text with quotes, line ends, brackets, headings and forged records in it.
std::string hostile_text(std::uint64_t seed);

} // namespace lab::testing
