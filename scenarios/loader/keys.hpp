#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::scenarios {

/// What a key of the format does here. The two Python versions accepted any
/// key; we accept all of theirs and say which ones do nothing.
enum class Effect {
  full,  // read and used
  quiet, // for people: author, tags
  none,  // accepted for old files; a warning says so
};

struct Key {
  std::string_view name;
  Effect effect = Effect::full;
};

const std::vector<Key>& scenario_keys();
const std::vector<Key>& actor_keys();
/// Of one metric, in all five shapes together.
const std::vector<Key>& metric_keys();
/// Of one event, in both shapes that are played.
const std::vector<Key>& event_keys();
/// Of `validation-rules.yaml`.
const std::vector<Key>& validation_keys();

std::vector<std::string> names_of(const std::vector<Key>& keys);

/// Other spellings of the same setting. An assignment to one removes the rest,
/// so that the last word is always the override's.
const std::vector<std::string_view>& aliases_of(std::string_view key);

/// A key of scenario.yaml and the place below `features` that sets the same.
struct FeatureAlias {
  std::string_view key;
  std::string_view feature;
  std::string_view part;
};

const std::vector<FeatureAlias>& feature_aliases();

} // namespace lab::scenarios
