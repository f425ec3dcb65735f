#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/yaml.hpp"

namespace lab::scenarios {

/// The documents of one scenario as read. Never changed; variants copy the
/// roots alone.
struct ScenarioFiles {
  std::string folder; // as the user named it
  std::string id;
  yaml::Document scenario;
  /// Id -> file, for every entry of the `actors` list that could be read.
  std::map<std::string, yaml::Document> actors;
  std::optional<yaml::Document> metrics;
  /// False while some file could not be read: findings about what other files
  /// say of it would only repeat that.
  bool complete = true;
};

/// What a variant changes: the roots of `ScenarioFiles`, with the overlay and
/// the words of parameters put in. Places still are those of the files, or of
/// the manifest for what an assignment put there.
struct ScenarioTree {
  yaml::Node scenario;
  std::map<std::string, yaml::Node> actors;
  yaml::Node metrics;

  explicit ScenarioTree(const ScenarioFiles& files)
    : scenario(files.scenario.root) {
    for (const auto& [id, document] : files.actors)
      actors.emplace(id, document.root);
    if (files.metrics)
      metrics = files.metrics->root;
  }
};

/// The ids of the `actors` list, in its order; items of another kind left out.
std::vector<std::string> listed_actors(const yaml::Node& scenario);

} // namespace lab::scenarios
