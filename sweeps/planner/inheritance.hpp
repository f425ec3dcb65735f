#pragma once

#include <optional>

#include "runtime/base/yaml.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Most files that one manifest can be made of.
inline constexpr int manifests_max = 8;

/// The document with what `extends` names put in: maps merge by key, lists and
/// texts replace, `null` removes. Three things are not mixed: `design` is taken
/// whole but for its `seed`, the kind of a factor's values goes with all that
/// belongs to it, and the `name` is everybody's own. The files' lines stand
/// behind each other, so that every finding shows the text where it stands.
///
/// Nothing, and findings (S422), when a file cannot be taken over.
std::optional<yaml::Document> with_parents(yaml::Document document,
                                           Findings& findings);

} // namespace lab::sweeps
