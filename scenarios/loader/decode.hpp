#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/yaml_reader.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "scenarios/loader/keys.hpp"
#include "scenarios/loader/parameters.hpp"
#include "scenarios/loader/scenario_source.hpp"
#include "scenarios/loader/scenario_tree.hpp"

namespace lab::scenarios {

/// What every decoder needs: the tree to read, and where to report.
struct Decoding {
  const ScenarioFiles& files;
  const ScenarioTree& tree;
  Parameters& parameters;
  const PatternCheck& check_pattern;
  Findings& findings;
  /// See `is_first_version`.
  bool first_version = false;
};

/// Parts that a scenario's `features` may switch off.
struct Features {
  bool events = true;
  bool metrics = true;
  bool checks = true;
};

// Each of these reads one part of a scenario into its spec, in this order: the
// later ones need what the earlier ones found.

/// The keys of scenario.yaml that need no other file.
ScenarioSpec decode_scenario(const Decoding& decoding, Features& features);

/// In the order of the `actors` list; those whose file is missing left out.
std::vector<ParticipantSpec> decode_participants(const Decoding& decoding);

/// Who plays whom, who writes the world.
void decode_models(const Decoding& decoding, ScenarioSpec& spec);

std::vector<MetricSpec> decode_metrics(const Decoding& decoding,
                                       const ScenarioSpec& spec);

std::vector<EventSpec> decode_events(const Decoding& decoding,
                                     const ScenarioSpec& spec);

/// Leaves out events that wait for a metric which is switched off.
void drop_unmeasured(const Decoding& decoding, ScenarioSpec& spec);

/// One item of one of `event_lists()`. More than one event when a trend has
/// several effects.
std::vector<EventSpec> decode_event(const Decoding& decoding,
                                    const ScenarioSpec& spec,
                                    std::string_view list,
                                    const yaml::Node& item,
                                    const std::string& name);

/// The `conditions` of one event.
std::vector<EventCondition> decode_conditions(const Decoding& decoding,
                                              const ScenarioSpec& spec,
                                              yaml::MapReader& event);

std::optional<ValidationSpec> decode_validation(const Decoding& decoding,
                                                const ScenarioSpec& spec);

/// Checks the condition that ends the scenario against its metrics.
void check_end(const Decoding& decoding, ScenarioSpec& spec);

/// The default phases when the scenario names none, and the pauses at them.
void decode_phases(const Decoding& decoding, ScenarioSpec& spec);

// --- Parts of scenario.yaml. -------------------------------------------------

/// How many turns, and the condition that may end the scenario before.
void decode_length(const Decoding& decoding, yaml::MapReader& scenario,
                   ScenarioSpec& spec);

/// Talks, coalitions, summaries, and what `features` says of them.
Features decode_features(const Decoding& decoding, yaml::MapReader& scenario,
                         ScenarioSpec& spec);

/// The texts of `background/` that the scenario asks for.
std::vector<BackgroundText> decode_background(const Decoding& decoding,
                                              yaml::MapReader& scenario);

// --- Shared by the decoders. -----------------------------------------------

/// The `sim` block: dials from 0 to 1, as numbers or following a parameter.
std::map<std::string, double> decode_dials(const Decoding& decoding,
                                           yaml::MapReader& reader);

/// A list of texts; a single text is taken line by line, list dashes off.
std::vector<std::string> lines_of(yaml::MapReader& reader,
                                  std::string_view key);

/// A whole number that old files may also write as "3" or 3.0.
std::optional<std::int64_t> whole_number(yaml::MapReader& reader,
                                         std::string_view key,
                                         yaml::IntRange range);

/// A text that must not be blank.
std::string filled_text(yaml::MapReader& reader, std::string_view key);

/// Checks the form `provider/model`; reports and gives "" when it is another.
std::string model_id(yaml::MapReader& reader, std::string_view key);

/// Declares all keys of a format and warns of those that have no effect.
void allow_keys(yaml::MapReader& reader, const std::vector<Key>& keys);

/// As `MapReader::required`, and says what to add when the key is missing.
const yaml::Node* needed(yaml::MapReader& reader, std::string_view key,
                         const std::string& help);

/// Warns that two spellings of one setting differ, and which one counts.
void warn_of_rival(yaml::MapReader& reader, std::string_view winner,
                   std::string_view rival);

/// Warns that a key does nothing beside what else the scenario says.
Diagnostic& warn_of_no_effect(yaml::MapReader& reader, std::string_view key,
                              const std::string& why);

/// Two whole numbers from 1 on, the first no larger: `[2, 5]`.
std::optional<std::pair<std::int32_t, std::int32_t>>
turn_range(yaml::MapReader& reader, std::string_view key);

/// A finding at a text, at the first of its lines that holds `words`.
Diagnostic at_words(const yaml::Document& document, const yaml::Node& node,
                    const std::string& words, std::string code,
                    std::string message);

/// Adds "did you mean" and the list of what there is.
void offer_names(Diagnostic& finding, const std::string& wanted,
                 const std::vector<std::string>& known,
                 const std::string& plural);

/// Whether a model id leads to a paid service.
bool is_hosted(const std::string& model);

/// Warns of a hosted model in a scenario that otherwise is played by
/// simulated or local ones: it would cost money that nobody thinks of.
void warn_if_alone(yaml::MapReader& reader, std::string_view key,
                   const std::string& model, const ScenarioSpec& spec);

/// Turns beyond this are no scenario but a slip.
constexpr std::int64_t turns_max = 100'000;

} // namespace lab::scenarios
