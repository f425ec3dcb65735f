#pragma once

#include <map>
#include <string>
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
};

/// The scenario's own keys; participants and metrics stay empty.
ScenarioSpec decode_scenario(const Decoding& decoding);

/// In the order of the `actors` list; those whose file is missing left out.
std::vector<ParticipantSpec> decode_participants(const Decoding& decoding);

std::vector<MetricSpec>
decode_metrics(const Decoding& decoding,
               const std::vector<ParticipantSpec>& participants);

/// Checks that span files: who plays whom, who writes the world.
void decode_models(const Decoding& decoding, ScenarioSpec& spec);

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

/// Warns that two spellings of one setting differ, and which one counts.
void warn_of_rival(yaml::MapReader& reader, std::string_view winner,
                   std::string_view rival);

} // namespace lab::scenarios
