#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/digest.hpp"

namespace lab {

enum class Control : std::uint8_t { ai, human, scripted };

/// Who decides in a scenario. Texts are final: parameters are already words.
struct ParticipantSpec {
  std::string id;   // short name: file names, keys, coordinates
  std::string name; // display name
  std::string model;
  Control control = Control::ai;
  std::string system_prompt;
  std::string role;
  std::string description;
  std::vector<std::string> goals;
  std::vector<std::string> constraints;
  /// domain -> level; a level may be empty.
  std::vector<std::pair<std::string, std::string>> expertise;
  std::string decision_style;
  std::string communication_style;
  std::vector<std::string> personality_traits;
  std::string private_information;
  /// For `sim` models: hidden dials by name, 0 to 1 (docs/sim.md).
  std::map<std::string, double> sim;
};

enum class MetricType : std::uint8_t {
  continuous,
  integer,
  boolean,
  categorical,
  text,
};

enum class Extraction : std::uint8_t { pattern, keyword, llm, manual };
enum class Scoring : std::uint8_t { count, presence, density };

struct MetricSpec {
  std::string name;
  std::string description;
  std::string unit;
  MetricType type = MetricType::continuous;
  Extraction extraction = Extraction::pattern;
  std::vector<std::string> patterns; // PCRE2, tried in order
  std::vector<std::string> keywords;
  Scoring scoring = Scoring::count;
  std::string prompt; // llm
  std::string model;  // llm
  std::vector<std::string> categories;
  std::optional<std::pair<double, double>> range;
  std::optional<double> warning_threshold;
  std::optional<double> critical_threshold;
  /// Read from each participant's words rather than from the world.
  bool per_participant = false;
  std::string participant; // id; empty: every participant
  /// V1 reads world and action texts alike; V2 the world alone.
  bool reads_actions = false;
};

/// A number that reaches models as words.
struct ParameterSpec {
  std::string name;
  std::string help;
  std::string value; // as set: number text or a word
  /// What stands for {{name}} in texts.
  std::string words;
  std::optional<double> number;
};

/// One scenario with every override applied: what a run executes. Immutable.
struct ScenarioSpec {
  std::string id;   // folder name: output folders, tables
  std::string name; // display name
  std::string description;
  std::string system_prompt;
  std::string initial_world_state;
  std::string turn_duration;
  std::int32_t turns = 0;
  std::int32_t context_window_size = 3; // turns
  std::string world_state_model;
  std::vector<ParticipantSpec> participants; // in scenario order
  std::vector<MetricSpec> metrics;
  std::vector<ParameterSpec> parameters;
  /// Phases of a turn in order; names known to the phase factory.
  std::vector<std::string> phases;
  /// Bare V1 prompts instead of the composed persona.
  bool v1_prompts = false;
  /// Most tokens of a reply, by phase name; "" for all others.
  std::map<std::string, std::int64_t> output_caps;
  std::string temperature;
  /// `sim:` block: dials shared by all participants.
  std::map<std::string, double> sim;
  /// Hash of all of the above and of nothing else.
  Digest256 content{};

  const ParticipantSpec* participant(const std::string& wanted) const {
    for (const auto& p : participants)
      if (p.id == wanted)
        return &p;
    return nullptr;
  }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ParticipantSpec& x) {
  return f(x.id, x.name, x.model, x.control, x.system_prompt, x.role,
           x.description, x.goals, x.constraints, x.expertise, x.decision_style,
           x.communication_style, x.personality_traits, x.private_information,
           x.sim);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, MetricSpec& x) {
  return f(x.name, x.description, x.unit, x.type, x.extraction, x.patterns,
           x.keywords, x.scoring, x.prompt, x.model, x.categories, x.range,
           x.warning_threshold, x.critical_threshold, x.per_participant,
           x.participant, x.reads_actions);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ParameterSpec& x) {
  return f(x.name, x.help, x.value, x.words, x.number);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ScenarioSpec& x) {
  return f(x.id, x.name, x.description, x.system_prompt, x.initial_world_state,
           x.turn_duration, x.turns, x.context_window_size, x.world_state_model,
           x.participants, x.metrics, x.parameters, x.phases, x.v1_prompts,
           x.output_caps, x.temperature, x.sim, x.content);
}

} // namespace lab
