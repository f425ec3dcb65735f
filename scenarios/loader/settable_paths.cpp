#include "scenarios/loader/overlay.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::Node;

std::string kind_word(const Node& node) {
  switch (node.kind) {
  case Kind::null:
    return "nothing";
  case Kind::list:
    return "list";
  case Kind::map:
    return "map";
  case Kind::scalar:
    if (yaml::as_number(node))
      return "number";
    return yaml::as_bool(node) ? "yes or no" : "text";
  }
  return "text";
}

class PathLister {
public:
  explicit PathLister(const yaml::Document& document) : document_(document) {}

  void list(const Node& node, const std::string& path, bool with_parts = true) {
    SettablePath place;
    place.path = path;
    place.type = kind_word(node);
    place.file = document_.file;
    place.line = node.mark.line;
    switch (node.kind) {
    case Kind::null:
      break;
    case Kind::scalar:
      place.value = node.scalar;
      break;
    case Kind::list:
      place.value = std::to_string(node.items.size())
                    + (node.items.size() == 1 ? " item" : " items");
      break;
    case Kind::map:
      place.value = std::to_string(node.entries.size())
                    + (node.entries.size() == 1 ? " key" : " keys");
      break;
    }
    paths.push_back(std::move(place));
    if (!with_parts)
      return;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto* name = node.items[i].find("name");
      list(node.items[i], path + "."
                            + (name != nullptr && name->kind == Kind::scalar
                                 ? name->scalar
                                 : std::to_string(i)));
    }
    for (const auto& entry : node.entries)
      list(entry.value, path + "." + entry.key);
  }

  std::vector<SettablePath> paths;

private:
  const yaml::Document& document_;
};

void list_parameters(const Node& block, PathLister& lister) {
  for (const auto& entry : block.entries)
    if (const auto* value = entry.value.find("default"))
      lister.list(*value, "params." + entry.key);
}

} // namespace

std::vector<SettablePath> settable_paths(const ScenarioFiles& files) {
  PathLister scenario{files.scenario};
  for (const auto& entry : files.scenario.root.entries) {
    if (entry.key == "parameters")
      list_parameters(entry.value, scenario);
    else
      scenario.list(entry.value, entry.key, entry.key != "actors");
  }
  auto all = std::move(scenario.paths);
  const auto append = [&all](PathLister& lister) {
    all.insert(all.end(), lister.paths.begin(), lister.paths.end());
  };
  for (const auto& id : listed_actors(files.scenario.root)) {
    const auto found = files.actors.find(id);
    if (found == files.actors.end())
      continue;
    PathLister lister{found->second};
    for (const auto& entry : found->second.root.entries)
      lister.list(entry.value, "actors." + id + "." + entry.key);
    append(lister);
  }
  if (files.metrics) {
    PathLister lister{*files.metrics};
    auto root = files.metrics->root;
    for (const auto& name : metric_names(root))
      if (const auto* metric = find_metric(root, name))
        for (const auto& entry : metric->entries)
          lister.list(entry.value, "metrics." + name + "." + entry.key);
    append(lister);
  }
  if (files.events) {
    PathLister lister{*files.events};
    auto root = files.events->root;
    for (const auto& name : event_names(root))
      if (const auto* event = find_event(root, name))
        for (const auto& entry : event->entries)
          lister.list(entry.value, "events." + name + "." + entry.key);
    append(lister);
  }
  if (files.validation) {
    PathLister lister{*files.validation};
    for (const auto& entry : files.validation->root.entries)
      lister.list(entry.value, "validation." + entry.key);
    append(lister);
  }
  return all;
}

} // namespace lab::scenarios
