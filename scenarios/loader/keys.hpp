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
  later, // a part of the format that this version does not play
};

struct Key {
  std::string_view name;
  Effect effect = Effect::full;
};

const std::vector<Key>& scenario_keys();
const std::vector<Key>& actor_keys();
/// Of one metric, in all five shapes together.
const std::vector<Key>& metric_keys();

std::vector<std::string> names_of(const std::vector<Key>& keys);

/// Other spellings of the same setting. An assignment to one removes the rest,
/// so that the last word is always the override's.
const std::vector<std::string_view>& aliases_of(std::string_view key);

} // namespace lab::scenarios
