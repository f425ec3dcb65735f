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

/// What happens when a person has not answered by the deadline.
enum class OnTimeout : std::uint8_t {
  wait, // the question stays open
  ai,   // the participant's model answers in the person's place
  skip, // the participant does nothing this time
};

/// Who decides in a scenario. Texts are final: parameters are already words.
struct ParticipantSpec {
  std::string id;   // short name: file names, keys, coordinates
  std::string name; // display name
  std::string model;
  Control control = Control::ai;
  /// For people: seconds from the question to the deadline; 0: none.
  std::int64_t deadline_s = 0;
  OnTimeout on_timeout = OnTimeout::wait;
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
  std::vector<std::string> preferred_coalitions; // ids or display names
  std::string private_information;
  std::string response_format; // how its answers shall look, in words
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

enum class EventType : std::uint8_t { trend, scheduled, random, conditional };
enum class Comparison : std::uint8_t {
  less,
  at_most,
  equal,
  unequal,
  at_least,
  more,
};

/// One condition of an event: of a metric's latest number, or of the words of
/// the world. A metric without a number yet fulfils nothing.
struct EventCondition {
  std::string metric;
  Comparison comparison = Comparison::equal;
  double value = 0;
  std::vector<std::string> patterns; // PCRE2; all must be found in the world
};

/// Something that happens to the world from outside.
struct EventSpec {
  std::string name; // unique: draws and the memory of what fired go by it
  std::string description;
  EventType type = EventType::scheduled;
  std::int32_t first_turn = 1;
  std::int32_t last_turn = 0;      // 0: no end
  std::int32_t every = 1;          // trend: turns from one to the next
  std::vector<std::int32_t> turns; // scheduled
  double probability = 1;          // random; of a trend, each time it is due
  std::vector<EventCondition> conditions; // conditional: all must hold
  bool once = true;                       // trends repeat whatever this says
};

enum class CheckKind : std::uint8_t {
  decision_consistency, // does a move fit who made it?
  world_coherence,      // does the new world follow?
  information_access,   // does a move show only what its maker may know?
};
enum class IssueSeverity : std::uint8_t { low, medium, high };
enum class IssueAction : std::uint8_t { log, warn, halt };

struct CheckSpec {
  CheckKind kind = CheckKind::world_coherence;
  IssueSeverity severity = IssueSeverity::medium; // when a verdict names none
  std::string description;                        // what to look at, in words
  std::string prompt_template; // with {placeholders}; empty: our own wording
};

/// What a model checks after each turn.
struct ValidationSpec {
  std::string model;
  std::vector<CheckSpec> checks; // those that are on
  bool every_turn = true;        // else at the end alone
  bool turn_reports = true;
  bool summary_report = true;
  bool halt_on_critical = false;       // a failed check of severity high
  std::int32_t issues_before_halt = 0; // failed checks in a run; 0: no halt
  std::string rules;                   // of this scenario, in words
  std::map<std::string, IssueAction> actions; // by severity: low, medium, high
};

/// A place where a run stops until it is resumed.
struct PauseSpec {
  std::string phase;
  bool before = true;
  std::int32_t turn = 0; // 0: every turn
};

/// A text of the `background` folder that every participant is given.
struct BackgroundText {
  std::string name; // of the file
  std::string text;
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
  /// Turns to play; with `end_condition` the most there can be.
  std::int32_t turns = 0;
  /// Ends the run after the turn in which it holds: an expression over metric
  /// names and `turns` (docs/formats/scenario.md). Empty: never.
  std::string end_condition;
  std::int32_t context_window_size = 3; // turns
  /// Turns before the window are told as a summary by `summary_model`, or left
  /// out.
  bool summaries = true;
  std::string summary_model; // empty: the world's model
  std::vector<BackgroundText> background;
  /// Private talks that each participant may open in a turn; 0: none.
  std::int32_t talks_per_turn = 0;
  bool coalitions = false;
  std::string world_state_model;
  std::vector<ParticipantSpec> participants; // in scenario order
  std::vector<MetricSpec> metrics;
  std::vector<EventSpec> events;
  std::optional<ValidationSpec> validation;
  std::vector<ParameterSpec> parameters;
  /// Phases of a turn in order; names known to the phase factory.
  std::vector<std::string> phases;
  std::vector<PauseSpec> pauses;
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
  return f(x.id, x.name, x.model, x.control, x.deadline_s, x.on_timeout,
           x.system_prompt, x.role, x.description, x.goals, x.constraints,
           x.expertise, x.decision_style, x.communication_style,
           x.personality_traits, x.preferred_coalitions, x.private_information,
           x.response_format, x.sim);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, MetricSpec& x) {
  return f(x.name, x.description, x.unit, x.type, x.extraction, x.patterns,
           x.keywords, x.scoring, x.prompt, x.model, x.categories, x.range,
           x.warning_threshold, x.critical_threshold, x.per_participant,
           x.participant, x.reads_actions);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EventCondition& x) {
  return f(x.metric, x.comparison, x.value, x.patterns);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EventSpec& x) {
  return f(x.name, x.description, x.type, x.first_turn, x.last_turn, x.every,
           x.turns, x.probability, x.conditions, x.once);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CheckSpec& x) {
  return f(x.kind, x.severity, x.description, x.prompt_template);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ValidationSpec& x) {
  return f(x.model, x.checks, x.every_turn, x.turn_reports, x.summary_report,
           x.halt_on_critical, x.issues_before_halt, x.rules, x.actions);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PauseSpec& x) {
  return f(x.phase, x.before, x.turn);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BackgroundText& x) {
  return f(x.name, x.text);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ParameterSpec& x) {
  return f(x.name, x.help, x.value, x.words, x.number);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ScenarioSpec& x) {
  return f(x.id, x.name, x.description, x.system_prompt, x.initial_world_state,
           x.turn_duration, x.turns, x.end_condition, x.context_window_size,
           x.summaries, x.summary_model, x.background, x.talks_per_turn,
           x.coalitions, x.world_state_model, x.participants, x.metrics,
           x.events, x.validation, x.parameters, x.phases, x.pauses,
           x.v1_prompts, x.output_caps, x.temperature, x.sim, x.content);
}

} // namespace lab
