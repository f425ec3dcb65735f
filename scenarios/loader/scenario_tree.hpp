#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/yaml.hpp"
#include "scenarios/loader/scenario_folder.hpp"

namespace lab::scenarios {

/// The documents of one scenario as read. Never changed; variants copy the
/// roots alone.
struct ScenarioFiles {
  std::string folder; // as the user named it
  /// The folder that holds scenario.yaml: `folder`, or `definition` in it.
  std::string base;
  std::string id;
  yaml::Document scenario;
  /// Id -> file, for every entry of the `actors` list that could be read.
  std::map<std::string, yaml::Document> actors;
  std::optional<yaml::Document> metrics;
  std::optional<yaml::Document> events;
  std::optional<yaml::Document> validation;
  /// What lies in `background/`, by name: read, since an override may ask for
  /// it, or refused with the reason.
  std::map<std::string, FileText> background;
  /// `base`, to see whether a file that a scenario names is there.
  std::shared_ptr<const ScenarioFolder> root;
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
  yaml::Node events;
  yaml::Node validation;

  explicit ScenarioTree(const ScenarioFiles& files)
    : scenario(files.scenario.root) {
    for (const auto& [id, document] : files.actors)
      actors.emplace(id, document.root);
    if (files.metrics)
      metrics = files.metrics->root;
    if (files.events)
      events = files.events->root;
    if (files.validation)
      validation = files.validation->root;
  }
};

/// The ids of the `actors` list, in its order; items of another kind left out.
std::vector<std::string> listed_actors(const yaml::Node& scenario);

/// The metric of this name in a file of any shape.
yaml::Node* find_metric(yaml::Node& metrics, std::string_view name);
/// The names of all metrics, in file order.
std::vector<std::string> metric_names(const yaml::Node& metrics);

/// The lists of an events file, in the order in which they are read: the first
/// holds events of any type, the others those of one.
const std::vector<std::string_view>& event_lists();
/// The first event of this name, in whichever list.
yaml::Node* find_event(yaml::Node& events, std::string_view name);
/// The names of all events, list by list.
std::vector<std::string> event_names(const yaml::Node& events);

/// Whether the first version could have played this scenario, and nothing in
/// it speaks of a later one: what the files leave open is then as it was there.
/// Judged by the file, whatever overrides put in.
bool is_first_version(const yaml::Node& scenario);

} // namespace lab::scenarios
